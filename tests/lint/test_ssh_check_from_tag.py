from __future__ import annotations

from tests.lint.checking import findings

SLUG = "ssh-check-from-tag"


def test_each_tagged_source_of_a_check_is_found() -> None:
    text = """{"tagOwners": {"tag:ci": [], "tag:web": []}, "ssh": [
        {"action": "check", "src": ["autogroup:member", "tag:ci", "autogroup:tagged"], "dst": ["tag:web"],
         "users": ["a"]},
        {"action": "accept", "src": ["tag:ci"], "dst": ["tag:web"], "users": ["a"]}]}"""
    assert findings(SLUG, text) == [("warning", '"tag:ci"', None), ("warning", '"autogroup:tagged"', None)]
