from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "any-destination"


def test_machines_are_worse_than_people() -> None:
    text = """{"tagOwners": {"tag:a": []}, "groups": {"group:ops": ["a@example.com"]}, "acls": [
        {"action": "accept", "src": ["tag:a"], "dst": ["*:*"]},
        {"action": "accept", "src": ["group:ops"], "dst": ["0.0.0.0/0:*", "::/0:*"]},
        {"action": "accept", "src": ["autogroup:admin"], "dst": ["*:*"]},
        {"action": "accept", "src": ["tag:a"], "dst": ["*:443"]}]}"""
    assert findings(SLUG, text) == [("warning", '"*:*"', None), ("info", '"0.0.0.0/0:*"', None)]


def test_every_member_is_said_in_words() -> None:
    text = """{"grants": [{"src": ["autogroup:member"], "dst": ["*"], "ip": ["*"]}]}"""
    assert messages(SLUG, text)[0][0] == "every member can reach every port of every device"
