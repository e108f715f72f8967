from __future__ import annotations

from tests.lint.checking import messages

SLUG = "all-ports"


def test_named_people_and_named_ports_are_fine() -> None:
    text = """{"tagOwners": {"tag:a": []}, "groups": {"group:ops": ["a@example.com"]}, "acls": [
        {"action": "accept", "src": ["autogroup:tagged"], "dst": ["tag:a:*"]},
        {"action": "accept", "src": ["group:ops"], "dst": ["tag:a:*"]},
        {"action": "accept", "src": ["autogroup:member"], "dst": ["tag:a:443"]}]}"""
    assert messages(SLUG, text) == [
        ("every tagged device can reach every port of `tag:a`", "name the ports that are needed")
    ]
