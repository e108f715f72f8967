from __future__ import annotations

from tests.lint.checking import findings, tailnet_of

SLUG = "rule-matches-no-node"


TAILNET = """{"schema_version": 1, "nodes": [{"name": "r", "addresses": ["100.64.0.1"], "tags": ["tag:r"],
    "advertised_routes": ["10.0.0.0/24"], "approved_routes": ["10.0.0.0/24"]}]}"""
POLICY = """{"tagOwners": {"tag:r": [], "tag:x": []}, "groups": {"group:g": ["a@example.com"]},
    "acls": [{"action": "accept", "src": ["%s"], "dst": ["%s"]}]}"""


def test_sides_are_looked_up_in_the_tailnet() -> None:
    tailnet = tailnet_of(TAILNET)
    wrong = {("group:g", "tag:r:1"), ("tag:r", "tag:x:1"), ("tag:r", "10.1.0.0/24:1")}
    for src in ("group:g", "tag:r", "10.0.0.5"):
        for dst in ("tag:r:1", "tag:x:1", "10.0.0.0/24:1", "10.1.0.0/24:1", "*:1"):
            expected = (
                src == "group:g" or (src, dst) in wrong or (src == "10.0.0.5" and dst in {"tag:x:1", "10.1.0.0/24:1"})
            )
            assert bool(findings(SLUG, POLICY % (src, dst), tailnet)) == expected, (src, dst)


def test_without_a_tailnet_nothing_is_known() -> None:
    assert findings(SLUG, POLICY % ("group:g", "tag:x:1")) == []
