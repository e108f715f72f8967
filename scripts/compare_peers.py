"""What aclc and other tools say of the same policies: the source of docs/comparison.md.

    python -m scripts.compare_peers > docs/comparison.md     (or: make peers)

Runs every tool of `PEERS` that is on PATH, as a program, and says of the others that they were not run. Asks no
service.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from aclc import __version__
from scripts.peers.cases import CASES, Case
from scripts.peers.page import page

ACLC = ("-m", "aclc", "check", "--isolated", "-o", "concise", "--color", "never")


class Peer(NamedTuple):
    """A tool. `command`: `FILE` and `FOLDER` are put in; `version`: arguments that print it, or the version."""

    name: str
    command: tuple[str, ...]
    version: tuple[str, ...] | str
    package: str


PEERS = (
    Peer("aclc", (sys.executable, *ACLC, "FILE"), __version__, "this repository"),
    Peer("jsonvet", ("jsonvet", "--dialect", "hujson", "FILE"), ("--version",), "PyPI"),
    Peer(
        "topology mapper",
        ("tailscale-mapper", "--policy-file", "FILE", "--output", "FOLDER/map.html"),
        ("pip", "tailscale-network-topology-mapper"),
        "PyPI: tailscale-network-topology-mapper",
    ),
)


class Answer(NamedTuple):
    """What a tool said of a policy: exit code and text, paths of this machine left out."""

    code: int
    text: str

    def verdict(self, case: Case) -> str:
        """Give it in a word or two, for the table."""
        if not case.culprit:
            return "silent" if self.code == 0 and not self.complains else f"false alarm (exit {self.code})"
        named = re.search(case.culprit, self.text) is not None and self.complains
        if named and re.search(rf"(?:[:( ]|line ){case.line}\b", self.text):
            return f"**found**, at its line (exit {self.code})"
        if named:
            return f"found, without its line (exit {self.code})"
        return "not found" if self.code == 0 else f"refused for another reason (exit {self.code})"

    @property
    def complains(self) -> bool:
        """Whether it says more than that all went well."""
        return self.code != 0 or re.search(r"error|warning|info [A-Z]{3}", self.text, re.IGNORECASE) is not None


def ask(peer: Peer, case: Case, folder: Path) -> Answer:
    """Run a tool on a policy."""
    file = folder / f"{case.name}.hujson"
    file.write_text(case.text, encoding="utf-8")
    words = [word.replace("FILE", str(file)).replace("FOLDER", str(folder)) for word in peer.command]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return Answer(done.returncode, _plain(done.stdout + done.stderr, folder))


def answers_of(peer: Peer, folder: Path) -> dict[str, Answer]:
    """Give what a tool says of every policy."""
    return {case.name: ask(peer, case, folder) for case in CASES}


def version_of(peer: Peer) -> str:
    """Give the version of a tool as it tells it, or as it was installed."""
    if isinstance(peer.version, str):
        return peer.version
    if peer.version[0] == "pip":
        program = Path(shutil.which(peer.command[0]) or "").resolve().parent / "pip"
        words = [str(program), "show", peer.version[1]]
    else:
        words = [peer.command[0], *peer.version]
    text = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False).stdout
    found = re.search(r"v?\d+\.\d+[.\d]*", text)
    return found[0] if found else "unknown"


def _plain(text: str, folder: Path) -> str:
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).replace(f"{folder}/", "")
    return re.sub(r"\b\d{4}-\d\d-\d\dT[\d:.+Z-]+ ", "", text).strip()


def main() -> int:
    """Compare, and write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        run: dict[str, Mapping[str, Answer]] = {}
        versions: dict[str, str] = {}
        for peer in PEERS:
            if shutil.which(peer.command[0]) is None:
                sys.stderr.write(f"not run, since it is not on PATH: {peer.name}\n")
                continue
            run[peer.name] = answers_of(peer, folder)
            versions[peer.name] = version_of(peer)
    sys.stdout.write(page(rows(run), versions, {peer.name: peer.package for peer in PEERS}, _today(), formatting()))
    return 0


def formatting() -> str:
    """Give what the comparison with the reference formatter says."""
    words = [sys.executable, "-m", "tests.reference.compare_format", "--texts", "5000", "--seed", "1"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    said = done.stdout.strip().splitlines()[-1]
    return f"On {_today()}: {said}."


def rows(run: Mapping[str, Mapping[str, Answer]]) -> Sequence[tuple[Case, Mapping[str, tuple[str, str]]]]:
    """Give case → tool → verdict and first lines of what it said."""
    return [
        (case, {name: (answers[case.name].verdict(case), answers[case.name].text) for name, answers in run.items()})
        for case in CASES
    ]


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


if __name__ == "__main__":
    sys.exit(main())
