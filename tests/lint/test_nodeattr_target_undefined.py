from __future__ import annotations

from tests.lint.checking import findings

SLUG = "nodeattr-target-undefined"


def test_what_is_not_defined_is_refused_in_words_of_its_kind() -> None:
    """The reference has the words for tags and hosts; those for groups are not known."""
    text = """{"nodeAttrs": [{"target": ["tag:a", "%bogus%", "group:b", "10.0.0.1", "*"], "attr": ["funnel"]}]}"""
    assert findings(SLUG, text) == [
        ("error", '"tag:a"', 'tag not found: "tag:a"'),
        ("error", '"%bogus%"', '"%bogus%": invalid address'),
        ("error", '"group:b"', None),
    ]


def test_what_is_defined_is_fine() -> None:
    text = """{"tagOwners": {"tag:a": []}, "hosts": {"nas": "10.0.0.1"}, "groups": {"group:b": []},
               "nodeAttrs": [{"target": ["tag:a", "nas", "group:b"], "attr": ["funnel"]}]}"""
    assert findings(SLUG, text) == []
