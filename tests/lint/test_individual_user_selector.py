from __future__ import annotations

from tests.lint.checking import findings

SLUG = "individual-user-selector"


def test_each_person_is_told_of_once() -> None:
    text = """{"acls": [{"action": "accept", "src": ["a@b.com"], "dst": ["*:1"]},
        {"action": "accept", "src": ["a@b.com", "c@b.com"], "dst": ["*:2"]}]}"""
    assert [span for _, span, _ in findings(SLUG, text)] == ['"a@b.com"', '"c@b.com"']
