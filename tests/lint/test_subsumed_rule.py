from __future__ import annotations

from tests.lint.checking import findings

SLUG = "subsumed-rule"


def test_a_service_that_only_the_narrow_rule_names_keeps_it() -> None:
    text = """{"tagOwners": {"tag:a": []}, "autoApprovers": {"services": {"svc:db": ["tag:a"]}}, "grants": [
        {"src": ["autogroup:member"], "dst": ["tag:a"], "ip": ["*"]},
        {"src": ["autogroup:member"], "dst": ["tag:a", "svc:db"], "ip": ["443"]}]}"""
    assert findings(SLUG, text) == []


def test_a_rule_under_one_that_opens_everything_is_told_of_there() -> None:
    text = """{"tagOwners": {"tag:a": []}, "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]},
        {"src": ["autogroup:member"], "dst": ["tag:a"], "ip": ["443"]}]}"""
    assert findings(SLUG, text) == []
    assert len(findings("allow-all-swallows", text)) == 1


def test_ones_own_devices_lie_within_all_devices_of_members() -> None:
    text = """{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:member"], "ip": ["*"]},
        {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["22"]}]}"""
    assert len(findings(SLUG, text)) == 1
    assert findings(SLUG, text.replace('["autogroup:member"], "ip": ["*"]', '["autogroup:self"], "ip": ["80"]')) == []
