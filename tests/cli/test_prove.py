"""`aclc prove`: what a user sees of promises that hold, are broken, or cannot be decided."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import aclc
from tests.goldens import Golden
from tests.reports.schemas import schema

POLICY = """{
  "groups": {"group:eng": ["ann@x.com"], "group:out": ["kim@y.com"]},
  "tagOwners": {"tag:web": [], "tag:db": []},
  "grants": [
    {"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:22", "tcp:443"]},
    {"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
  ],
  "ssh": [{"action": "accept", "src": ["group:eng"], "dst": ["tag:web"], "users": ["root"]}],
}
"""
PROMISES = """assume tag:web and tag:db apart
assert group:out never reach tag:db transitively
assert group:eng never reach tag:db transitively
assert group:eng reach at most 5 nodes
assert no new access against old.hujson
assert equivalent to gone.hujson
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a policy, its promises, and an older policy."""
    (tmp_path / "policy.hujson").write_text(POLICY, encoding="utf-8")
    (tmp_path / "properties.aclc").write_text(PROMISES, encoding="utf-8")
    (tmp_path / "old.hujson").write_text(POLICY.replace('"tcp:443"', '"tcp:80"'), encoding="utf-8")
    return tmp_path


def test_each_promise_is_told_of_and_each_broken_one_shown(folder: Path, golden: Golden) -> None:
    done = aclc("prove", "policy.hujson", folder=folder)

    assert 1 == done.returncode, done.stderr
    golden("cli/prove.txt", done.stdout.decode())


def test_the_document_fits_its_schema(folder: Path) -> None:
    done = aclc("prove", "policy.hujson", "--format", "json", folder=folder)
    document = json.loads(done.stdout)

    assert [] == list(schema("prove.schema.json").iter_errors(document))
    assert ["holds", "broken", "undecided", "broken", "unreadable"] == [each["state"] for each in document["promises"]]
    broken = document["promises"][1]["witness"]
    assert (6, 5432, "node with tag:web", "node with tag:db") == (
        broken["protocol"],
        broken["port"],
        broken["source"],
        broken["target"],
    )
    assert ["device of ann@x.com over SSH to node with tag:web"] == broken["way"]
    assert [10, 6] == [each["span"]["start"]["line"] for each in broken["lines"]] or [8, 6] == [
        each["span"]["start"]["line"] for each in broken["lines"]
    ]


def test_check_finds_the_same(folder: Path) -> None:
    done = aclc("check", "policy.hujson", "-o", "concise", folder=folder)

    assert {"PRP001", "PRP003", "PRP011", "PRP014"} == {
        word for line in done.stdout.decode().splitlines() for word in line.split() if word.startswith("PRP")
    }


def test_promises_that_all_hold_are_counted(folder: Path) -> None:
    (folder / "properties.aclc").write_text("assert out never reach tag web on tcp 22\n", encoding="utf-8")
    done = aclc("prove", "policy.hujson", folder=folder)

    assert (0, b"") == (done.returncode, done.stderr)
    assert "The promise holds in every tailnet that fits the policy." == done.stdout.decode().splitlines()[-1]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_revision_is_compared_with(folder: Path) -> None:
    for command in (
        ["init", "-q"],
        ["add", "policy.hujson"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    (folder / "properties.aclc").write_text("assert no new access against git:HEAD\n", encoding="utf-8")
    same = aclc("prove", "policy.hujson", folder=folder)
    (folder / "policy.hujson").write_text(POLICY.replace('"tcp:5432"', '"tcp:5432", "tcp:22"'), encoding="utf-8")
    more = aclc("prove", "policy.hujson", folder=folder)

    assert (0, 1) == (same.returncode, more.returncode)
    assert b"not so under `git:HEAD`: `node with tag:web` reaches `node with tag:db` on tcp 22" in more.stdout


@pytest.mark.parametrize(
    ("text", "column"),
    [("assert\n", 1), ("assert \x00 never reach tag:web\n", 8), ("assert group:nobody never reach tag:web\n", 8)],
)
def test_promises_that_cannot_be_read_are_located(folder: Path, text: str, column: int) -> None:
    (folder / "properties.aclc").write_text(text, encoding="utf-8")
    done = aclc("prove", "policy.hujson", folder=folder)

    assert 1 == done.returncode
    assert f"properties.aclc:1:{column}".encode() in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_broken_promise_is_no_error_of_the_policy(tmp_path: Path) -> None:
    text = "group eng = ann@x.com\ntag web owned by eng\nallow eng -> tag web on any\nassert eng never reach tag web\n"
    (tmp_path / "policy.aclc").write_text(text, encoding="utf-8")
    done = aclc("prove", "policy.aclc", folder=tmp_path)

    assert (1, b"") == (done.returncode, done.stderr)
    assert b"`device of ann@x.com` reaches `node with tag:web` on any tcp port" in done.stdout


def test_nothing_is_proven_of_a_policy_with_errors(folder: Path) -> None:
    (folder / "properties.aclc").write_text("assert group:out never reach tag:web\n", encoding="utf-8")
    sound = aclc("prove", "policy.hujson", folder=folder)
    (folder / "policy.hujson").write_text(POLICY.replace('["group:eng"], "dst"', '["group:eng", "nowhere"], "dst"', 1))
    broken = aclc("prove", "policy.hujson", folder=folder)

    assert (0, 1) == (sound.returncode, broken.returncode)
    assert (
        b"cannot be decided: policy.hujson has 1 error, and what is wrong may open more or less than it does here"
        in broken.stdout
    )


def test_without_promises_a_line_is_shown_that_could_be_one(folder: Path) -> None:
    (folder / "properties.aclc").unlink()
    missing = aclc("prove", "policy.hujson", folder=folder)
    (folder / "properties.aclc").write_text("# none yet\n", encoding="utf-8")
    empty = aclc("prove", "policy.hujson", folder=folder)

    assert (2, 0) == (missing.returncode, empty.returncode)
    assert b"one a line, like `assert group:eng never reach tag:web`" in missing.stderr
    assert b"Nothing is promised. A promise is a line like `assert " in empty.stdout


def test_all_that_is_wrong_with_promises_is_said_at_once(folder: Path) -> None:
    text = "assert group:eng never reach tag:wob\nassert group:eng nver reach tag:db\n"
    (folder / "properties.aclc").write_text(text, encoding="utf-8")
    done = aclc("prove", "policy.hujson", folder=folder)

    assert 1 == done.returncode
    assert done.stderr.index(b"properties.aclc:1:30: error PRP013") < done.stderr.index(
        b"properties.aclc:2:18: error PRP010"
    )
