from __future__ import annotations

from aclc.diagnostics import Fix
from tests.lint.checking import diagnose, findings

SLUG = "duplicate-test"


def test_the_later_one_is_removed_with_its_comma() -> None:
    text = """{"tagOwners": {"tag:a": []}, "grants": [],
  "tests": [
    {"src": "tag:a", "deny": ["tag:a:1", "tag:a:2"]}, // both
    {"src": "tag:a", "deny": ["tag:a:2"]} // one
  ]}"""
    (found,) = (each for each in diagnose(text) if each.code.slug == SLUG)
    assert isinstance(found.fix, Fix)
    assert found.fix.safe
    for edit in sorted(found.fix.edits, key=lambda each: -each.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text.endswith('  "tests": [\n    {"src": "tag:a", "deny": ["tag:a:1", "tag:a:2"]} // both\n  ]}')


def test_another_protocol_or_posture_is_another_test() -> None:
    text = """{"tagOwners": {"tag:a": []}, "grants": [], "tests": [
        {"src": "tag:a", "deny": ["tag:a:1"]}, {"src": "tag:a", "deny": ["tag:a:1"], "proto": "udp"},
        {"src": "tag:a", "deny": ["tag:a:1"], "srcPostureAttrs": {"node:os": "linux"}}]}"""
    assert findings(SLUG, text) == []
