from __future__ import annotations

from tests.lint.checking import findings

SLUG = "funnel-broad"


def test_named_tags_and_people_are_fine() -> None:
    text = """{"tagOwners": {"tag:a": []}, "nodeAttrs": [
        {"target": ["tag:a", "a@example.com", "*"], "attr": ["funnel"]}]}"""
    assert [span for _, span, _ in findings(SLUG, text)] == ['"*"']
