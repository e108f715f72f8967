from __future__ import annotations

from tests.lint.checking import findings

SLUG = "unused-group"


def test_owning_a_tag_approving_and_being_tested_are_uses() -> None:
    text = """{"groups": {"group:a": ["a@example.com"], "group:b": ["a@example.com"], "group:c": ["a@example.com"],
                          "group:d": ["a@example.com"]},
        "tagOwners": {"tag:x": ["group:a"]}, "autoApprovers": {"routes": {"10.0.0.0/8": ["group:b"]}},
        "tests": [{"src": "group:c", "deny": ["tag:x:1"]}], "grants": []}"""
    assert findings(SLUG, text) == [("warning", '"group:d"', None)]
