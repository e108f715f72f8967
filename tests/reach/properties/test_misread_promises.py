"""Statements that are no promise: which part is underlined, and what is said to do about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.diagnostics import Diagnostic
from aclc.policy.read_hujson import read_policy
from aclc.policy.read_language import read_language
from aclc.reach.properties.promises import example_promise, promises_of
from aclc.reach.properties.property_file import has_form, parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.property_findings import findings
from aclc.reach.prove.prove import prove
from aclc.source import Source

POLICY = """{
  "groups": {"group:eng": ["ann@x.com"], "group:out": ["kim@y.com"]},
  "tagOwners": {"tag:a": [], "tag:b": []},
  "nodeAttrs": [{"target": ["tag:a"], "attr": ["funnel"]}],
  "grants": [
    {"src": ["group:out"], "dst": ["tag:a"], "ip": ["tcp:22"]},
    {"src": ["tag:a"], "dst": ["tag:b"], "ip": ["tcp:443"]},
  ],
  "ssh": [{"action": "accept", "src": ["group:out"], "dst": ["tag:a"], "users": ["root"]}],
}"""


def found(text: str) -> list[Diagnostic]:
    """Give what is found about promises, in order: misread, misnamed, or not kept."""
    policy = read_policy(Source("policy.hujson", POLICY)).value
    assert policy is not None
    parsed = parse_properties(Source("p.aclc", text))
    assert parsed.value is not None
    bound = bind_names(policy, parsed.value)
    assert bound.value is not None
    if parsed.diagnostics or bound.diagnostics:
        return [*parsed.diagnostics, *bound.diagnostics]
    return list(findings(prove(policy, bound.value)))


@pytest.mark.parametrize(
    ("line", "part", "help"),
    [
        ("asert tag:a never reach tag:b", "asert", "did you mean `assert`?"),
        ("assert tag:a nver reach tag:b", "nver", "did you mean `never`?"),
        ("assert tag:a nver reech tag:b", "nver", "did you mean `never`?"),
        ("assert tag:a reach at most 20", "at most 20", "did you mean `at most 20 nodes`?"),
        ("assert tag:a reaches at most 20 on tcp 22", "at most 20", "did you mean `at most 20 nodes`?"),
        ("assert tag:a reach no more than 5 devices", "no more than 5 devices", "did you mean `at most 5 nodes`?"),
        ("assert tag:a reach at most ten nodes", "ten", "write it in digits: `at most 5 nodes`"),
        ("assert tag:a never reach tag:b on 5432/tcp", "5432/tcp", "did you mean `tcp 5432`?"),
        ("assert tag:a never reach tag:b on udp 53, tcp/5432", "tcp/5432", "did you mean `tcp 5432`?"),
        ("assert tag:a never reach tag:b on tpc 22", "tpc", "did you mean `tcp`?"),
        ("assert tag:a never reach tag:b on tcp 22 80", "tcp 22 80", "did you mean `tcp 22, 80`?"),
        ("assert tag:a never reach tag:b on tcp 99999", "99999", "ports go up to 65535"),
        ("assert tag:a never reach tag:b on tcp 90-80", "90-80", "did you mean `80-90`?"),
        ("assert tag:a never reach tag:b on ssh", "ssh", "did you mean `tcp 22`?"),
        ("assert tag:a never reach tag:b on port 22", "port 22", "did you mean `22`, or `tcp 22`?"),
        ("assert tag:a never reach tag:b on icmp, 22", "22", "write it: `tcp 22`"),
        ("assert tag:a reaches tag:b", "reaches", "did you mean `never reach`, or `always reach`?"),
        ("assert tag:a cannot reach tag:b", "cannot reach", "did you mean `never reach`?"),
        ("assert tag:a -> tag:b", "->", "did you mean `never reach`, or `always reach`?"),
        ("assert isolated tag:a, tag:b", "tag:a, tag:b", "write `isolated tag:a | tag:b`"),
        ("assert tag:a and tag:b apart", "assert", "did you mean `assume`?"),
        ("assume tag:a never reach tag:b", "assume", "did you mean `assert`?"),
        ("assume tag:a and kim@y.com apart", "kim@y.com", "an assumption keeps two tags apart"),
        ("assert tag:a exposed to shared", "exposed to", "did you mean `exposed at most to`?"),
        ("assert no new access since git:main", "no new access since", "did you mean `no new access against`?"),
        ("assert equivalent with old.hujson", "equivalent with", "did you mean `equivalent to`?"),
        ("assert tag:a never reach", "never reach", "write `A never reach B`"),
        ("assert tag:a never reach tag:bb", "tag:bb", "did you mean `tag:b`?"),
        ("assert eng, outt never reach tag a", "outt", "did you mean `group:out`?"),
        ("assert tag:a and tag:b never reach eng", "tag:a and tag:b", "separate names with commas: `tag:a, tag:b`"),
        ("assert tag:a never reach tag:b om tcp 22", "tag:b om tcp 22", "did you mean `on` by `om`?"),
        ("assert autogroup:membr never reach tag:b", "autogroup:membr", "did you mean `autogroup:member`?"),
        ("assert ipset:x never reach tag:b", "ipset:x", "it defines no ipset at all"),
    ],
)
def test_what_is_wrong_is_underlined_and_what_was_meant_is_said(line: str, part: str, help: str) -> None:
    assert [(part, help)] == [(each.span.text, each.help) for each in found(f"# a comment\n{line}\n")]


APART = "assume tag:a and tag:b apart\n"


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("assert group:eng, group:out never reach tag:a", "group:out"),
        ("assert group:eng, group:out never reach tag:b transitively", "group:out"),
        ("assert only group:eng reach tag:b,  # both\n  tag:a on tcp 22", "tag:a"),
        ("assert isolated eng | out | tag a", "out"),
        ("assert group:out always reach tag:a on tcp 22, 80", "80"),
        ("assert group:eng, group:out always reach tag:a on tcp 22", "group:eng"),
        ("assert group:out reach at most 3 nodes", "3"),
        ("assert tag:b, tag:a exposed at most to shared", "tag:a"),
        ("assert nobody exposed", "assert nobody exposed"),
        ("assert equivalent to old.hujson", "old.hujson"),
    ],
)
def test_the_part_of_a_promise_that_does_not_hold_is_underlined(line: str, part: str) -> None:
    assert [part] == [each.span.text for each in found(APART + line)]


def test_what_is_missing_comes_with_a_question_to_ask() -> None:
    assert ["`aclc why group:out tag:a:80` says what is missing"] == [
        each.help for each in found("assert group:out always reach tag:a on tcp 22, 80")
    ]


def test_a_promise_of_the_language_is_underlined_too_constants_or_not() -> None:
    text = "group eng = ann@x.com\ntag web owned by eng\nassert eng never reach tag wob\n"
    read = read_language(Source("policy.aclc", text)).value
    assert read is not None
    promises = promises_of(read, None).value
    assert promises is not None

    assert ["tag wob"] == [each.span.text for each in bind_names(read, promises).diagnostics]


def test_the_example_can_be_read_and_means_something() -> None:
    policy = read_policy(Source("policy.hujson", POLICY)).value
    assert policy is not None
    parsed = parse_properties(Source("p.aclc", example_promise(policy)))

    assert "assert group:eng never reach tag:a" == example_promise(policy)
    assert ((), ()) == (parsed.diagnostics, bind_names(policy, parsed.value or ()).diagnostics)


WORDS = """assert assume tag:a tag:b , | never always only isolated reach reaches at most 5 nodes on tcp 22 22-80
transitively nobody exposed to but no new access against equivalent and apart x 5/tcp -> é ,,"""
words = st.sampled_from([*WORDS.split(), "", "\x00"])


@given(st.lists(words, max_size=9).map(" ".join))
def test_no_statement_raises_and_each_place_is_in_it(line: str) -> None:
    parsed = parse_properties(Source("p.aclc", line))
    for each in parsed.diagnostics:
        assert 0 <= each.span.start < each.span.end <= len(line)
        assert each.help
    for promise in parsed.value or ():
        assert has_form(" ".join(line.split()), 7)
        for side, places in zip(promise.sides, promise.places.sides, strict=True):
            assert len(side) == len(places)


def test_at_an_endless_statement_nobody_guesses() -> None:
    parsed = parse_properties(Source("p.aclc", "assert " + "nver reach " * 5000))

    assert ["promise cannot be read"] == [each.message for each in parsed.diagnostics]
