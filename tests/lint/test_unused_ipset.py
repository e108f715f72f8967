from __future__ import annotations

from tests.lint.checking import findings

SLUG = "unused-ipset"


def test_an_ipset_inside_another_is_used() -> None:
    text = """{"ipsets": {"ipset:a": ["10.0.0.0/8"], "ipset:b": ["ipset:a"]}, "grants": []}"""
    assert findings(SLUG, text) == [("warning", '"ipset:b"', None)]
