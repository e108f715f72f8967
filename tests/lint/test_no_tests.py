from __future__ import annotations

from tests.lint.checking import findings

SLUG = "no-tests"


def test_one_finding_for_the_file_at_the_rules() -> None:
    text = """{"tagOwners": {"tag:a": []}, "acls": [{"action": "accept", "src": ["tag:a"], "dst": ["tag:a:22"]},
        {"action": "accept", "src": ["tag:a"], "dst": ["tag:a:80"]}]}"""
    assert findings(SLUG, text) == [("warning", '"acls"', None)]


def test_a_policy_that_opens_everything_has_a_worse_fault() -> None:
    assert findings(SLUG, """{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}""") == []


def test_no_rules_need_no_tests() -> None:
    assert findings(SLUG, """{"grants": []}""") == []
