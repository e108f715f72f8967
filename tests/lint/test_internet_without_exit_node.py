from __future__ import annotations

from tests.lint.checking import findings, tailnet_of

SLUG = "internet-without-exit-node"


def test_an_exit_node_makes_it_right() -> None:
    text = """{"acls": [{"action": "accept", "src": ["*"], "dst": ["autogroup:internet:*"]}]}"""
    node = """{"schema_version": 1, "nodes": [{"name": "r", "addresses": ["100.64.0.1"], "tags": ["tag:r"],
        "advertised_routes": ["0.0.0.0/0"], "approved_routes": [%s]}]}"""
    assert findings(SLUG, text) == []
    assert findings(SLUG, text, tailnet_of(node % '"0.0.0.0/0"')) == []
    assert len(findings(SLUG, text, tailnet_of(node % ""))) == 1
