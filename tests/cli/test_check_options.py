"""What `aclc check` can be told: which rules, which findings are known, where reports go."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.running import run

POLICY = """{
	"groups": {"group:idle": ["a@example.com"]},
	"tagOwners": {"tag:web": ["autogroup:admin"]},
	"grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
	"tests": [{"src": "a@example.com", "accept": ["tag:web:443"], "deny": ["tag:web:22"]}],
}
"""
BROKEN = POLICY.replace('"dst": ["tag:web"]', '"dst": ["tag:wbe"]')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a policy that has one warning: an unused group."""
    (tmp_path / "policy.hujson").write_text(POLICY)
    return tmp_path


def found(folder: Path, *arguments: str) -> list[str]:
    """Give the slugs of what a check finds."""
    done = run("check", "-o", "json", *arguments, folder=folder)
    return [each["name"] for each in json.loads(done.out)["diagnostics"]]


def test_a_rule_can_be_left_out_by_code_name_or_family(folder: Path) -> None:
    assert ["unused-group"] == found(folder)
    for name in ("DEAD002", "unused-group", "DEAD"):
        assert [] == found(folder, "--ignore", name)
    assert ["unused-group"] == found(folder, "--ignore", "SEC,RED")


def test_profiles_say_less_or_more(folder: Path) -> None:
    assert [] == found(folder, "--profile", "minimal")
    assert ["unused-group"] == found(folder, "--profile", "minimal", "--select", "unused-group")
    assert {"unused-group"} <= set(found(folder, "--profile", "strict"))


def test_what_a_control_plane_refuses_cannot_be_left_out(folder: Path) -> None:
    (folder / "policy.hujson").write_text(BROKEN)

    assert "undefined-tag" in found(folder, "--ignore", "REF", "--profile", "minimal")


def test_a_wrong_name_of_a_rule_is_wrong_use(folder: Path) -> None:
    done = run("check", "--ignore", "unused-grop", folder=folder)

    assert 2 == done.code
    assert "Did you mean 'unused-group'?" in done.err


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)])
def test_the_level_decides_the_exit_code(folder: Path, level: str, code: int) -> None:
    assert code == run("check", "--fail-on", level, folder=folder).code


def test_exit_zero_wins(folder: Path) -> None:
    assert 0 == run("check", "--fail-on", "info", "--exit-zero", folder=folder).code


def test_the_exit_code_does_not_hang_on_the_format(folder: Path) -> None:
    for kind in (
        "text",
        "concise",
        "json",
        "jsonl",
        "sarif",
        "junit",
        "github",
        "gitlab",
        "checkstyle",
        "rdjson",
        "markdown",
    ):
        assert 0 == run("check", "-o", kind, folder=folder).code, kind
        assert 1 == run("check", "-o", kind, "--fail-on", "warning", folder=folder).code, kind


def test_all_formats_at_once(folder: Path) -> None:
    kinds = ("json", "jsonl", "sarif", "junit", "github", "gitlab", "checkstyle", "rdjson", "markdown", "concise")
    done = run("check", "-o", "text", *(part for kind in kinds for part in ("-o", f"{kind}:out.{kind}")), folder=folder)

    assert "DEAD002 unused-group" in done.out
    for kind in kinds:
        assert "DEAD002" in (folder / f"out.{kind}").read_text(), kind
    assert "2.1.0" == json.loads((folder / "out.sarif").read_text())["version"]
    assert "testsuites" == ET.fromstring((folder / "out.junit").read_text()).tag


def test_github_adds_to_the_job_summary(folder: Path) -> None:
    summary = folder / "summary.md"
    summary.write_text("before\n")

    done = run("check", "-o", "github", folder=folder, GITHUB_STEP_SUMMARY=str(summary))

    assert done.out.startswith("::warning file=policy.hujson,line=2,")
    assert summary.read_text().startswith("before\n### aclc check\n")
    assert "**DEAD002**" in summary.read_text()


def test_statistics_count_by_rule(folder: Path) -> None:
    done = run("check", "--statistics", folder=folder)

    assert "    1  DEAD002  warning  unused-group\n" == done.out


def test_a_baseline_accepts_what_is_there_and_nothing_new(folder: Path) -> None:
    written = run("check", "--write-baseline", "base.json", folder=folder)
    assert (0, "Wrote 1 accepted finding to base.json.\n") == (written.code, written.err)

    assert [] == found(folder, "--baseline", "base.json")
    (folder / "policy.hujson").write_text("\n// moved\n" + POLICY)
    assert [] == found(folder, "--baseline", "base.json")
    (folder / "policy.hujson").write_text(POLICY.replace('"groups": {', '"groups": {"group:more": ["b@example.com"], '))
    assert ["unused-group"] == found(folder, "--baseline", "base.json")


def test_a_baseline_accepts_nothing_that_a_control_plane_refuses(folder: Path) -> None:
    (folder / "policy.hujson").write_text(BROKEN)

    written = run("check", "--write-baseline", "base.json", folder=folder)

    assert 1 == written.code
    assert "REF002" in written.out
    assert 1 == run("check", "--baseline", "base.json", folder=folder).code


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 1, "findings": [1]}', "[" * 100_000])
def test_what_is_no_baseline_is_said(folder: Path, text: str) -> None:
    (folder / "base.json").write_text(text)
    done = run("check", "--baseline", "base.json", folder=folder)

    assert 2 == done.code
    assert "base.json" in done.err


def git(folder: Path, *arguments: str) -> None:
    name = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def test_against_a_revision_tells_only_what_is_new(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", "policy.hujson")
    git(folder, "commit", "-qm", "one")

    assert [] == found(folder, "--against", "HEAD")
    assert [] == found(folder, "--against", "git:HEAD")
    (folder / "policy.hujson").write_text(POLICY.replace('"groups": {', '"groups": {"group:more": ["b@example.com"], '))
    assert ["unused-group"] == found(folder, "--against", "HEAD")
    (folder / "other.hujson").write_text(POLICY)
    assert ["unused-group"] == found(folder, "other.hujson", "--against", "HEAD")
    done = run("check", "--against", "no-such-revision", folder=folder)
    assert 2 == done.code


def test_against_a_file_tells_only_what_is_new(folder: Path) -> None:
    (folder / "old.hujson").write_text(POLICY)

    assert [] == found(folder, "--against", "old.hujson")
    (folder / "old.hujson").write_text(POLICY.replace("group:idle", "group:gone"))
    assert ["unused-group"] == found(folder, "--against", "old.hujson")


def test_promises_beside_the_policy_are_kept(folder: Path) -> None:
    (folder / "properties.aclc").write_text("assert autogroup:member never reach tag:web\n")

    done = run("check", "-o", "concise", folder=folder)

    assert 1 == done.code
    assert "properties.aclc:1:8: error PRP001 forbidden-reach: broken: " in done.out


def test_promises_can_be_named(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "promises").write_text("assert autogroup:member always reach tag:web on tcp 443\nassertt x\n")

    done = run("check", "-o", "concise", "--properties", "more/promises", folder=folder)

    assert "more/promises:2:1: error PRP010 " in done.out
    assert "PRP002" not in done.out


COMMENTED = POLICY.replace(
    '\t"groups"', '\t// aclc: ignore=unused-group reason="used by the wiki" until=2026-06-30\n\t"groups"'
)


def test_a_comment_silences_until_its_day(folder: Path) -> None:
    (folder / "policy.hujson").write_text(COMMENTED)

    assert [] == found(folder, "--at", "2026-06-30")
    assert ["expired-suppression", "unused-group"] == sorted(found(folder, "--at", "2026-07-01"))
    assert 2 == run("check", "--at", "tomorrow", folder=folder).code


def test_a_comment_that_silences_nothing_is_told(folder: Path) -> None:
    (folder / "policy.hujson").write_text(COMMENTED.replace("unused-group", "no-tests"))

    assert ["unused-group", "unused-suppression"] == sorted(found(folder, "--at", "2026-01-01"))


def test_no_comment_silences_what_a_control_plane_refuses(folder: Path) -> None:
    (folder / "policy.hujson").write_text("// aclc: ignore-file=undefined-tag\n" + BROKEN)

    assert "undefined-tag" in found(folder)
