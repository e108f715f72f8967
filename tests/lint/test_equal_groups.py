from __future__ import annotations

from tests.lint.checking import diagnose, findings

SLUG = "equal-groups"
POLICY = """{"grants": [], "groups": {"group:a": ["a@example.com", "b@example.com"],
    "group:b": ["b@example.com", "a@example.com"], "group:c": ["a@example.com"], "group:d": ["a@example.com"]}}"""


def test_order_does_not_count_and_groups_of_one_are_left_alone() -> None:
    assert findings(SLUG, POLICY) == [("info", '"group:b"', None)]


def test_only_in_the_strict_profile() -> None:
    assert SLUG not in {each.code.slug for each in diagnose(POLICY, profile="default")}
