from __future__ import annotations

from tests.lint.checking import findings

SLUG = "top-level-client-port"


def test_only_where_it_is_on() -> None:
    assert findings(SLUG, """{"randomizeClientPort": false, "grants": []}""") == []
    assert findings(SLUG, """{"randomizeClientPort": true, "grants": []}""") == [
        ("info", '"randomizeClientPort"', None)
    ]
