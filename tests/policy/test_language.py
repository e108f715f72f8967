"""The aclc language: what a text means, what is said of a wrong one, and that conversion loses nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.policy.read_hujson import read_policy
from aclc.policy.read_language import read_language
from aclc.policy.write_hujson import hujson_text
from aclc.policy.write_language import language_text
from aclc.source import Source
from aclc.syntax.comments import hujson_comments, language_comments
from tests.corpus import corpus_files, needs_corpus


def value_of(text: str, **options: Any) -> Any:
    """Give the value that a text without errors lowers to."""
    read = read_language(Source("policy.aclc", text), **options)
    assert read.value is not None
    assert [] == [found for found in read.diagnostics if found.severity == 0]
    return read.value.sections


def findings(text: str, **options: Any) -> list[tuple[str, str, str]]:
    """Give (code, text of the span, message) for everything found in a text."""
    read = read_language(Source("policy.aclc", text), **options)
    return [(found.code.id, found.span.text, found.message) for found in read.diagnostics]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("group eng = a@x.com, b@x.com", {"groups": {"group:eng": ["a@x.com", "b@x.com"]}}),
        ("group none =", {"groups": {"group:none": []}}),
        ("tag web", {"tagOwners": {"tag:web": []}}),
        ("tag web owned by tag ops, admin", {"tagOwners": {"tag:web": ["tag:ops", "autogroup:admin"]}}),
        ("host office = 10.0.0.0/8", {"hosts": {"office": "10.0.0.0/8"}}),
        (
            "ipset lan = 10.0.0.0/8, remove 10.9.0.0/16",
            {"ipsets": {"ipset:lan": ["10.0.0.0/8", "remove 10.9.0.0/16"]}},
        ),
        (
            """posture new = "node:os == 'linux'" and "node:tsVersion >= '1.40'\"""",
            {"postures": {"posture:new": ["node:os == 'linux'", "node:tsVersion >= '1.40'"]}},
        ),
        ("allow any -> any on any", {"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}),
        (
            "allow member -> self on tcp 22, 80-90, icmp",
            {
                "grants": [
                    {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["tcp:22", "tcp:80-90", "icmp:*"]}
                ]
            },
        ),
        (
            "service web = tcp 80, tcp 443\nallow any -> tag:x on web",
            {"grants": [{"src": ["*"], "dst": ["tag:x"], "ip": ["tcp:80", "tcp:443"]}]},
        ),
        (
            "allow any -> 10.0.0.0/8 on any via tag r when posture a or b",
            {
                "grants": [
                    {
                        "src": ["*"],
                        "dst": ["10.0.0.0/8"],
                        "ip": ["*"],
                        "via": ["tag:r"],
                        "srcPosture": ["posture:a", "posture:b"],
                    }
                ]
            },
        ),
        (
            'allow any -> tag:x app example.com/cap/y [{"n": -1, "z": true}]',
            {"grants": [{"src": ["*"], "dst": ["tag:x"], "app": {"example.com/cap/y": [{"n": -1, "z": True}]}}]},
        ),
        (
            "acl any -> tag:x:22,80-90, 10.0.0.1:* proto udp",
            {"acls": [{"action": "accept", "src": ["*"], "dst": ["tag:x:22,80-90", "10.0.0.1:*"], "proto": "udp"}]},
        ),
        (
            "ssh check member -> tag x as root, nonroot every 12h",
            {
                "ssh": [
                    {
                        "action": "check",
                        "src": ["autogroup:member"],
                        "dst": ["tag:x"],
                        "users": ["root", "autogroup:nonroot"],
                        "checkPeriod": "12h",
                    }
                ]
            },
        ),
        (
            "approve route 10.0.0.0/8 by tag r\napprove exit node by tag r, tag s",
            {"autoApprovers": {"routes": {"10.0.0.0/8": ["tag:r"]}, "exitNode": ["tag:r", "tag:s"]}},
        ),
        (
            "attr any: funnel, pool 100.64.1.0/24",
            {"nodeAttrs": [{"target": ["*"], "attr": ["funnel"], "ipPool": ["100.64.1.0/24"]}]},
        ),
        (
            "test a@x.com: can tag:x:22; cannot tag:y:22",
            {"tests": [{"src": "a@x.com", "accept": ["tag:x:22"], "deny": ["tag:y:22"]}]},
        ),
        (
            "sshtest a@x.com -> tag x: must check root; cannot ubuntu",
            {"sshTests": [{"src": "a@x.com", "dst": ["tag:x"], "check": ["root"], "deny": ["ubuntu"]}]},
        ),
        ("option randomizeClientPort true", {"randomizeClientPort": True}),
        ('raw derpMap {"omitDefaultRegions": true}', {"derpMap": {"omitDefaultRegions": True}}),
    ],
)  # fmt: skip
def test_every_statement_says_what_hujson_says(text: str, value: Any) -> None:
    rules: Any = {} if {"grants", "acls"} & value.keys() else {"grants": []}

    assert {**value, **rules} == value_of(text)


def test_a_line_that_begins_with_a_blank_goes_on() -> None:
    assert value_of("allow any\n  -> any   # everything\n\n  on any\n") == value_of("allow any -> any on any")


def test_lines_inside_brackets_do_not_count() -> None:
    assert {"grants": [{"src": ["*"], "dst": ["*"], "app": {"x.y/z": [{}]}}]} == value_of(
        "allow any -> any app x.y/z [\n{\n}\n]"
    )


def test_promises_are_left_to_others() -> None:
    assert {"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]} == value_of(
        "assert tag:a never reach tag:b\nallow any -> any on any\nassume tag:a and tag:b apart\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grup x = a@b.c", ("LNG001", "grup", "`grup` begins no statement")),
        ("allow any any on any", ("LNG001", "any", "`any` does not belong here")),
        ("allow eng -> any on any", ("LNG002", "eng", "`eng` is no group, host or ipset")),
        ("allow any -> any", ("LNG005", "allow any -> any", "rule does not say what it lets through")),
        (
            "host a = 1.2.3.4\ngroup a = x@y.z\nallow a -> any on any",
            ("LNG006", "a", "`a` is the name of a group and of a host"),
        ),
        ("host a = 1.2.3.4\nhost a = 1.2.3.5", ("LNG003", "a", "host `a` is defined twice")),
        ("allow any -> any on any until soon", ("LNG007", "soon", "`soon` is no date")),
        ("allow any -> any on tcp 99999", ("VAL003", "tcp 99999", "port `99999` is above 65535")),
        ("host a = 10.0.0.300", ("VAL025", "10.0.0.300", "`10.0.0.300` is neither an IP address nor a CIDR")),
        ("allow any -> any on any on any", ("LNG008", "on any", "clause stands twice in one rule")),
    ],
)  # fmt: skip
def test_a_fault_is_found_where_it_stands(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in findings(text)


def test_all_faults_are_found_in_one_run() -> None:
    found = findings("grup a = x\nallow any any\nhost a = 1.2.3\nallow nobody -> any on any\n")

    assert ["LNG001", "LNG001", "VAL025", "LNG002"] == [code for code, _, _ in found]


def test_a_rule_ends_on_its_day_only_when_asked() -> None:
    text = "allow any -> any on any until 2026-01-31"

    assert 1 == len(value_of(text)["grants"])
    assert 0 == len(value_of(text, at=date(2026, 2, 1))["grants"])
    assert 1 == len(value_of(text, at=date(2026, 1, 31))["grants"])
    assert [("LNG004", "until 2026-01-31", "rule ended on 2026-01-31 and is still in the policy")] == findings(
        text, today=date(2026, 2, 1)
    )


@pytest.mark.parametrize(
    "text", ["", "\n", "#", "{", '"', "allow " * 5000, "raw x " + "[" * 5000, "raw x [\n" * 200, "\x00", "\udcff"]
)
def test_hostile_text_is_answered(text: str) -> None:
    read_language(Source("policy.aclc", text))


@given(st.text(alphabet='allow->tag{}[]"#=,: \n\t0123456789group\\', max_size=60))
def test_no_text_raises(text: str) -> None:
    read_language(Source("policy.aclc", text))


def round_trip(text: str) -> None:
    """Convert a HuJSON policy to the language and back; nothing may be lost on the way."""
    source = Source("policy.hujson", text)
    first = read_policy(source)
    assert first.value is not None
    value = first.value.sections
    there = Source("policy.aclc", language_text(first.value, value, [source]))
    second = read_language(there)
    assert second.value is not None, there.text
    assert value == second.value.sections, there.text
    assert sorted(line for _, each in hujson_comments(text) for line in each.split("\n") if line) == sorted(
        each for _, each in language_comments(there.text) if each
    )
    back = Source("policy.hujson", hujson_text(second.value.document, value, [there]))
    third = read_policy(back)
    assert third.value is not None
    assert value == third.value.sections
    assert there.text == language_text(third.value, value, [back])


@pytest.mark.parametrize("name", ["homelab", "startup", "company"])
def test_the_examples_come_back_from_the_language(name: str) -> None:
    round_trip((Path(__file__).parents[2] / "policies" / name / "policy.hujson").read_text(encoding="utf-8"))


@needs_corpus
def test_accepted_captures_come_back_from_the_language() -> None:
    for path in corpus_files("captures/*/*.json")[::7]:
        capture = json.loads(path.read_text())
        if capture["expect"]["status"] == 200:
            round_trip(capture["policy"])


@needs_corpus
def test_real_policies_come_back_from_the_language() -> None:
    for path in corpus_files("policies/head/*"):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if not read_policy(Source("policy.hujson", text)).failed:
            round_trip(text)


@pytest.mark.parametrize("kind", ["group", "host"])
def test_a_name_that_is_an_autogroup_too_must_say_which_it_is(kind: str) -> None:
    """Else defining a group `admin` would change what `admin` means in every other line."""
    defined = {"group": "group admin = a@x.com", "host": "host admin = 10.0.0.1"}[kind]
    text = f"{defined}\ntag web owned by autogroup:admin\nallow {kind} admin -> tag web on any\n"

    assert [] == findings(text)
    (found,) = findings(text.replace("autogroup:admin", "admin"))
    assert ("admin", f"`admin` is the name of a {kind} and of an autogroup") == found[1:]


def test_the_writer_says_which_it_is() -> None:
    round_trip(
        '{"groups": {"group:admin": ["a@x.com"]}, "hosts": {"self": "10.0.0.1"},'
        ' "grants": [{"src": ["group:admin", "autogroup:admin"], "dst": ["self", "autogroup:internet"], "ip": ["*"]}],'
        ' "acls": [{"action": "accept", "src": ["a@x.com"], "dst": ["self:22", "autogroup:self:22"]}]}'
    )
