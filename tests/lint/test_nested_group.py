from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "nested-group"


def test_each_offender_carries_the_words_it_would_have() -> None:
    """Capture ssh-group-nested-cycle names the second."""
    text = """{"groups": {"group:a": ["group:b"], "group:b": ["alice@example.com", "group:a"]}}"""
    assert findings(SLUG, text) == [
        ("error", '"group:b"', 'groups["group:a"]: "group:b": group members cannot be recursive'),
        ("error", '"group:a"', 'groups["group:b"]: "group:a": group members cannot be recursive'),
    ]


def test_a_group_that_is_not_defined_is_nested_all_the_same() -> None:
    assert messages(SLUG, """{"groups": {"group:a": ["group:c"]}}""") == [
        (
            "group `group:a` has the group `group:c` as a member",
            "list the members themselves, or name both groups in the rules",
        )
    ]
