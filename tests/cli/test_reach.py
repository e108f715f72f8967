"""`aclc reach`: what it prints, in which form, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.corpus import REPOSITORY
from tests.goldens import Golden
from tests.reports.schemas import REACH

STARTUP = "policies/startup/policy.hujson"
FACTS = ("--tailnet", "policies/startup/tailnet.json")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("all.txt", ()),
        ("from.txt", ("--from", "group:eng")),
        ("to-port.txt", ("--to", "tag:prod:22", *FACTS)),
        ("matrix.txt", ("--matrix",)),
        ("blast.txt", ("--blast", "bo@startup.example", *FACTS)),
        ("blast-everywhere.txt", ("--blast", "group:oncall")),
        ("all.md", ("--format", "markdown", *FACTS)),
        ("matrix.csv", ("--matrix", "--format", "csv")),
        ("blast.json", ("--blast", "kim@agency.example", "--format", "json", *FACTS)),
    ],
)
def test_the_start_up(golden: Golden, name: str, options: tuple[str, ...]) -> None:
    done = run("reach", STARTUP, *options, folder=REPOSITORY)

    assert (0, "") == (done.code, done.err)
    golden(f"reach/{name}", done.out)


def test_json_says_what_it_holds_for(tmp_path: Path) -> None:
    found = json.loads(run("reach", STARTUP, "--from", "ada-mac", "--format", "json", *FACTS, folder=REPOSITORY).out)

    assert (1, "startup.example", ["ada-mac"]) == (found["schema_version"], found["tailnet"], found["from"])
    assert {"who", "what", "services", "own_devices_only", "decided_elsewhere", "because"} == set(found["rows"][0])
    assert all(row["who"]["nodes"] == 1 for row in found["rows"])


@pytest.mark.parametrize("options", [("--from", "tag:vpc"), ("--from", "tag:vpc", "--to", "tag:db")])
def test_nothing_is_said_as_nothing(options: tuple[str, ...]) -> None:
    done = run("reach", STARTUP, *options, folder=REPOSITORY)
    empty = json.loads(run("reach", STARTUP, *options, "--format", "json", folder=REPOSITORY).out)

    assert "nothing: no rule opens this" in done.out
    assert [] == empty["rows"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--from", "tag:prdo"), "did you mean `tag:prod`?"),
        (("--from", "ada-mac"), "without --tailnet there are no nodes"),
        (("--blast", "tag:prod", "--matrix"), "--blast is a question of its own"),
        (("--to", "tag:prod:99999"), "is no port"),
        (("--matrix", "--to", "tag:prod:22"), "a port goes with one --to"),
    ],
)
def test_a_question_that_makes_no_sense_exits_2(options: tuple[str, ...], words: str) -> None:
    done = run("reach", STARTUP, *options, folder=REPOSITORY)

    assert 2 == done.code
    assert words in done.err


HOSTILE = """{
  "hosts": {"=cmd|'/c calc'!A1": "10.0.0.1", "a\\u001b[31m|b<img src=x>@here": "10.0.0.2"},
  "grants": [{"src": ["*"], "dst": ["=cmd|'/c calc'!A1", "a\\u001b[31m|b<img src=x>@here"], "ip": ["tcp:80"]}],
}
"""


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """Names are no formula, no escape sequence, no markup and no mention in any format."""
    (tmp_path / "policy.hujson").write_text(HOSTILE)
    shown = {
        kind: run("reach", "--matrix", "--format", kind, folder=tmp_path).out
        for kind in ("text", "json", "csv", "markdown")
    }

    assert all("\x1b" not in text for text in shown.values())
    cells = [cell for row in csv.reader(io.StringIO(shown["csv"])) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@")]
    assert 0 == shown["markdown"].replace("\\<img", "").count("<img")
    assert "@here" not in shown["markdown"]
    assert 1 == len({line.replace("\\|", "").count("|") for line in shown["markdown"].splitlines() if "|" in line})


PARTNER = """{"grants": [
  {"src": ["autogroup:member"], "dst": ["pat@y.com"], "ip": ["tcp:22"]},
  {"src": ["*"], "dst": ["*"], "ip": ["443"]},
]}"""
PARTNER_TAILNET = """{"schema_version": 1, "users": [{"login": "ann@x.com"}], "nodes": [
  {"name": "laptop", "user": "ann@x.com", "addresses": ["100.64.0.1"]},
  {"name": "partner-pc", "user": "pat@y.com", "shared": true, "addresses": ["100.64.0.7"]},
]}"""


def test_what_is_shared_in_is_for_its_own_tailnet_to_open(tmp_path: Path) -> None:
    """Said where access is told of such devices, not wherever `*` means them too."""
    (tmp_path / "policy.hujson").write_text(PARTNER)
    (tmp_path / "wide.hujson").write_text('{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["443"]}]}')
    (tmp_path / "tailnet.json").write_text(PARTNER_TAILNET)
    facts = ("--tailnet", "tailnet.json")
    note = "Note: what devices shared in from elsewhere let in is for the policy of their own tailnet to say."
    told, blast, wide = (
        run("reach", *arguments, *facts, folder=tmp_path).out
        for arguments in (("policy.hujson",), ("policy.hujson", "--blast", "ann@x.com"), ("wide.hujson",))
    )
    document = json.loads(run("reach", "policy.hujson", *facts, "--format", "json", folder=tmp_path).out)
    change = run("diff", "wide.hujson", "policy.hujson", *facts, folder=tmp_path).out

    assert (True, True, False) == (note in told, note in blast, note in wide)
    assert [True, False] == [row["decided_elsewhere"] for row in document["rows"]]
    assert "pat@y.com : tcp 22  (1 node -> 1 node) [their own tailnet decides too]" in change
    assert "on the given tailnet." in change


@pytest.mark.parametrize("facts", [(), FACTS], ids=["everywhere", "on a tailnet"])
@pytest.mark.parametrize(
    "asked",
    [
        (),
        ("--from", "group:eng", "--to", "tag:prod:22"),
        ("--matrix",),
        ("--blast", "group:oncall"),
        ("--to", "tag:db:9"),
    ],
    ids=" ".join,
)
def test_documents_keep_to_the_schema(asked: tuple[str, ...], facts: tuple[str, ...]) -> None:
    document = json.loads(run("reach", STARTUP, *asked, *facts, "--format", "json", folder=REPOSITORY).out)

    assert [] == [error.message for error in REACH.iter_errors(document)]
    for key in document:
        assert not REACH.is_valid({each: value for each, value in document.items() if each != key}), key
    assert not REACH.is_valid({**document, "more": 1})


def test_a_network_behind_two_routers_is_one_range() -> None:
    done = run(
        "reach", STARTUP, "--from", "group:oncall", "--to", "vpc-prod", *FACTS, "--format", "json", folder=REPOSITORY
    )

    assert [(0, 1)] == [(row["what"]["nodes"], row["what"]["ranges"]) for row in json.loads(done.out)["rows"]]


@pytest.mark.parametrize("options", [("--from", "203.0.113.7"), ("--blast", "203.0.113.7")])
def test_it_is_said_that_the_star_means_an_address_only_where_a_route_holds_it(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / "policy.hujson").write_text('{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}')

    done = run("reach", *options, folder=tmp_path)

    assert (
        "Not covered: tailnets in which no approved subnet route holds 203.0.113.7: there `*` as a source" in done.out
    )


@pytest.mark.parametrize("command", ["reach", "graph"])
def test_a_login_that_the_policy_does_not_name_may_be_misspelt(tmp_path: Path, command: str) -> None:
    policy = '{"groups": {"group:a": ["ann@example.com"]}, "grants": []}'
    (tmp_path / "policy.hujson").write_text(policy)
    done = run(command, "--from", "anna@example.com", folder=tmp_path)

    assert (0, "") == (done.code, run(command, "--from", "ann@example.com", folder=tmp_path).err)
    assert done.err.startswith("Note: the policy names nobody `anna@example.com`: ")
    assert done.err.endswith(" Did you mean `ann@example.com`?\n")
