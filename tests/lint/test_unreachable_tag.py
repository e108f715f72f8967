from __future__ import annotations

from tests.lint.checking import findings

SLUG = "unreachable-tag"


def test_sending_or_being_reached_is_enough() -> None:
    text = """{"tagOwners": {"tag:a": [], "tag:b": [], "tag:c": ["tag:a"]}, "ssh": [
        {"action": "accept", "src": ["tag:c"], "dst": ["tag:c"], "users": ["x"]}],
        "grants": [{"src": ["tag:a"], "dst": ["tag:b"], "ip": ["22"]}]}"""
    assert [span for _, span, _ in findings(SLUG, text)] == ['"tag:c"']
