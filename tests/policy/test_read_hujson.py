"""Policies as a whole: keys, sections, many mistakes at once."""

from __future__ import annotations

import pytest

from aclc.diagnostics import Severity
from aclc.policy.read_hujson import read_policy
from aclc.source import Source
from tests.policy.marked import Case, acl, check, found, read, read_anyway, section

WARNING, INFO = Severity.WARNING, Severity.INFO

CASES = [
    Case(
        section('«"gruops"»: {"group:a": []}'),
        "SYN007",
        "the policy has no key `gruops`",
        'json: unknown field "gruops"',
    ),
    Case(
        section('«"nodeVisibility"»: []'),
        "SYN007",
        "the policy has no key `nodeVisibility`",
        'json: unknown field "nodeVisibility"',
    ),
    Case(
        acl('«"scr"»: ["*"]').replace(', "src": ["*"]', ""),
        "SYN007",
        "an acl has no key `scr`",
        'json: unknown field "scr"',
    ),
    Case(
        acl('«"sourcePosture"»: []'),
        "SYN007",
        "an acl has no key `sourcePosture`",
        'json: unknown field "sourcePosture"',
    ),
    Case(acl('«"//"»: "a comment"'), "SYN007", "an acl has no key `//`", 'json: unknown field "//"'),
    Case(
        '{«"ACLs"»: [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}',
        "SYN008",
        "key `ACLs` is spelled `acls`",
        severity=WARNING,
    ),
    Case(
        '{"acls": [{"action": "accept", «"Users"»: ["*"], "ports": ["*:*"]}]}',
        "SYN008",
        "key `Users` is spelled `users`",
        severity=WARNING,
    ),
    Case(acl('"src": ["*"], «"users"»: ["*"]'), "VAL034", "`users` and `src` are two names of one key"),
    Case(acl('"action": "accept", «"action"»: "accept"'), "SYN006", "key `action` is given twice"),
    Case(
        '{"grants": «{}»}',
        "SYN009",
        "`grants` must be a list of objects, not an object",
        "json: cannot unmarshal object into Go",
    ),
    Case(
        section('"disableIPv4": «1»'),
        "SYN009",
        "`disableIPv4` must be true or false, not the number 1",
        "json: cannot unmarshal number into Go",
    ),
    Case(
        "«{»}",
        "SYN014",
        "policy has neither `acls` nor `grants`, which allows everything to everybody",
        severity=WARNING,
    ),
    Case(
        '«{»"groups": {"group:a": ["a@example.com"]}, "acls": null}',
        "SYN014",
        "policy has neither `acls` nor `grants`, which allows everything to everybody",
        severity=WARNING,
    ),
    Case(
        '{"grants": «[]»}',
        "SYN013",
        "empty `grants` allows nothing; without the key everything would be allowed",
        severity=INFO,
    ),
    Case(section('"grants": «[]»'), "SYN013", "empty `grants` has no effect", severity=INFO),
    Case(section('"groups": «{}»'), "SYN013", "empty `groups` has no effect", severity=INFO),
    Case("«[»1]", "SYN018", "file holds a list, not a policy", "json: cannot unmarshal array into Go"),
    Case('«"»x"', "SYN018", "file holds a single value, not a policy", "json: cannot unmarshal string into Go"),
    Case(
        '// a fragment\n«{»"group:a": [], "group:b": []}',
        "SYN018",
        "object has no section of a policy; it begins with `group:a`",
        'json: unknown field "group:a"',
    ),
    Case(
        '«{»"action": "accept", "src": ["*"]}',
        "SYN018",
        "object has no section of a policy; it begins with `action`",
        'json: unknown field "action"',
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_one_mistake_is_one_finding_at_its_place(case: Case) -> None:
    """Code, span, words and the control plane's own words are as expected, and nothing else is found."""
    check(case)


def test_case_fold_duplicate_is_reported_with_the_first_one() -> None:
    """The control plane takes the later one."""
    text = '{"grants": [], "acls": [], "ACLS": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}'
    (duplicate,) = (each for each in found(text) if each.code.id == "SYN006")
    assert ('"ACLS"', ['"acls"']) == (duplicate.span.text, [note.span.text for note in duplicate.notes])
    assert 1 == len(read_anyway(text).acls or ())


def test_misspelled_section_is_read_all_the_same() -> None:
    """What is wrong inside it is found in the same run, at its place; the section does not count as missing."""
    faults = found('{"grant": [{"src": ["*"], "dst": ["*"], "ip": ["ssh"]}]}')
    assert [("SYN007", '"grant"'), ("VAL003", "ssh")] == [(fault.code.id, fault.span.text) for fault in faults]


def test_where_a_fragment_belongs() -> None:
    """Advice by its keys."""
    texts = ('{"group:a": []}', '{"tag:a": [], "tag:b": []}', '{"action": "accept", "src": [], "dst": []}', '{"x": 1}')
    assert [
        "put it under `groups`",
        "put it under `tagOwners`",
        "put it into the list `acls`",
        'a policy is an object such as `{"groups": {…}, "grants": […]}`',
    ] == [found(text)[0].help for text in texts]


def test_ten_mistakes_are_ten_findings() -> None:
    """One run names them all, each at its line, and nothing that only follows from another."""
    text = """{
  "groups": {"group:eng": "a@example.com"},
  "tagOwners": {"tag:my_tag": []},
  "hosts": {"nas": "10.0.0.300"},
  "acls": [
    {"action": "drop", "src": ["*"], "dst": ["*:*"]},
    {"action": "accept", "src": ["*"], "dst": ["tag:web:ssh"]},
    {"action": "accept", "src": ["*"], "dest": ["tag:web:22"]},
  ],
  "grants": [
    {"src": ["*"], "dst": ["*"]},
    {"src": ["*"], "dst": ["*"], "ip": ["tcp:80,443"]},
  ],
  "ssh": [
    {"action": "check", "src": ["group:eng"], "dst": ["tag:web"], "checkPeriod": "200h", "users": ["*"]},
  ],
}
"""
    faults = found(text)
    assert [
        (2, "SYN009"),
        (3, "VAL023"),
        (4, "VAL025"),
        (6, "VAL008"),
        (7, "VAL003"),
        (8, "SYN007"),
        (11, "VAL010"),
        (12, "VAL003"),
        (15, "VAL019"),
        (15, "VAL018"),
    ] == [(fault.span.source.position(fault.span.start).line, fault.code.id) for fault in faults]


def test_syntax_errors_and_wrong_values_are_found_together() -> None:
    """Nothing is called missing where something was lost."""
    faults = found('{"acls": [\n{"action": "deny", "src": ["*"] "dst": ["*:*"]}\n]}')
    assert ["VAL008", "SYN001"] == [fault.code.id for fault in faults]


def test_whole_policy_has_defaults() -> None:
    """Absent sections are empty; `acls` and `grants` tell absent from empty."""
    policy = read('{"grants": []}')
    assert (None, (), None, {}, False, "") == (
        policy.acls,
        policy.grants,
        policy.ssh,
        policy.groups,
        policy.disable_ipv4,
        policy.one_cgnat_route,
    )
    assert not policy.allows_everything_by_default


def test_flags_are_read() -> None:
    """The three settings that are no lists."""
    policy = read(section('"disableIPv4": true, "OneCGNATRoute": "mac-always", "randomizeClientPort": true'))
    assert (True, "mac-always", True) == (policy.disable_ipv4, policy.one_cgnat_route, policy.randomize_client_port)


def test_many_unknown_keys_are_refused_in_time() -> None:
    """Guesses at what was meant stop after a while; the findings do not."""
    members = ", ".join(f'"k{number}": 0' for number in range(3000))
    assert 3000 == len(found(f'{{"grants": [{{{members}, "src": ["*"], "dst": ["*"], "ip": ["*"]}}]}}'))


@pytest.mark.parametrize("text", ["", "{", "[[[", '{"acls": ', "\ufeff{}", '{"a": "\udc80"}', "nul"])
def test_broken_text_has_an_error(text: str) -> None:
    """Whatever the text reader finds is handed on."""
    assert any(each.severity is Severity.ERROR for each in read_policy(Source("x", text)).diagnostics)


PAIRS = (("acls", "grants"), ("grants", "acls"))


def test_two_empty_lists_of_rules_each_name_the_other() -> None:
    messages = [each.message for each in found('{"acls": [], "grants": []}')]
    assert [f"empty `{one}` allows nothing, as the empty `{other}` does" for one, other in PAIRS] == messages
