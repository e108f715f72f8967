from __future__ import annotations

from tests.lint.checking import findings

SLUG = "no-deny-assertion"
RULES = """"grants": [{"src": ["a@example.com"], "dst": ["autogroup:self"], "ip": ["*"]}]"""


def test_one_deny_is_enough() -> None:
    text = (
        """{"tests": [{"src": "a@example.com", "accept": ["a@example.com:1"]},
                              {"src": "b@example.com", "deny": ["a@example.com:1"]}], """
        + RULES
        + "}"
    )
    assert findings(SLUG, text) == []


def test_an_empty_deny_is_none() -> None:
    text = """{"tests": [{"src": "a@example.com", "accept": ["a@example.com:1"], "deny": []}], """ + RULES + "}"
    assert findings(SLUG, text) == [("warning", '"tests"', None)]
