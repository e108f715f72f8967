"""Run the hooks of `.pre-commit-hooks.yaml` as pre-commit runs them for other people: `make hooks`.

    python -m tests.integrations.try_hooks

pre-commit clones this repository (what is committed) and installs it into an environment of its own, so this needs
pip's package index and takes a minute. Where the environment cannot be set up it says so, and ends with exit code 0.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.corpus import REPOSITORY
from tests.integrations.scratch import commit, git

GOOD = """{
	"groups": {"group:eng": ["a@example.com"]},
	"acls":   [{"action": "accept", "src": ["group:eng"], "dst": ["10.0.0.1:22"]}],
}
"""
BROKEN = GOOD.replace('["group:eng"]', '["group:emg"]')
MESSY = GOOD.replace('"acls"', '  "acls"')
OLD = GOOD.replace('"src"', '"users"').replace('"dst"', '"ports"')

CASES = (
    ("aclc-check", BROKEN, 1, BROKEN),
    ("aclc-fmt", MESSY, 1, GOOD),
    ("aclc-fix", OLD, 1, GOOD),
)
"""Hook, the policy that is committed, how it exits, the policy afterwards."""


def main() -> int:
    """Try all hooks on a good policy, then each on one that it is there for, and tell."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "repository"
        folder.mkdir()
        policy = folder / "tailscale-policy.hujson"
        policy.write_text(GOOD)
        (folder / "package.json").write_text("{")  # no policy by its name, so no hook may look at it
        commit(folder)
        home = str(Path(name) / "cache")
        told = [outcome("try-repo", 0, GOOD, policy, home, "try-repo", str(REPOSITORY), "--all-files", "--verbose")]
        if "WRONG" in told[0] and "nexpected error" in told[0]:
            sys.stdout.write(f"skipped: pre-commit cannot set its environment up here\n{told[0]}")
            return 0
        (folder / ".pre-commit-config.yaml").write_text(configuration())
        for hook, text, code, after in CASES:
            policy.write_text(text)
            git(folder, "add", ".")
            told.append(outcome(hook, code, after, policy, home, "run", hook, "--all-files", "--verbose"))
    failed = sum(each.startswith("WRONG") for each in told)
    sys.stdout.write("".join(told) + f"{len(told) - failed} passed, {failed} failed\n")
    return 1 if failed else 0


def configuration() -> str:
    """Give the configuration of a project that uses every hook at the revision that is checked out here."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    hooks = "".join(f"      - id: {hook}\n" for hook, *_ in CASES)
    return f"repos:\n  - repo: {REPOSITORY}\n    rev: {head.stdout.strip()}\n    hooks:\n{hooks}"


def outcome(title: str, code: int, after: str, policy: Path, home: str, *arguments: str) -> str:
    """Run pre-commit and tell how it went."""
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=policy.parent,
        env={**os.environ, "PRE_COMMIT_HOME": home},
        capture_output=True,
        text=True,
        check=False,
    )
    if (done.returncode, policy.read_text()) == (code, after):
        return f"as it should: {title} exits {code}\n"
    return f"WRONG: {title} exits {done.returncode}\n{done.stdout}{done.stderr}{policy.read_text()}\n"


if __name__ == "__main__":
    sys.exit(main())
