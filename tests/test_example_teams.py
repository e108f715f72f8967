"""Four teams in their own files: what is right compiles, what is wrong is told with both places, and a day changes only
what is asked for."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.corpus import REPOSITORY
from tests.goldens import Golden

TEAMS = REPOSITORY / "policies" / "teams"
TODAY = ("--at", "2026-12-01")


def test_the_teams_are_clean() -> None:
    nothing = (0, "No findings in policy.aclc.\n", "")
    assert nothing == run("check", "policy.aclc", *TODAY, folder=TEAMS)
    assert nothing == run("check", "policy.aclc", *TODAY, "--tailnet", "tailnet.json", folder=TEAMS)


def test_faults_of_three_teams_are_told_with_both_places(golden: Golden) -> None:
    ran = run("check", "faulty.aclc", *TODAY, folder=TEAMS)

    assert (1, "") == (ran.code, ran.err)
    golden("language/teams-faulty.txt", ran.out)


def test_what_the_teams_compile_to(golden: Golden) -> None:
    ran = run("compile", "policy.aclc", "--tailnet", "tailnet.json", "-q", folder=TEAMS)

    assert (0, "") == (ran.code, ran.err)
    golden("language/teams-compiled.json", ran.out)


def test_a_rule_that_ends_is_left_out_only_where_a_day_is_asked_for() -> None:
    arguments = ("compile", "policy.aclc", "--tailnet", "tailnet.json", "-q", "--node", "web-dev-1")
    always = run(*arguments, folder=TEAMS).out
    last_day = run(*arguments, "--at", "2027-06-30", folder=TEAMS).out
    over = run(*arguments, "--at", "2027-07-01", folder=TEAMS).out
    sources = [
        {source for rule in json.loads(text)["nodes"]["web-dev-1"]["packet_filter"] for source in rule["SrcIPs"]}
        for text in (always, last_day, over)
    ]

    assert always == last_day
    assert sources[0] - sources[2] == {"100.64.0.6", "fd7a:115c:a1e0::6"}


def test_a_difference_tells_what_ends() -> None:
    ran = run("diff", "policy.aclc", "policy.aclc", "--at", "2027-07-01", folder=TEAMS)

    assert 0 == ran.code
    assert "group:contractors" in ran.out
    assert "teams/web.aclc:15" in ran.out


def test_compiling_warns_of_what_ends() -> None:
    ran = run("compile", "policy.aclc", "--tailnet", "tailnet.json", "--at", "2027-06-20", folder=TEAMS)

    assert "teams/web.aclc:15:43: info LNG010 rule-expires-soon: rule ends on 2027-06-30" in ran.err


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give the example in a repository of its own, below its top."""
    shutil.copytree(TEAMS, tmp_path / "net")
    for command in (
        ["init", "-q", "."],
        ["config", "user.email", "a@example.com"],
        ["config", "user.name", "a"],
        ["add", "-A"],
        ["commit", "-qm", "before"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_files_that_a_revision_includes_are_read_from_that_revision(repository: Path) -> None:
    team = repository / "net" / "teams" / "data.aclc"
    team.write_text(team.read_text(encoding="utf-8") + "allow data-team -> tag db on tcp 6432\n", encoding="utf-8")

    for folder, old, new in (
        (repository, "git:HEAD", "net/policy.aclc"),
        (repository, "git:HEAD:net/policy.aclc", "net/policy.aclc"),
        (repository / "net", "git:HEAD", "policy.aclc"),
        (repository / "net", "git:HEAD:./policy.aclc", "policy.aclc"),
    ):
        ran = run("diff", old, new, folder=folder)
        assert (0, "") == (ran.code, ran.err)
        assert "+ group:data-team -> tag:db : tcp 6432" in ran.out
        assert "teams/data.aclc:19 (new)" in ran.out


def test_only_what_is_new_since_a_revision_is_told(repository: Path) -> None:
    team = repository / "net" / "teams" / "office.aclc"
    team.write_text(team.read_text(encoding="utf-8") + "allow member -> tag db on tcp 22\n", encoding="utf-8")
    (repository / "net" / "policy.aclc").write_text(
        (TEAMS / "policy.aclc").read_text(encoding="utf-8") + "group nobody =\n", encoding="utf-8"
    )

    ran = run("check", "policy.aclc", *TODAY, "--against", "HEAD", "-o", "concise", folder=repository / "net")

    assert "LNG020" in ran.out
    assert "Found" in ran.out


def test_the_hash_of_a_policy_is_that_of_all_of_its_files(repository: Path) -> None:
    def hash_of(folder: Path, policy: str) -> str:
        ran = run("compile", policy, "--tailnet", "tailnet.json", "-q", "--node", "db-1", folder=folder)
        return str(json.loads(ran.out)["policy_hash"])

    net = repository / "net"
    before = hash_of(net, "policy.aclc")
    assert before == hash_of(TEAMS, "policy.aclc")
    assert before == hash_of(TEAMS, str(net / "policy.aclc"))
    with (net / "teams" / "office.aclc").open("a", encoding="utf-8") as file:
        file.write("# nothing\n")
    assert before != hash_of(net, "policy.aclc")


def test_comments_silence_findings_in_the_file_that_they_stand_in(repository: Path) -> None:
    net = repository / "net"
    team = net / "teams" / "office.aclc"
    team.write_text(
        team.read_text(encoding="utf-8")
        + '# aclc: ignore=unused-group reason="soon"\ngroup later = erin@example.com\n'
        + "group never = erin@example.com  # aclc: ignore=DEAD002\n"
        + "group other = erin@example.com\n",
        encoding="utf-8",
    )
    ran = run("check", "policy.aclc", *TODAY, "-o", "concise", folder=net)

    assert ["teams/office.aclc"] == [line.partition(":")[0] for line in ran.out.splitlines() if "unused-group" in line]
    assert "group:other" in ran.out


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.aclc").write_text("group secret = a@example.com\n", encoding="utf-8")
    net = tmp_path / "net"
    net.mkdir()
    (net / "link.aclc").symlink_to(tmp_path / "secret.aclc")
    (net / "away").symlink_to(tmp_path)
    (net / "gone.aclc").symlink_to(tmp_path / "nothing.aclc")
    (net / "folder.aclc").mkdir()
    for name, told in (
        ("link.aclc", "leads out of the policy's folder by a symbolic link"),
        ("away/secret.aclc", "leads out of the policy's folder by a symbolic link"),
        ("../secret.aclc", "leads out of the policy's folder"),
        ("gone.aclc", "leads out of the policy's folder by a symbolic link"),
        ("folder.aclc", "is a folder"),
    ):
        (net / "policy.aclc").write_text(f'include "{name}"\nallow member -> self on any\n', encoding="utf-8")
        ran = run("check", "policy.aclc", "-o", "concise", folder=net)
        assert (1, True) == (ran.code, told in ran.out), ran.out


def test_standard_input_includes_from_the_folder_of_its_name() -> None:
    text = (TEAMS / "policy.aclc").read_bytes()
    ran = run("check", "-", "--stdin-filename", "policy.aclc", *TODAY, folder=TEAMS, stdin=text)

    assert (0, "No findings in policy.aclc.\n", "") == (ran.code, ran.out, ran.err)
