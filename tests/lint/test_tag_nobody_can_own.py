from __future__ import annotations

from tests.lint.checking import findings

SLUG = "tag-nobody-can-own"


def test_owners_that_stand_for_nobody_are_none() -> None:
    text = """{"groups": {"group:a": []}, "grants": [],
        "tagOwners": {"tag:x": ["tag:y"], "tag:y": ["group:a", "tag:x"], "tag:z": ["tag:w"],
                      "tag:w": ["b@example.com"]}}"""
    assert [span for _, span, _ in findings(SLUG, text)] == ['"tag:x"', '"tag:y"']
