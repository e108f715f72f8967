from __future__ import annotations

from tests.lint.checking import findings

SLUG = "exit-node-without-internet"


POLICY = """{"tagOwners": {"tag:e": []}, "autoApprovers": {"exitNode": ["tag:e"]},
    "ipsets": {"ipset:i": ["autogroup:internet"]}, "acls": [{"action": "accept", "src": ["*"], "dst": ["%s"]}]}"""


def test_every_way_to_the_internet_counts() -> None:
    for dst in ("*:*", "autogroup:internet:443", "ipset:i:443"):
        assert findings(SLUG, POLICY % dst) == [], dst
    assert len(findings(SLUG, POLICY % "tag:e:*")) == 1


def test_no_approved_exit_node_no_finding() -> None:
    assert findings(SLUG, (POLICY % "tag:e:*").replace('["tag:e"]},', "[]},")) == []
