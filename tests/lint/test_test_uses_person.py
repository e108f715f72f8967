from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "test-uses-person"


def policy(src: str) -> str:
    return f"""{{"groups": {{"group:a": ["a@example.com"], "group:b": ["b@example.com"]}},
        "grants": [{{"src": [{src}], "dst": ["autogroup:self"], "ip": ["*"]}}],
        "tests": [{{"src": "a@example.com", "deny": ["b@example.com:1"]}}]}}"""


def test_the_group_of_the_rules_is_proposed() -> None:
    assert messages(SLUG, policy('"group:a", "group:b"')) == [
        ("this test hangs on `a@example.com` being there", "test `group:a` instead")
    ]


def test_a_person_whom_a_rule_names_is_the_right_source() -> None:
    assert findings(SLUG, policy('"group:a", "a@example.com"')) == []


def test_without_a_group_nothing_better_is_known() -> None:
    assert findings(SLUG, policy('"group:b"')) == []
