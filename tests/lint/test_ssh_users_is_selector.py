from __future__ import annotations

from tests.lint.checking import findings

SLUG = "ssh-users-is-selector"


def test_selectors_among_logins_are_found() -> None:
    """The control plane takes them as they are, so this is no error."""
    text = """{"ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"],
                        "users": ["root", "autogroup:nonroot", "localpart:*@example.com", "DOMAIN\\\\bob",
                                  "tag:a", "group:b", "autogroup:member", "c@example.com"]}]}"""
    offenders = ["tag:a", "group:b", "autogroup:member", "c@example.com"]
    assert findings(SLUG, text) == [("warning", f'"{name}"', None) for name in offenders]
