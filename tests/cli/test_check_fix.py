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


INCLUDED = {
    "policy.aclc": 'include "teams/*"\n\ngroup eng = alice@example.com\ntag web owned by eng\n',
    "teams/a.aclc": '# aclc: ignore=DEAD001 reason="soon"\nallow eng -> tag web on tcp 443\n',
    "teams/b.hujson": '{"grants": [{"src": "group:eng", "dst": ["tag:web"], "ip": ["80"]}]}\n',
    "teams/c.hujson": '{"grants": [{"src": ["group:eng"], "dst": ["tag:web"], "ip": ["90-85"]}]}\n',
}


@pytest.fixture
def teams(tmp_path: Path) -> Path:
    """A folder with a policy that includes three files, each with something to repair."""
    (tmp_path / "teams").mkdir()
    for name, text in INCLUDED.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def texts(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in INCLUDED}


def test_files_that_a_policy_includes_are_repaired_with_it(teams: Path) -> None:
    shown = run("check", "--fix", "--diff", "policy.aclc", folder=teams)
    assert INCLUDED == texts(teams)
    assert "--- a/teams/a.aclc" in shown.out
    assert "--- a/teams/b.hujson" in shown.out

    done = run("check", "--fix", "policy.aclc", folder=teams)
    wanted = INCLUDED | {
        "teams/a.aclc": "allow eng -> tag web on tcp 443\n",
        "teams/b.hujson": INCLUDED["teams/b.hujson"].replace('"group:eng"', '["group:eng"]'),
    }
    assert wanted == texts(teams)
    assert "Repaired 2 findings in teams/a.aclc and teams/b.hujson.\n" == done.err

    run("check", "--unsafe-fixes", "policy.aclc", folder=teams)
    assert wanted | {"teams/c.hujson": wanted["teams/c.hujson"].replace("90-85", "85-90")} == texts(teams)


def test_a_finding_says_which_option_repairs_it(teams: Path) -> None:
    out = run("check", "policy.aclc", folder=teams).out
    assert "= fix: put it in a list (`--fix` does it)\n" in out
    assert "= fix: write 85-90 (`--unsafe-fixes` does it)\n" in out
