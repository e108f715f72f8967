from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "mergeable-rules"


def policy(*rules: str) -> str:
    listed = ", ".join(f'{{"action": "accept", {rule}}}' for rule in rules)
    return f"""{{"tagOwners": {{"tag:a": [], "tag:b": []}}, "acls": [{listed}]}}"""


def test_one_list_differs() -> None:
    text = policy('"src": ["tag:a"], "dst": ["tag:a:22"]', '"src": ["tag:b"], "dst": ["tag:a:22"]')
    assert messages(SLUG, text) == [
        ("this rule is the one before but for `src`", "put what both have in `src` into one rule")
    ]


def test_two_lists_differ_or_the_protocol_does() -> None:
    first = '"src": ["tag:a"], "dst": ["tag:a:22"]'
    assert findings(SLUG, policy(first, '"src": ["tag:b"], "dst": ["tag:b:22"]')) == []
    assert findings(SLUG, policy(first, f'{first}, "proto": "udp"')) == []


def test_ones_own_devices_stand_alone() -> None:
    mine = '"src": ["autogroup:member"], "dst": ["autogroup:self:*"]'
    assert findings(SLUG, policy(mine, '"src": ["autogroup:member"], "dst": ["tag:a:*"]')) == []


def test_a_rule_that_could_go_is_not_worth_merging() -> None:
    wide = '"src": ["tag:a"], "dst": ["tag:a:22", "tag:b:22"]'
    assert findings(SLUG, policy(wide, '"src": ["tag:a"], "dst": ["tag:a:22"]')) == []
