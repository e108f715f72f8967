from __future__ import annotations

from tests.lint.checking import findings

SLUG = "danger-all-misuse"

WORDS = "cannot use autogroup:danger-all as a dst"


def test_it_is_no_destination() -> None:
    """Capture grant-k7."""
    text = """{"acls": [{"action": "accept", "src": ["*"], "dst": ["autogroup:danger-all:*"]}],
               "grants": [{"src": ["autogroup:danger-all"], "dst": ["autogroup:danger-all"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == [
        ("error", '"autogroup:danger-all:*"', WORDS),
        ("error", '"autogroup:danger-all"', WORDS),
    ]


def test_it_is_no_source_of_ssh() -> None:
    text = """{"ssh": [{"action": "accept", "src": ["autogroup:danger-all"], "dst": ["autogroup:self"],
                        "users": ["root"]}]}"""
    assert findings(SLUG, text) == [("error", '"autogroup:danger-all"', '"autogroup:danger-all" is not allowed in src')]
