"""`--at`: every command that reads a policy looks at it as it is on a day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run

POLICY = """\
group eng = ann@x.com
tag web owned by eng
tag db owned by eng
allow eng -> tag web on tcp 443
allow eng -> tag db on tcp 5432 until 2026-12-31
assert group:eng always reach tag:db on tcp 5432
"""
TAILNET = """{"schema_version": 1, "users": [{"login": "ann@x.com"}], "nodes": [
 {"name": "mac", "user": "ann@x.com", "addresses": ["100.64.0.1"]},
 {"name": "db", "tags": ["tag:db"], "addresses": ["100.64.0.2"]}]}
"""
ON_THE_LAST_DAY, AFTERWARDS = ("--at", "2026-12-31"), ("--at", "2027-01-01")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a policy of which a rule ends, and a tailnet."""
    (tmp_path / "net.aclc").write_text(POLICY)
    (tmp_path / "net.json").write_text(TAILNET)
    return tmp_path


QUESTIONS = {
    "why": ("why", "-p", "net.aclc", "ann@x.com", "tag:db:5432"),
    "reach": ("reach", "net.aclc", "--to", "tag:db"),
    "prove": ("prove", "net.aclc"),
    "graph": ("graph", "net.aclc", "--to", "tag:db"),
    "compile": ("compile", "net.aclc", "--tailnet", "net.json", "--node", "db", "-q"),
    "check": ("check", "net.aclc", "--fail-on", "never", "-o", "concise", "--select", "PRP"),
}


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_rule_holds_on_its_last_day_and_is_left_out_from_the_next(folder: Path, command: str) -> None:
    words = QUESTIONS[command]
    whole = run(*words, folder=folder)
    still = run(*words, *ON_THE_LAST_DAY, folder=folder)
    over = run(*words, *AFTERWARDS, folder=folder)

    if command != "check":  # today's warnings
        assert (whole.code, whole.out) == (still.code, still.out)
    assert still.out != over.out
    told = {"why": "refused", "prove": "broken", "check": "prp002"}.get(command, "")
    assert told in over.out.lower()
    assert "5432" in still.out or command in {"prove", "check"}


def test_a_preview_tells_what_ends_by_a_day(folder: Path) -> None:
    same = run("preview", "net.aclc", "net.aclc", *ON_THE_LAST_DAY, folder=folder)
    ends = run("preview", "net.aclc", "net.aclc", *AFTERWARDS, folder=folder)

    assert (0, True) == (same.code, "No change in access" in same.out)
    assert (1, True) == (ends.code, "1 principal loses" in ends.out)
    assert "newly broken" in ends.out


def test_edits_that_would_help_are_tried_on_that_day(folder: Path) -> None:
    asked = ("why", "-p", "net.aclc", "ann@x.com", "tag:db:5432", "--format", "json", *AFTERWARDS)

    document = json.loads(run(*asked, folder=folder).out)

    assert "no" == document["verdict"]


@pytest.mark.parametrize("command", [*QUESTIONS, "diff", "preview"])
@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", ""])
def test_what_is_no_day_is_wrong_use(folder: Path, command: str, text: str) -> None:
    words = QUESTIONS.get(command, (command, "net.aclc", "net.aclc"))

    done = run(*words, "--at", text, folder=folder)

    assert 2 == done.code
    assert f"'{text}' is no date; write it as 2026-12-31." in " ".join(done.err.split())
