from __future__ import annotations

from tests.lint.checking import findings

SLUG = "granted-subnet-without-router"


def test_without_a_tailnet_nothing_is_known() -> None:
    text = """{"grants": [{"src": ["autogroup:member"], "dst": ["*", "10.0.0.0/24"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
