from __future__ import annotations

from tests.lint.checking import messages

SLUG = "shared-users-broad"


def test_all_devices_on_one_port_are_too_much() -> None:
    text = """{"acls": [{"action": "accept", "src": ["autogroup:shared"], "dst": ["*:443"]}]}"""
    assert messages(SLUG, text)[0][0] == "everybody outside to whom something is shared can reach every device"


def test_all_ports_of_all_devices_are_for_another_rule() -> None:
    assert messages(SLUG, """{"acls": [{"action": "accept", "src": ["autogroup:shared"], "dst": ["*:*"]}]}""") == []


def test_an_asterisk_is_for_another_rule() -> None:
    assert messages(SLUG, """{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:443"]}]}""") == []
