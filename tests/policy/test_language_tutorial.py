"""The tutorial of docs/language.md: its files are written and its commands run, one after the other.

`pytest --update-goldens` puts what they print into the page.
"""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.corpus import REPOSITORY

PAGE = REPOSITORY / "docs" / "language.md"
TUTORIAL = re.compile(r"^## Tutorial\n.*?(?=^## By example$)", re.MULTILINE | re.DOTALL)
STEP = re.compile(
    r"^```aclc (?P<file>\S+?)(?P<more>, at its end)?\n(?P<text>.*?)^```$"
    r"|^```console\n\$ aclc (?P<words>.*?)\n(?P<out>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Reader:
    """Somebody who does what the tutorial says, step by step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def do(self, step: re.Match[str]) -> str:
        """Do a step; give what the page has to show for it."""
        if step["file"] is None:
            done = run(*shlex.split(step["words"]), folder=self.folder, COLUMNS="100")
            return f"```console\n$ aclc {step['words']}\n{done.out}{done.err}```"
        path = self.folder / step["file"]
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8") + "\n" if step["more"] else ""
        path.write_text(before + step["text"], encoding="utf-8")
        return step.group()


def test_the_tutorial_shows_what_aclc_says(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aclc.cli.check_command.today", lambda: date(2026, 7, 1))
    page = PAGE.read_text(encoding="utf-8")
    found = TUTORIAL.search(page)
    assert found is not None
    now = STEP.sub(Reader(tmp_path).do, found.group())
    if request.config.getoption("--update-goldens"):
        PAGE.write_text(page[: found.start()] + now + page[found.end() :], encoding="utf-8")
    else:
        assert found.group() == now


def test_the_tutorial_speaks_of_every_kind_of_line_that_it_promises() -> None:
    found = TUTORIAL.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    written = {step["text"] for step in STEP.finditer(found.group()) if step["file"]}

    words = {line.split(" ")[0] for text in written for line in text.splitlines() if line}
    assert {"group", "tag", "host", "service", "allow", "ssh", "test", "sshtest", "assert", "assume", "module"} <= words
    assert all(
        any(word in text for text in written) for word in (" except ", " until ", " owner ", " because ", " owns ")
    )
