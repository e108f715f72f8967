"""`aclc convert` as a user runs it: proven before it is written, or not written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import aclc

POLICY = """\
{
	// People.
	"groups": {"group:dev": ["ada@example.com"]},
	"tagOwners": {"tag:web": []},

	// Rules.
	"acls": [
		// Developers look at the web.
		{"action": "accept", "users": ["group:dev"], "ports": ["tag:web:443,80"]},
		{"action": "accept", "src": ["autogroup:members"], "dst": ["tag:web:443", "autogroup:self:22"]}, // all others
	],
}
"""

AS_GRANTS = """\
{
	// People.
	"groups":    {"group:dev": ["ada@example.com"]},
	"tagOwners": {"tag:web": []},

	// Rules.
	"grants": [
		// Developers look at the web.
		{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["443", "80"]},
		{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["443"]},
		{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["22"]}, // all others
	],
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a policy."""
    (tmp_path / "policy.hujson").write_text(POLICY, encoding="utf-8")
    return tmp_path


def test_acls_become_grants_with_every_comment(folder: Path) -> None:
    ran = aclc("convert", "--acls-to-grants", folder=folder)

    assert (ran.stdout.decode(), ran.stderr.decode(), ran.returncode) == (AS_GRANTS, "", 0)


def test_old_spellings_are_replaced_and_nothing_else(folder: Path) -> None:
    ran = aclc("convert", "--current-spellings", folder=folder)

    expected = POLICY.replace('"users"', '"src"').replace('"ports"', '"dst"').replace(":members", ":member")
    assert (ran.stdout.decode(), ran.returncode) == (expected, 0)


def test_there_and_back_and_there_again_changes_nothing_more(folder: Path) -> None:
    there = aclc("convert", "policy.hujson", "-o", "policy.aclc", folder=folder)
    assert there.stderr.decode() == "Wrote policy.aclc: the same access in every tailnet, proven.\n"
    text = (folder / "policy.aclc").read_text(encoding="utf-8")
    assert "acl member -> tag web:443, autogroup:self:22" in text
    back = aclc("convert", "policy.aclc", "-o", "back.hujson", folder=folder)
    again = aclc("convert", "back.hujson", "-o", "again.aclc", folder=folder)

    assert (back.returncode, again.returncode) == (0, 0)
    assert text == (folder / "again.aclc").read_text(encoding="utf-8")


def test_a_policy_with_errors_is_not_converted(folder: Path) -> None:
    (folder / "policy.hujson").write_text('{"acls": [{"action": "accept", "src": ["group:x"], "dst": ["*:*"]}]}')

    ran = aclc("convert", "policy.hujson", "-o", "policy.aclc", folder=folder)

    assert ran.returncode == 1
    assert b"REF001" in ran.stderr
    assert not (folder / "policy.aclc").exists()


@pytest.mark.parametrize("name", ["missing.hujson", "."])
def test_what_cannot_be_read_is_wrong_use(folder: Path, name: str) -> None:
    ran = aclc("convert", name, folder=folder)

    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr


def test_grants_of_the_language_keep_services_days_and_promises(folder: Path) -> None:
    text = """\
group dev = ada@example.com
tag web
service https = tcp 443
acl dev -> tag web:443 proto tcp until 2027-01-31
allow dev -> tag web on https
assert group:dev always reach tag:web on tcp 443
"""
    (folder / "net.aclc").write_text(text)

    ran = aclc("convert", "net.aclc", "--acls-to-grants", folder=folder)

    expected = text.replace("acl dev -> tag web:443 proto tcp", "allow dev -> tag web on tcp 443")
    assert (ran.stdout.decode(), ran.returncode) == (expected, 0)


def test_several_files_of_the_language_do_not_become_one(folder: Path) -> None:
    (folder / "part.aclc").write_text("acl member -> self:22\n")
    (folder / "net.aclc").write_text('include "part.aclc"\n')

    ran = aclc("convert", "net.aclc", "--acls-to-grants", folder=folder)
    copied = aclc("convert", "net.aclc", "-o", "other.aclc", folder=folder)

    assert (ran.returncode, copied.returncode) == (2, 2)
    assert b"is written in 2 files, and would become one" in b" ".join(ran.stderr.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"acls": [], "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}], "ssh": []}', "allow any -> any on any\n"),
        ('{"acls": [], "hosts": {"a": "10.0.0.1"}, "groups": {}}', "host a = 10.0.0.1\n"),
        ('{"hosts": {"a": "10.0.0.1"}, "tests": []}', "default allow\n\nhost a = 10.0.0.1\n"),
    ],
)
def test_empty_sections_say_nothing_in_the_language(folder: Path, text: str, expected: str) -> None:
    (folder / "policy.hujson").write_text(text)

    ran = aclc("convert", "policy.hujson", folder=folder)

    assert (sorted(expected.split("\n")), 0) == (sorted(ran.stdout.decode().split("\n")), ran.returncode)
