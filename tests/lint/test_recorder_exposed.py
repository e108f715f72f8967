from __future__ import annotations

from tests.lint.checking import findings

SLUG = "recorder-exposed"


def test_auditors_may_watch() -> None:
    text = """{"tagOwners": {"tag:r": []}, "acls": [{"action": "accept", "src": ["%s"], "dst": ["tag:r:%s"]}], "ssh": [
        {"action": "check", "src": ["a@b.com"], "dst": ["tag:r"], "users": ["root"], "recorder": ["tag:r"]}]}"""
    assert findings(SLUG, text % ("a@example.com", "443")) == []
    assert findings(SLUG, text % ("autogroup:member", "80")) == []
    assert len(findings(SLUG, text % ("autogroup:member", "*"))) == 1
