from __future__ import annotations

import json

from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from tests.lint.checking import findings, tailnet_of

SLUG = "duplicate-username"
POLICY = (
    '{"groups": {"group:a": ["alice@", "alice@"]}, "acls": [{"action": "accept", "src": ["alice@"], "dst": ["*:*"]}]}'
)


def test_two_users_with_one_name() -> None:
    """juanfont/headscale#3160 and #3429; refused since 0.29.0, in words that §10.2 cuts short."""
    tailnet = tailnet_of(
        '{"schema_version": 1, "users": [{"login": "alice@"}, {"login": "a@x.com", "names": ["alice"]}], "nodes": []}'
    )
    assert [("error", '"alice@"', "multiple users found")] == findings(SLUG, POLICY, tailnet, "headscale@0.29")
    assert [("error", '"alice@"', None)] == findings(SLUG, POLICY, tailnet, "headscale@0.28")
    assert findings(SLUG, POLICY, tailnet) == []
    assert findings(SLUG, POLICY, target="headscale@0.29") == []


def test_one_user_under_two_names_is_one() -> None:
    tailnet = tailnet_of('{"schema_version": 1, "users": [{"login": "alice@x.com", "names": ["alice"]}], "nodes": []}')
    assert findings(SLUG, POLICY, tailnet, "headscale@0.29") == []


def test_a_node_list_says_both_names() -> None:
    """As an account made by hand and one made by a login with OpenID Connect look in `headscale nodes list`."""
    nodes = [
        {"id": 1, "given_name": "a", "ip_addresses": ["100.64.0.1"], "user": {"id": 1, "name": "alice"}},
        {
            "id": 2,
            "given_name": "b",
            "ip_addresses": ["100.64.0.2"],
            "user": {"id": 2, "name": "alice", "email": "alice@example.com"},
        },
    ]
    tailnet = load_tailnet(Source("nodes.json", json.dumps(nodes))).value
    assert tailnet is not None
    assert [("error", '"alice@"', "multiple users found")] == findings(SLUG, POLICY, tailnet, "headscale@0.30")
