from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "nested-group"


def test_only_the_group_that_the_control_plane_names_carries_its_words() -> None:
    """Captures ssh-group-nested-cycle and -three-deep name the last group by name."""
    text = """{"groups": {"group:a": ["group:b"], "group:b": ["alice@example.com", "group:a"]}}"""
    assert findings(SLUG, text) == [
        ("error", '"group:b"', None),
        ("error", '"group:a"', 'groups["group:b"]: "group:a": group members cannot be recursive'),
    ]


def test_a_group_that_is_not_defined_is_nested_all_the_same() -> None:
    assert messages(SLUG, """{"groups": {"group:a": ["group:c"]}}""") == [
        (
            "group `group:a` has the group `group:c` as a member",
            "list the members themselves, or name both groups in the rules",
        )
    ]
