from __future__ import annotations

from tests.lint.checking import findings

SLUG = "k8s-cap-without-net"


def test_another_rule_may_open_the_port() -> None:
    text = """{"tagOwners": {"tag:k": []}, "acls": [{"action": "accept", "src": ["*"], "dst": ["tag:k:443"]}],
        "grants": [{"src": ["autogroup:member"], "dst": ["tag:k"], "app": {"tailscale.com/cap/kubernetes": [{}]}}]}"""
    assert findings(SLUG, text) == []
    assert len(findings(SLUG, text.replace("443", "80"))) == 1
