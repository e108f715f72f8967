from __future__ import annotations

from tests.lint.checking import diagnose, findings

SLUG = "redundant-approver"


def policy(routes: str) -> str:
    return (
        f"""{{"tagOwners": {{"tag:a": [], "tag:b": []}}, "grants": [], "autoApprovers": {{"routes": {{{routes}}}}}}}"""
    )


def test_only_where_all_approvers_stand_at_the_wider_route() -> None:
    assert len(findings(SLUG, policy('"10.0.0.0/8": ["tag:a", "tag:b"], "10.1.0.0/16": ["tag:b"]'))) == 1
    assert findings(SLUG, policy('"10.0.0.0/8": ["tag:a"], "10.1.0.0/16": ["tag:a", "tag:b"]')) == []
    assert findings(SLUG, policy('"10.0.0.0/8": ["tag:a"], "11.1.0.0/16": ["tag:a"]')) == []


def test_the_fix_takes_the_narrow_route() -> None:
    text = policy('"10.0.0.0/8": ["tag:a"], "10.1.0.0/16": ["tag:a"]')
    (found,) = (each for each in diagnose(text) if each.code.slug == SLUG)
    assert found.fix is not None
    for edit in sorted(found.fix.edits, key=lambda each: -each.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text == policy('"10.0.0.0/8": ["tag:a"]')
