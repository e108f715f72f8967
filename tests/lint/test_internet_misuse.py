from __future__ import annotations

from tests.lint.checking import findings

SLUG = "internet-misuse"


def test_it_is_no_source_and_no_target() -> None:
    text = """{"acls": [{"action": "accept", "src": ["autogroup:internet"], "dst": ["autogroup:internet:*"]}],
               "nodeAttrs": [{"target": ["autogroup:internet"], "attr": ["funnel"]}]}"""
    assert findings(SLUG, text) == [
        ("error", '"autogroup:internet"', None),
        ("error", '"autogroup:internet"', None),
    ]


def test_no_capabilities_are_granted_to_it() -> None:
    """Refused also where `ip` is given."""
    text = """{"grants": [{"src": ["*"], "dst": ["*", "autogroup:internet"], "ip": ["*"],
                           "app": {"example.com/cap/a": []}}]}"""
    words = "cannot use app grants with autogroup:internet"
    assert findings(SLUG, text) == [("error", '"autogroup:internet"', words)]
