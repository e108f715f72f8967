from __future__ import annotations

from tests.lint.checking import findings

SLUG = "posture-less-sensitive"


def test_without_postures_nothing_is_asked() -> None:
    text = """{"tagOwners": {"tag:prod": []}, "grants": [{"src": ["*"], "dst": ["tag:prod"], "ip": ["tcp:443"]}]}"""
    assert findings(SLUG, text) == []
