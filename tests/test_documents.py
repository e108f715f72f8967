"""Pages that show what aclc prints show what it really prints. `pytest --update-goldens` writes the output anew."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.corpus import REPOSITORY
from tests.reports.schemas import WHY
from tests.test_readme import FILE

PAGES = ("docs/misconceptions.md", "docs/reachability.md")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ aclc (.*)\n", re.MULTILINE)


def session(block: str, folder: Path) -> str:
    """Give a block of commands with what each prints, on both streams."""
    shown = []
    for arguments in COMMAND.findall(block):
        done = run(*shlex.split(arguments), folder=folder, NO_COLOR="1", COLUMNS="100")
        shown.append(f"$ aclc {arguments}\n{done.err}{done.out}")
    return "\n".join(shown)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_aclc_prints(page: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = REPOSITORY / page
    text = path.read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "policies").symlink_to(REPOSITORY / "policies")
    blocks = BLOCK.findall(text)
    printed = [session(block, tmp_path) for block in blocks]
    assert blocks
    if request.config.getoption("--update-goldens"):
        outputs = iter(printed)
        path.write_text(BLOCK.sub(lambda _: f"```console\n{next(outputs)}```", text), encoding="utf-8")
    else:
        assert blocks == printed


def test_every_remark_of_why_is_on_the_page_of_misconceptions(tmp_path: Path) -> None:
    """Whatever `aclc why` may note, some answer on the page notes."""
    text = (REPOSITORY / "docs" / "misconceptions.md").read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        (tmp_path / name).write_text(content, encoding="utf-8")
    shown: set[str] = set()
    for arguments in COMMAND.findall(text):
        done = run(*shlex.split(arguments), "--format", "json", folder=tmp_path)
        document = json.loads(done.out)
        WHY.validate(document)
        shown |= {each["key"] for each in document["remarks"]}
    source = (REPOSITORY / "aclc" / "reach" / "questions" / "misconceptions.py").read_text(encoding="utf-8")
    assert set(re.findall(r'Remark\(\s*"([a-z0-9-]+)"', source)) == shown
