from __future__ import annotations

from tests.lint.checking import findings

SLUG = "self-tag-mutual-all"


def test_another_tag_is_no_matter() -> None:
    text = (
        """{"tagOwners": {"tag:a": [], "tag:b": []}, "grants": [{"src": ["tag:a"], "dst": ["tag:b"], "ip": ["*"]}]}"""
    )
    assert findings(SLUG, text) == []
