from __future__ import annotations

from tests.lint.checking import findings

SLUG = "ssh-nonroot-to-tag"


def test_own_devices_are_fine() -> None:
    text = """{"ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"],
        "users": ["autogroup:nonroot"]}]}"""
    assert findings(SLUG, text) == []
