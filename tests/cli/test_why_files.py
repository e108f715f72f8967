"""What would allow a connection, in a policy of several files: in the file that it belongs to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run

ROOT = """\
module web from "teams/web.aclc" owns tag web
module db from "teams/db.aclc" owns tag db
group ops = olga@x.com
ssh accept ops -> tag web as ubuntu
"""
WEB = """\
group devs = ann@x.com
tag web owned by devs
service https = tcp 443
allow devs, olga@x.com -> tag web on https because "the site"
acl olga@x.com -> tag web:8080, 9090
"""
DB = "tag db\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policy of three files."""
    (tmp_path / "teams").mkdir()
    (tmp_path / "net.aclc").write_text(ROOT)
    (tmp_path / "teams" / "web.aclc").write_text(WEB)
    (tmp_path / "teams" / "db.aclc").write_text(DB)
    return tmp_path


def advice(folder: Path, *question: str) -> list[str]:
    """Give what is advised, by its own words."""
    found = json.loads(run("why", "-p", "net.aclc", *question, "--format", "json", folder=folder).out)
    return [each["text"] for each in found["remedies"]]


def test_a_line_for_what_a_team_owns_belongs_into_its_file(folder: Path) -> None:
    assert [
        "add to teams/web.aclc: allow ann@x.com -> tag web on tcp 22",
        "add to net.aclc: allow ann@x.com -> tag web on tcp 22",
        "add `tcp 22` to the rule in teams/web.aclc:4",
    ] == advice(folder, "ann@x.com", "tag:web:22")


def test_a_file_that_may_not_open_it_is_not_advised(folder: Path) -> None:
    (folder / "teams" / "db.aclc").write_text(f"{DB}host lab = 10.9.0.1\nexport host lab\n")

    assert ["add to net.aclc: allow olga@x.com -> host lab on tcp 22"] == advice(folder, "olga@x.com", "lab:22")


def test_a_name_that_no_other_file_may_use_is_not_advised(folder: Path) -> None:
    assert [] == advice(folder, "group:devs", "tag:db:22")


def test_a_login_goes_into_the_rule_where_it_stands(folder: Path) -> None:
    question = ("olga@x.com", "tag:web:22", "--ssh-user", "root")

    assert [
        "add to teams/web.aclc: ssh accept olga@x.com -> tag web as root",
        "add to net.aclc: ssh accept olga@x.com -> tag web as root",
        "add `root` to the ssh rule in line 4",
    ] == [each for each in advice(folder, *question) if "ssh" in each]


def test_a_port_goes_into_an_acl_of_an_included_file(folder: Path) -> None:
    (folder / "teams" / "web.aclc").write_text(WEB.replace("allow devs, olga@x.com -> tag web on https", "#"))

    assert "add port 22 to `dst` of the rule in teams/web.aclc:5" in advice(folder, "olga@x.com", "tag:web:22")


def test_what_is_advised_allows_it(folder: Path) -> None:
    team = folder / "teams" / "web.aclc"
    team.write_text(WEB + advice(folder, "ann@x.com", "tag:web:22")[0].partition(": ")[2] + "\n")

    assert 0 == run("why", "-p", "net.aclc", "ann@x.com", "tag:web:22", folder=folder).code


def test_a_file_that_an_included_file_includes_is_tried_too(folder: Path) -> None:
    (folder / "teams" / "deep.aclc").write_text("tag deep\n")
    (folder / "net.aclc").write_text(f'{ROOT}include "teams/more.aclc"\n')
    (folder / "teams" / "more.aclc").write_text('include "deep.aclc"\n')

    assert "add to teams/deep.aclc: allow olga@x.com -> tag deep on tcp 22" in advice(
        folder, "olga@x.com", "tag:deep:22"
    )
