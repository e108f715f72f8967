"""`aclc check --fix`, `--unsafe-fixes` and `--diff` as a user runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run

POLICY = """{
	// keep me
	"TagOwners": {"tag:web": ["autogroup:admin"],},   /* odd   layout */
	"acls": [
		{"action": "accept", "src": "autogroup:member", "dst": ["tag:web:443"]},
		{"action": "accept", "src": ["autogroup:admin"], "dst": ["tag:web"]},
	],
}
"""
SAFE = POLICY.replace("TagOwners", "tagOwners").replace('"autogroup:member", "dst"', '["autogroup:member"], "dst"')
UNSAFE = SAFE.replace('["tag:web"]}', '["tag:web:*"]}')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a policy that has safe and unsafe repairs."""
    (tmp_path / "policy.hujson").write_text(POLICY, newline="")
    return tmp_path


def test_fix_writes_safe_repairs_and_tells_what_is_left(folder: Path) -> None:
    done = run("check", "--fix", "-o", "concise", folder=folder)

    assert SAFE == (folder / "policy.hujson").read_text()
    assert "Repaired 2 findings in policy.hujson.\n" == done.err
    assert 1 == done.code
    assert "VAL001" in done.out
    assert "SYN008" not in done.out


def test_diff_shows_and_writes_nothing(folder: Path) -> None:
    done = run("check", "--fix", "--diff", folder=folder)

    assert POLICY == (folder / "policy.hujson").read_text()
    assert 1 == done.code
    assert '+\t"tagOwners": {"tag:web"' in done.out
    assert "tag:web:*" not in done.out
    assert "Would repair 2 findings in policy.hujson.\n" == done.err


def test_unsafe_repairs_show_what_they_change_in_meaning(folder: Path) -> None:
    done = run("check", "--unsafe-fixes", folder=folder)

    assert UNSAFE == (folder / "policy.hujson").read_text()
    assert "autogroup:admin -> tag:web" in done.err
    assert "gain" in done.err
    assert 0 == done.code


def test_nothing_to_repair_leaves_the_file_alone(folder: Path) -> None:
    run("check", "--unsafe-fixes", folder=folder)
    before = (folder / "policy.hujson").stat().st_mtime_ns
    done = run("check", "--fix", "--diff", folder=folder)

    assert (0, "", "") == (done.code, done.out, done.err)
    assert before == (folder / "policy.hujson").stat().st_mtime_ns


def test_standard_input_is_repaired_to_standard_output(folder: Path) -> None:
    done = run("check", "-", "--fix", "-o", "concise", folder=folder, stdin=POLICY.encode())

    assert SAFE == done.out
    assert "VAL001" in done.err
    assert POLICY == (folder / "policy.hujson").read_text()


def test_line_ends_and_other_bytes_stay(folder: Path) -> None:
    (folder / "policy.hujson").write_bytes(POLICY.replace("\n", "\r\n").encode())
    run("check", "--fix", "--select", "SYN008", folder=folder)

    text = (folder / "policy.hujson").read_bytes()
    assert text.count(b"\r\n") in {0, POLICY.count("\n")}
    assert b"/* odd   layout */" in text
