from __future__ import annotations

from tests.lint.checking import findings

SLUG = "exit-node-tag-as-dst"


POLICY = """{"tagOwners": {"tag:exit": []}, "autoApprovers": {"exitNode": ["tag:exit"]}, "acls": [
    {"action": "accept", "src": ["a@example.com"], "dst": ["tag:exit:%s"]},
    {"action": "accept", "src": ["%s"], "dst": ["autogroup:internet:*"]}]}"""


def test_who_may_use_it_may_reach_it_too() -> None:
    assert len(findings(SLUG, POLICY % ("*", "b@example.com"))) == 1
    assert findings(SLUG, POLICY % ("*", "autogroup:member")) == []
    assert findings(SLUG, POLICY % ("22", "b@example.com")) == []
