from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "allow-all-swallows"


def test_the_rules_are_counted() -> None:
    rule = """{"src": ["autogroup:member"], "dst": ["tag:a"], "ip": ["443"]}"""
    text = (
        f"""{{"tagOwners": {{"tag:a": []}}, "grants": [{rule}, {{"src": ["*"], "dst": ["*"], "ip": ["*"]}}, {rule}]}}"""
    )
    assert messages(SLUG, text)[0][0] == "this rule opens everything, so 2 other rules change nothing"


def test_everything_on_one_port_swallows_nothing() -> None:
    text = """{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["443"]},
        {"src": ["autogroup:member"], "dst": ["autogroup:member"], "ip": ["443"]}]}"""
    assert findings(SLUG, text) == []


def test_alone_it_swallows_nothing() -> None:
    assert findings(SLUG, """{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}""") == []
