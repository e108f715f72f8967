from __future__ import annotations

from tests.lint.checking import findings

SLUG = "zero-net-dst"


def test_each_default_route_has_its_words() -> None:
    """Captures grant-v04, grant-v15, grant-v16."""
    text = """{"grants": [{"src": ["*"], "dst": ["10.0.0.0/8", "0.0.0.0/0", "::/0"], "ip": ["*"]}]}"""
    words = 'dst "{}": to allow all IP addresses, use "*" or "autogroup:internet"'
    assert findings(SLUG, text) == [
        ("error", '"0.0.0.0/0"', words.format("0.0.0.0/0")),
        ("error", '"::/0"', words.format("::/0")),
    ]


def test_acls_and_sources_are_not_known_to_be_refused() -> None:
    text = """{"acls": [{"action": "accept", "src": ["0.0.0.0/0"], "dst": ["0.0.0.0/0:443"]}]}"""
    assert findings(SLUG, text) == []
