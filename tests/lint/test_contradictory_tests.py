from __future__ import annotations

from tests.lint.checking import findings

SLUG = "contradictory-tests"


def policy(first: str, second: str) -> str:
    return f"""{{"tagOwners": {{"tag:a": []}}, "grants": [], "tests": [
        {{"src": "tag:a", "accept": ["tag:a:1"]{first}}}, {{"src": "tag:a", "deny": ["tag:a:1"]{second}}}]}}"""


def test_the_deny_is_shown() -> None:
    assert findings(SLUG, policy("", "")) == [("warning", '"tag:a:1"', None)]


def test_a_test_without_protocol_is_passed_by_either() -> None:
    """So it may be open over UDP only; but what must be closed for both must not be open over TCP."""
    assert findings(SLUG, policy("", ', "proto": "tcp"')) == []
    assert len(findings(SLUG, policy(', "proto": "tcp"', ""))) == 1


def test_postures_may_tell_the_two_apart() -> None:
    assert findings(SLUG, policy(', "srcPostureAttrs": {"node:os": "linux"}', "")) == []
