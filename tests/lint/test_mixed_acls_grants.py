from __future__ import annotations

from tests.lint.checking import findings

SLUG = "mixed-acls-grants"


def test_grants_of_capabilities_only_are_no_second_list() -> None:
    text = """{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}],
        "grants": [{"src": ["*"], "dst": ["*"], "app": {"example.com/cap": [{}]}}]}"""
    assert findings(SLUG, text) == []
    assert len(findings(SLUG, text.replace('"app"', '"ip": ["*"], "app"'))) == 1
