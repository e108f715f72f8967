from __future__ import annotations

from tests.lint.checking import diagnose, findings

SLUG = "duplicate-rule"


def test_acls_and_grants_are_one_list() -> None:
    text = """{"tagOwners": {"tag:a": []},
        "acls": [{"action": "accept", "src": ["tag:a"], "dst": ["tag:a:22"]}],
        "grants": [{"src": ["tag:a"], "dst": ["tag:a"], "ip": ["22"]}]}"""
    assert len(findings(SLUG, text)) == 1


def test_the_fix_takes_the_later_rule_and_its_comment() -> None:
    text = """{"tagOwners": {"tag:a": []}, "acls": [
  // first
  {"action": "accept", "src": ["tag:a"], "dst": ["tag:a:22,80"]},
  // second
  {"action": "accept", "src": ["tag:a"], "dst": ["tag:a:80", "tag:a:22"]},
]}"""
    (found,) = (each for each in diagnose(text) if each.code.slug == SLUG)
    assert found.fix is not None
    assert found.fix.safe
    for edit in sorted(found.fix.edits, key=lambda each: -each.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text.endswith('[\n  // first\n  {"action": "accept", "src": ["tag:a"], "dst": ["tag:a:22,80"]},\n]}')


def test_capabilities_and_steering_are_more_than_access() -> None:
    rule = """{"src": ["tag:a"], "dst": ["tag:a"], "ip": ["22"], "app": {"example.com/cap": [{}]}}"""
    assert findings(SLUG, f"""{{"tagOwners": {{"tag:a": []}}, "grants": [{rule}, {rule}]}}""") == []
