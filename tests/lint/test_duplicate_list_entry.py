from __future__ import annotations

from aclc.diagnostics import Fix
from tests.lint.checking import diagnose, findings

SLUG = "duplicate-list-entry"


def test_only_repeats_go_and_comments_of_others_stay() -> None:
    text = """{"grants": [], "groups": {"group:a": [
    "a@example.com", // first
    "b@example.com", // second
    "a@example.com", // third
    "a@example.com" // fourth
  ]}}"""
    (found,) = (each for each in diagnose(text) if each.code.slug == SLUG)
    assert isinstance(found.fix, Fix)
    for edit in sorted(found.fix.edits, key=lambda each: -each.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text.endswith('[\n    "a@example.com", // first\n    "b@example.com" // second\n  ]}}')
    assert findings(SLUG, text) == []


def test_steps_of_an_ipset_are_not_a_set() -> None:
    text = """{"grants": [], "ipsets": {"ipset:a": ["add 10.0.0.0/8", "remove 10.0.0.0/16", "add 10.0.0.0/8"]}}"""
    assert findings(SLUG, text) == []


def test_approvers_owners_and_old_keys_are_looked_at() -> None:
    text = """{"tagOwners": {"tag:a": ["a@example.com", "a@example.com"]},
        "autoApprovers": {"exitNode": ["tag:a", "tag:a"], "routes": {"10.0.0.0/8": ["tag:a", "tag:a"]}},
        "acls": [{"action": "accept", "users": ["tag:a", "tag:a"], "ports": ["tag:a:1"]}]}"""
    assert [found for _, found, _ in findings(SLUG, text)] == ['"a@example.com"', '"tag:a"', '"tag:a"', '"tag:a"']
