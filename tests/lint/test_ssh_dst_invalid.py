from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "ssh-dst-invalid"


def test_hosts_addresses_groups_and_stars_are_no_destinations() -> None:
    text = """{"hosts": {"srv": "10.0.0.1"}, "groups": {"group:eng": []}, "tagOwners": {"tag:web": []},
               "ssh": [{"action": "accept", "src": ["autogroup:member"], "users": ["root"],
                        "dst": ["srv", "10.0.0.1", "group:eng", "*", "web", "autogroup:internet",
                                "tag:web", "autogroup:self", "autogroup:tagged"]}]}"""
    offenders = ["srv", "10.0.0.1", "group:eng", "*", "web", "autogroup:internet"]
    assert findings(SLUG, text) == [("error", f'"{name}"', f'invalid dst "{name}"') for name in offenders]
    assert messages(SLUG, text)[4] == ("`web` cannot be a destination of ssh", "did you mean `tag:web`?")
