from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "redundant-selector"


def test_of_two_equal_ones_the_later_is_redundant() -> None:
    text = """{"groups": {"group:a": ["a@example.com"]},
        "grants": [{"src": ["a@example.com", "group:a"], "dst": ["autogroup:self"], "ip": ["*"]}]}"""
    assert messages(SLUG, text)[0][0] == "`group:a` adds nothing to `a@example.com`"


def test_networks_hold_each_other() -> None:
    text = """{"hosts": {"office": "10.1.0.0/16"},
        "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/8", "office", "192.168.0.0/16"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == [("warning", '"office"', None)]


def test_shared_devices_are_not_devices_of_members() -> None:
    """`*` holds them, `autogroup:member` does not."""
    text = """{"tagOwners": {"tag:a": []},
        "grants": [{"src": ["autogroup:shared", "autogroup:member"], "dst": ["tag:a"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []


def test_members_and_tagged_are_two_things() -> None:
    text = """{"tagOwners": {"tag:a": []},
        "grants": [{"src": ["autogroup:member", "tag:a"], "dst": ["autogroup:internet"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
