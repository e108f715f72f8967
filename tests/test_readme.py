"""README.md shows what aclc really prints. `pytest --update-goldens` puts the present output into it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus import REPOSITORY

README = REPOSITORY / "README.md"
FILE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^```console\n\$ aclc (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

MENDED = (
    ("group:opps", "group:ops"),
    ("tcp:https", "tcp:443"),
    ('["tag:nas:8443"], "ip": ["*"]', '["tag:nas"], "ip": ["tcp:8443"]'),
)
"""What the text tells the reader to mend after the first check."""


def test_readme_shows_what_aclc_prints(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = README.read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        (tmp_path / name).write_text(content, encoding="utf-8")
    shown = SESSION.findall(text)
    printed = []
    for number, (arguments, _) in enumerate(shown):
        if number == 1:
            mend(tmp_path / "policy.hujson")
        printed.append((arguments, run(arguments.split(), tmp_path)))
    if request.config.getoption("--update-goldens"):
        outputs = iter(printed)
        README.write_text(
            SESSION.sub(lambda _: "```console\n$ aclc {}\n{}```".format(*next(outputs)), text), encoding="utf-8"
        )
    else:
        assert shown == printed


def mend(policy: Path) -> None:
    """Do to the example what the text tells the reader to do."""
    text = policy.read_text(encoding="utf-8")
    for wrong, right in MENDED:
        assert wrong in text
        text = text.replace(wrong, right)
    policy.write_text(text, encoding="utf-8")


def run(arguments: list[str], folder: Path) -> str:
    """Give what aclc prints for these arguments in a folder, on both streams."""
    done = subprocess.run(
        [sys.executable, "-m", "aclc", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "No module named" not in done.stdout
    return done.stdout
