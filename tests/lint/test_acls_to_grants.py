from __future__ import annotations

from tests.lint.checking import findings, messages

SLUG = "acls-to-grants"


def test_a_rule_makes_a_grant_per_set_of_ports() -> None:
    text = """{"tagOwners": {"tag:a": []}, "acls": [
        {"action": "accept", "src": ["tag:a"], "dst": ["tag:a:22", "10.0.0.1:22", "10.0.0.2:80"]},
        {"action": "accept", "src": ["tag:a"], "dst": ["10.0.0.3:22"]}]}"""
    assert messages(SLUG, text)[0][0] == "3 grants say the same as these rules"


def test_beside_grants_another_rule_speaks() -> None:
    text = """{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}],
        "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}"""
    assert findings(SLUG, text) == []
    assert len(findings("mixed-acls-grants", text)) == 1
