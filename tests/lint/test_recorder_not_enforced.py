from __future__ import annotations

from tests.lint.checking import findings

SLUG = "recorder-not-enforced"


def test_no_recorder_no_finding() -> None:
    text = (
        """{"ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"]}]}"""
    )
    assert findings(SLUG, text) == []
