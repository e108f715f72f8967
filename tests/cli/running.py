"""aclc as a user runs it: a process, its output and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from aclc.cli import root
from tests.corpus import REPOSITORY

UNSET = ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHONIOENCODING", "ACLC_DEBUG")


def surroundings(**more: str) -> dict[str, str]:
    """Give an environment in which aclc can be run, the same for everybody."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", **more}


def aclc(*arguments: str, folder: Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run aclc in a folder and give what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "aclc", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env=surroundings(**environment),
        timeout=60,
        check=False,
    )


def piped(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a shell command in a folder; `aclc` is the one under test, and a pipe fails where any part of it does."""
    script = f'set -o pipefail; aclc() {{ "{sys.executable}" -m aclc "$@"; }}; {command}'
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, env=surroundings(), timeout=60, check=False
    )


class Ended(NamedTuple):
    """How a command ended that ran in this process."""

    code: int
    out: str
    err: str


def run(*arguments: str, folder: Path, stdin: bytes = b"", **environment: str) -> Ended:
    """Run aclc in this process, which is faster; what only a process of its own shows needs `aclc`."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        plain = dict.fromkeys(UNSET)
        done = CliRunner().invoke(root, arguments, input=stdin, env={**plain, **environment}, prog_name="aclc")
    finally:
        os.chdir(before)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ended(done.exit_code, done.stdout, done.stderr)
