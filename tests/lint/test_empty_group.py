from __future__ import annotations

from tests.lint.checking import diagnose, findings

SLUG = "empty-group"


def test_the_places_that_come_to_nothing_are_noted() -> None:
    text = """{"groups": {"group:a": []}, "tagOwners": {"tag:x": ["group:a"]},
        "acls": [{"action": "accept", "src": ["group:a"], "dst": ["tag:x:22"]}]}"""
    found = [each for each in diagnose(text) if each.code.slug == SLUG]
    assert [[note.text for note in each.notes] for each in found] == [
        ["this acl opens nothing to it", "nobody owns the tag by it"]
    ]


def test_an_empty_group_that_nothing_uses_is_for_another_rule() -> None:
    assert findings(SLUG, """{"groups": {"group:a": []}, "grants": []}""") == []
