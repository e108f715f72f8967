from __future__ import annotations

from tests.lint.checking import findings

SLUG = "danger-all"


def test_all_addresses_of_a_family_are_the_same() -> None:
    text = """{"acls": [{"action": "accept", "src": ["0.0.0.0/0", "100.64.0.0/10", "::/0"], "dst": ["*:443"]}]}"""
    assert [span for _, span, _ in findings(SLUG, text)] == ['"0.0.0.0/0"', '"::/0"']
