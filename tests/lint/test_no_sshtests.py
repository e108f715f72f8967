from __future__ import annotations

from tests.lint.checking import findings

SLUG = "no-sshtests"


def test_ones_own_devices_need_no_test() -> None:
    text = """{"grants": [], "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"],
        "users": ["autogroup:nonroot"]}]}"""
    assert findings(SLUG, text) == []


def test_it_is_told_once_at_the_section() -> None:
    rule = """{"action": "check", "src": ["autogroup:member"], "dst": ["tag:a"], "users": ["ubuntu"]}"""
    text = f"""{{"tagOwners": {{"tag:a": []}}, "grants": [], "ssh": [{rule}, {rule}]}}"""
    assert findings(SLUG, text) == [("warning", '"ssh"', None)]
