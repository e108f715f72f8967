from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "undefined-ipset"


def test_undefined_sets_are_found_in_rules_and_in_sets() -> None:
    text = """{"ipsets": {"ipset:a": ["add ipset:b"]}, "grants": [{"src": ["*"], "dst": ["ipset:c"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == [("error", '"add ipset:b"', None), ("error", '"ipset:c"', None)]


def test_a_cycle_is_found_once_and_says_its_way() -> None:
    text = """{"ipsets": {"ipset:a": ["add ipset:b"], "ipset:b": ["10.0.0.0/8", "remove ipset:c"],
               "ipset:c": ["add ipset:a"], "ipset:d": ["add ipset:a"]}}"""
    assert messages(SLUG, text) == [
        ("ipset `ipset:a` contains itself through `ipset:b`, `ipset:c`", "leave one of these members out")
    ]
    assert findings(SLUG, text) == [("error", '"add ipset:a"', None)]


def test_a_set_in_itself_is_a_cycle() -> None:
    assert messages(SLUG, """{"ipsets": {"ipset:a": ["add ipset:a"]}}""") == [
        ("ipset `ipset:a` contains itself", "leave one of these members out")
    ]


def test_a_set_that_two_sets_share_is_no_cycle() -> None:
    text = """{"ipsets": {"ipset:a": ["ipset:b", "ipset:c"], "ipset:b": ["ipset:c"], "ipset:c": ["10.0.0.0/8"]}}"""
    assert findings(SLUG, text) == []


def test_sets_may_be_nested_deeply() -> None:
    sets = ", ".join(f'"ipset:s{number}": ["ipset:s{number + 1}"]' for number in range(3000))
    assert findings(SLUG, f'{{"ipsets": {{{sets}, "ipset:s3000": ["10.0.0.0/8"]}}}}') == []


def test_a_host_in_a_set_needs_its_prefix() -> None:
    text = """{"hosts": {"nas": "10.0.0.1"}, "ipsets": {"ipset:a": ["add nas", "group:eng", "*"]}}"""
    kinds = "an ipset holds addresses, CIDRs, ranges, `host:name`, other ipsets and `autogroup:internet`"
    assert messages(SLUG, text) == [
        ("`nas` cannot be a member of an ipset", "write `host:nas`"),
        ("`group:eng` cannot be a member of an ipset", kinds),
        ("`*` cannot be a member of an ipset", kinds),
    ]
