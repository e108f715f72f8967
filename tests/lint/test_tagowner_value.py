from __future__ import annotations

from tests.lint.checking import messages

SLUG = "tagowner-value"


def test_owners_are_people_or_tags() -> None:
    text = """{"groups": {"group:ops": []}, "tagOwners": {"tag:a": ["*", "10.0.0.1", "ops", "autogroup:self",
               "a@x.com", "group:ops", "tag:a", "autogroup:member", "autogroup:tagged", "user:*@x.com"]}}"""
    assert [message for message, _ in messages(SLUG, text)] == [
        "`*` cannot own a tag",
        "`10.0.0.1` cannot own a tag",
        "`ops` cannot own a tag",
        "`autogroup:self` cannot own a tag",
    ]
    assert [help for _, help in messages(SLUG, text)][2] == "did you mean `group:ops`?"


def test_tags_may_own_each_other_in_a_circle() -> None:
    """Accepted by the control plane in two captures."""
    assert messages(SLUG, """{"tagOwners": {"tag:a": ["tag:b"], "tag:b": ["tag:a"]}}""") == []
