"""`aclc diff` as a user runs it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import aclc
from tests.reports.schemas import DIFF

OLD = """{
	"groups": {"group:eng": ["ann@x.com"]},
	"tagOwners": {"tag:web": ["group:eng"]},
	"grants": [
		{"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:443"]},
	],
	"ssh": [
		{"action": "check", "src": ["group:eng"], "dst": ["tag:web"], "users": ["root"]},
	],
	"tests": [{"src": "ann@x.com", "accept": ["tag:web:443"]}],
}
"""

COMMENTED = OLD.replace('"grants"', '// who may do what\n\t"grants"')

NEW = (
    OLD.replace('"tcp:443"', '"tcp:443", "tcp:22"')
    .replace('["ann@x.com"]', '["ann@x.com", "bob@x.com"]')
    .replace("check", "accept")
    .replace('\n\t"tests": [{"src": "ann@x.com", "accept": ["tag:web:443"]}],', "")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an old policy, one that differs in a comment, and a new one."""
    (tmp_path / "old.hujson").write_text(OLD)
    (tmp_path / "same.hujson").write_text(COMMENTED)
    (tmp_path / "new.hujson").write_text(NEW)
    return tmp_path


def test_a_comment_changes_no_access_and_that_is_proven(folder: Path) -> None:
    done = aclc("diff", "old.hujson", "same.hujson", folder=folder)

    assert (0, b"No change in access (proven for every tailnet).\n") == (done.returncode, done.stdout)


def test_gains_are_told_with_the_lines_that_cause_them(folder: Path) -> None:
    done = aclc("diff", "old.hujson", "new.hujson", folder=folder, PYTHONUTF8="1")

    headline, _, rest = done.stdout.decode().partition("\n")
    assert (
        "2 principals gain access, nobody loses, on every tailnet; SSH without being asked again; "
        "1 principal may newly apply a tag; 1 test assertion went away." == headline
    )
    assert (
        """
Network
  + group:eng -> tag:web : tcp 22
      because of old.hujson:5 → new.hujson:5, where `group:eng` changed (new.hujson:2)
  + bob@x.com -> tag:web : tcp 443
      because of old.hujson:5 → new.hujson:5, where `group:eng` changed (new.hujson:2)

SSH
  + bob@x.com may open SSH sessions on tag:web as root
      because of old.hujson:8 → new.hujson:8, where `group:eng` changed (new.hujson:2)
  ! ann@x.com is no longer asked again for SSH on tag:web as root
      because of old.hujson:8 → new.hujson:8, where `group:eng` changed (new.hujson:2)

Who may apply a tag
  + bob@x.com : tag:web (through group:eng)
      because of old.hujson:2 → new.hujson:2

Tests
  ! ann@x.com must reach tag:web:443 : went away
"""
        == rest
    )


OUTSIDERS = """{
	"tagOwners": {"tag:web": []},
	"grants": [{"src": ["autogroup:member", "ann@x.com"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
}
"""


@pytest.mark.parametrize(
    ("old", "new", "says", "code"),
    [
        ("members.hujson", "outsiders.hujson", "gain access", 1),
        ("outsiders.hujson", "members.hujson", "lose access", 0),
    ],
)
def test_outsiders_alone_are_said_to_gain_or_lose(tmp_path: Path, old: str, new: str, says: str, code: int) -> None:
    """A login in a rule also means devices that this person shares in from elsewhere."""
    (tmp_path / "outsiders.hujson").write_text(OUTSIDERS)
    (tmp_path / "members.hujson").write_text(OUTSIDERS.replace(', "ann@x.com"', ""))
    done = aclc("diff", old, new, "--no-new-access", folder=tmp_path)

    assert code == done.returncode
    assert (
        "Nobody in the tailnet gains or loses a connection, on every tailnet; devices shared in from outside "
        f"{says}." == done.stdout.decode().partition("\n")[0]
    )


def test_a_gate_stops_at_new_access_only(folder: Path) -> None:
    codes = [
        aclc("diff", old, new, "--no-new-access", folder=folder).returncode
        for old, new in (("old.hujson", "new.hujson"), ("new.hujson", "old.hujson"), ("old.hujson", "same.hujson"))
    ]

    assert [1, 0, 0] == codes


def test_agreed_gains_pass_the_gate(folder: Path) -> None:
    (folder / "agreed.txt").write_text(
        "# ticket 17\nallow group:eng -> tag:web on tcp 22, 443\nallow ssh group:eng -> tag:web as root\n"
        "allow apply group:eng -> tag:web\n"
    )
    done = aclc("diff", "old.hujson", "new.hujson", "--no-new-access", "--allow", "agreed.txt", folder=folder)

    assert 0 == done.returncode
    assert 5 == done.stdout.count(b"[accepted]")


def test_json_says_the_same(folder: Path) -> None:
    document = json.loads(aclc("diff", "old.hujson", "new.hujson", "--format", "json", folder=folder).stdout)

    assert (True, True, True) == (document["proven"], document["changes_access"], document["gives_access"])
    DIFF.validate(document)
    assert ["group:eng"] == document["network"][0]["who"]["names"]
    assert [{"protocol": 6, "first": 22, "last": 22}] == document["network"][0]["services"]


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def branch(folder: Path) -> Path:
    """A folder in git: `policy.hujson` on `main`, and changed but not committed on a branch."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.email", "a@example.com")
    git(folder, "config", "user.name", "A")
    (folder / "policy.hujson").write_text(OLD)
    git(folder, "add", "policy.hujson")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "checkout", "-q", "-b", "change")
    (folder / "policy.hujson").write_text(NEW)
    return folder


def test_what_is_not_named_is_the_policy_here_and_where_its_branch_began(branch: Path) -> None:
    named = aclc("diff", "git:main", "policy.hujson", folder=branch)
    assert b"2 principals gain access" in named.stdout

    # Lines are called by the revision that they are at; which one it is, is all that differs.
    at = subprocess.run(["git", "rev-parse", "main"], cwd=branch, check=True, capture_output=True, text=True).stdout
    with_revision = named.stdout.replace(b"@main", b"@" + at[:10].encode())
    assert with_revision == aclc("diff", folder=branch).stdout
    assert with_revision == aclc("diff", "policy.hujson", folder=branch).stdout
    assert named.stdout == aclc("diff", "git:main", folder=branch).stdout


def test_one_file_in_no_repository_is_not_enough(folder: Path) -> None:
    done = aclc("diff", "new.hujson", folder=folder)
    assert 2 == done.returncode
    assert b"new.hujson: lies in no git repository with a commit; name the old policy too" in done.stderr


def test_policy_and_target_come_from_the_configuration_but_no_tailnet(branch: Path) -> None:
    (branch / "policy.hujson").rename(branch / "net.hujson")
    (branch / "aclc.toml").write_text(
        'policy = "net.hujson"\ntailnet = "nowhere.json"\ntarget = ["headscale@0.29", "tailscale"]\n'
    )
    asked = aclc("diff", "same.hujson", "net.hujson", folder=branch)
    assert asked.stdout == aclc("diff", "same.hujson", "net.hujson", "--target", "headscale@0.29", folder=branch).stdout
    assert b"on every tailnet" in asked.stdout
    assert b"'net.hujson' exists on disk, but not in 'main'" in aclc("diff", "git:main", folder=branch).stderr
    assert 2 == aclc("diff", "--isolated", folder=branch).returncode


def test_revisions_of_git_are_read(folder: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.email", "a@example.com")
    git("config", "user.name", "A")
    (folder / "policy.hujson").write_text(OLD)
    git("add", "policy.hujson")
    git("commit", "-q", "-m", "first")
    (folder / "policy.hujson").write_text(NEW)
    one = aclc("diff", "git:HEAD", "policy.hujson", folder=folder)
    other = aclc("diff", "git:HEAD:policy.hujson", "new.hujson", folder=folder)

    assert (0, 0) == (one.returncode, other.returncode)
    assert b"policy.hujson@HEAD:5" in one.stdout
    assert b"2 principals gain" in other.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.hujson", "new.hujson"), b"missing.hujson: no such file"),
        (("git:nowhere", "new.hujson"), b"git:nowhere: "),
        (("git:", "new.hujson"), b"names no revision"),
        (("git:--help", "new.hujson"), b"names no revision"),
        (("git:main", "git:dev"), b"which file?"),
    ],
)
def test_what_cannot_be_read_is_said(folder: Path, arguments: tuple[str, str], words: bytes) -> None:
    done = aclc("diff", *arguments, folder=folder)

    assert 2 == done.returncode
    assert words in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_broken_policy_is_compared_as_far_as_it_goes(folder: Path) -> None:
    (folder / "broken.hujson").write_text(OLD.replace('"tag:web"], "ip"', '"tag:wab"], "ip"'))
    done = aclc("diff", "old.hujson", "broken.hujson", folder=folder)

    assert b"Warning: broken.hujson has 1 error" in done.stderr
    assert b"- group:eng -> tag:web : tcp 443" in done.stdout


def test_nothing_is_proven_of_a_broken_policy(folder: Path) -> None:
    """What is wrong may open anything once it is mended; and what was never in force is nothing to compare with."""
    (folder / "broken.hujson").write_text(
        OLD.replace('"dst": ["tag:web"], "ip"', '"dst": ["tag:web", "nowhere"], "ip"')
    )
    done = aclc("diff", "old.hujson", "broken.hujson", "--no-new-access", folder=folder)
    back = aclc("diff", "broken.hujson", "old.hujson", "--no-new-access", folder=folder)

    assert (1, 1) == (done.returncode, back.returncode)
    assert (
        b"No change in access was found on every tailnet, but not everything could be decided.\n\n"
        b"Not covered: broken.hujson has 1 error, and what is wrong may open more or less than it does here.\n"
        == done.stdout
        == back.stdout
    )


def test_declaring_a_tag_that_rules_name_is_not_proven_to_give_nothing(folder: Path) -> None:
    """No control plane took the rule before; now it does."""
    (folder / "before.hujson").write_text(OLD.replace('"tag:web": ["group:eng"]', ""))
    done = aclc("diff", "before.hujson", "old.hujson", "--no-new-access", folder=folder)

    assert b"undefined-tag" in aclc("check", "before.hujson", folder=folder).stdout
    assert 1 == done.returncode
    assert b"proven" not in done.stdout


def test_no_policy_at_all_is_a_finding(folder: Path) -> None:
    (folder / "none.hujson").write_text("[]")
    done = aclc("diff", "old.hujson", "none.hujson", folder=folder)

    assert (1, b"") == (done.returncode, done.stdout)
    assert b"SYN018" in done.stderr


BEFORE_SESSIONS = """{
	"groups": {"group:eng": ["ann@x.com"]},
	"tagOwners": {"tag:web": [], "tag:db": []},
	"grants": [
		{"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:22"]},
		{"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
	],
}
"""
SESSIONS = BEFORE_SESSIONS.replace(
    "\n}", '\n\t"ssh": [{"action": "check", "src": ["group:eng"], "dst": ["tag:web"], "users": ["root"]}],\n}'
)


def test_what_a_new_session_leads_to_is_told_with_an_example(tmp_path: Path) -> None:
    (tmp_path / "old.hujson").write_text(BEFORE_SESSIONS)
    (tmp_path / "new.hujson").write_text(SESSIONS)
    text = aclc("diff", "old.hujson", "new.hujson", folder=tmp_path).stdout.decode()
    document = json.loads(aclc("diff", "old.hujson", "new.hujson", "--format", "json", folder=tmp_path).stdout)

    assert (
        """
Through a session
  + group:eng -> tag:db : tcp 5432, through tag:web
      because of new.hujson:8 (new)
      for example: a device of ann@x.com opens SSH to a node with tag:web as root (new.hujson:8; port 22 by \
new.hujson:5); then from a node with tag:web on by new.hujson:6
"""
        in text
    )
    assert [] == list(DIFF.iter_errors(document))
    assert [(["group:eng"], ["tag:web"], ["tag:db"])] == [
        (each["who"]["names"], each["through"]["names"], each["what"])
        for each in document["through_sessions"]["gained"]
    ]
