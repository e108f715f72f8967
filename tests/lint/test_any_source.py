from __future__ import annotations

from tests.lint.checking import messages

SLUG = "any-source"


def test_all_kinds_of_devices_together_are_everything() -> None:
    text = """{"hosts": {"h": "10.0.0.1"}, "acls": [
        {"action": "accept", "dst": ["h:8080"],
         "src": ["autogroup:member", "autogroup:tagged", "autogroup:shared"]}]}"""
    assert messages(SLUG, text)[0][0] == (
        "these sources are every device, also servers and people outside to whom something is shared"
    )


def test_members_own_devices_the_internet_and_dns_are_fine() -> None:
    text = """{"hosts": {"h": "10.0.0.1"}, "acls": [
        {"action": "accept", "src": ["autogroup:member", "autogroup:tagged"], "dst": ["h:8080"]},
        {"action": "accept", "src": ["*"], "dst": ["autogroup:self:*"]},
        {"action": "accept", "src": ["*"], "dst": ["autogroup:internet:*"]},
        {"action": "accept", "src": ["*"], "dst": ["h:53"]}]}"""
    assert messages(SLUG, text) == []


def test_what_worse_findings_speak_of_is_left_to_them() -> None:
    for dst in ("*:*", "h:22"):
        text = f'{{"hosts": {{"h": "10.0.0.1"}}, "acls": [{{"action": "accept", "src": ["*"], "dst": ["{dst}"]}}]}}'
        assert messages(SLUG, text) == []
