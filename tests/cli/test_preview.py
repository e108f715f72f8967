"""`aclc preview` as a user runs it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run

OLD = """{
	"groups": {"group:eng": ["ann@x.com"]},
	"tagOwners": {"tag:web": ["group:eng"], "tag:db": ["group:eng"]},
	"grants": [
		{"src": ["group:eng"], "dst": ["tag:web"], "ip": ["tcp:443"]},
	],
}
"""
NEW = OLD.replace('"dst": ["tag:web"]', '"dst": ["tag:web", "tag:db"]')
BROKEN = OLD.replace('"dst": ["tag:web"]', '"dst": ["tag:wab"]')
PROMISES = """assume tag:web and tag:db apart
assert group:eng never reach tag:db
assert group:eng always reach tag:web on tcp 443
"""


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in CI, whoever runs this."""
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with a policy on `main`, and a change of it on a branch that is not committed yet."""

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("config", "user.email", "a@example.com")
    git("config", "user.name", "A")
    (tmp_path / "policy.hujson").write_text(OLD)
    (tmp_path / "properties.aclc").write_text(PROMISES)
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("checkout", "-q", "-b", "change")
    (tmp_path / "policy.hujson").write_text(NEW)
    (tmp_path / "old.hujson").write_text(OLD)
    return tmp_path


def test_without_arguments_it_compares_with_where_the_branch_began(folder: Path) -> None:
    done = run("preview", folder=folder)

    assert (1, "") == (done.code, done.err)
    assert done.out.startswith("<!-- aclc preview policy.hujson -->\n")
    assert "1 principal gains access, nobody loses, on every tailnet; 1 promise newly broken." in done.out
    assert "| `group:eng` | `tag:db` | tcp 443 \\(HTTPS\\) | line 5 → 5 |" in done.out
    assert "| 🛑 **newly broken** | `assert group:eng never reach tag:db` |" in done.out
    assert "1 promise holds besides." in done.out


def test_gains_alone_do_not_fail(folder: Path) -> None:
    (folder / "properties.aclc").write_text("")

    assert 0 == run("preview", "old.hujson", "policy.hujson", folder=folder).code


def test_a_promise_taken_back_is_told(folder: Path) -> None:
    (folder / "properties.aclc").write_text(PROMISES.replace("assert group:eng never reach tag:db\n", ""))
    done = run("preview", "git:main", "policy.hujson", folder=folder)

    assert 0 == done.code
    assert "1 promise taken back" in done.out
    assert "| ⚠️ taken back | `assert group:eng never reach tag:db` |" in done.out


def test_a_policy_that_is_new_is_compared_with_nothing(folder: Path) -> None:
    (folder / "extra.hujson").write_text(OLD)
    (folder / "properties.aclc").write_text("")
    done = run("preview", "git:main", "extra.hujson", folder=folder)

    assert 0 == done.code
    assert "extra.hujson is not there in main" in done.out.replace("\\", "")
    assert "1 principal gains access" in done.out


def test_only_new_findings_are_listed(folder: Path) -> None:
    (folder / "policy.hujson").write_text(BROKEN)
    done = run("preview", folder=folder)

    assert 1 == done.code
    assert "1 error for which a control plane would refuse it" in done.out
    assert "**REF002**" in done.out
    assert "Promises" not in done.out
    (folder / "old.hujson").write_text(BROKEN)
    warned = run("preview", "old.hujson", "policy.hujson", folder=folder)
    assert "No change in access" in warned.out


def test_what_is_said_of_all_rules_is_not_new_where_the_first_of_them_changes(folder: Path) -> None:
    """In the aclc language it is told at the first rule; no test held the rules before either."""
    text = "group eng = ann@x.com\ntag web owned by eng\nallow eng -> tag web on tcp 443\n"
    (folder / "old.aclc").write_text(text)
    (folder / "new.aclc").write_text(text.replace("443", "80"))
    done = run("preview", "old.aclc", "new.aclc", folder=folder)

    assert "tcp 80" in done.out
    assert "New findings" not in done.out
    assert "TST001" in run("check", "new.aclc", folder=folder).out


def test_what_cannot_be_read_is_a_document_too(folder: Path) -> None:
    (folder / "policy.hujson").write_text("[1, 2")
    done = run("preview", folder=folder)

    assert (1, "") == (done.code, done.err)
    assert "cannot be said" in done.out
    assert "SYN" in done.out
    page = run("preview", "--format", "html", folder=folder)
    assert (1, True) == (page.code, page.out.rstrip().endswith("</html>"))


def test_the_suffix_says_the_form(folder: Path) -> None:
    assert 1 == run("preview", "-o", "page.html", folder=folder).code
    assert (folder / "page.html").read_text().startswith("<!doctype html>")
    assert 0 == run("preview", "-o", "comment.md", "--fail-on", "never", folder=folder).code
    assert (folder / "comment.md").read_text().startswith("<!-- aclc preview")


def test_on_a_tailnet_it_counts(folder: Path) -> None:
    (folder / "net.json").write_text(
        '{"schema_version": 1, "tailnet": "x.com", "users": [{"login": "ann@x.com"}], "nodes": ['
        '{"name": "mac", "user": "ann@x.com", "addresses": ["100.64.0.1"]},'
        '{"name": "db", "tags": ["tag:db"], "addresses": ["100.64.0.2"]}]}'
    )
    done = run("preview", "--tailnet", "net.json", "--fail-on", "never", folder=folder)

    assert "| 1 node → 1 node |" in done.out
    assert "Exact for the tailnet x.com." in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.hujson",), "missing.hujson: no such file"),
        (("git:nowhere", "policy.hujson"), "git:nowhere: "),
        (("old.hujson", "-"), ""),
    ],
)
def test_what_is_not_there_is_said(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run("preview", *arguments, folder=folder)

    assert "Traceback" not in done.err
    assert words in done.err
    assert done.code == (2 if words else 1)


def test_outside_of_a_repository_the_old_policy_must_be_named(tmp_path: Path) -> None:
    (tmp_path / "policy.hujson").write_text(OLD)
    done = run("preview", folder=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))

    assert 2 == done.code
    assert "name the old policy" in done.err
