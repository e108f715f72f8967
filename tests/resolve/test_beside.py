"""A policy resolved beside another one = the same policy resolved alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.dialects import dialect_named
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.model import Policy
from aclc.reach.graph.space import Space
from aclc.resolve.resolution import resolve
from aclc.tailnet.model import Tailnet
from tests.properties.strategies import HOSTS, Json, of_worlds, tailnets
from tests.reach.changing import policy_pairs
from tests.reach.engine import policy_of, resolved_of, tailnet_of


@of_worlds
@given(
    pair=policy_pairs(),
    tailnet=tailnets(),
    hosts=st.permutations(list(HOSTS.values())),
    dialects=st.lists(st.sampled_from(["tailscale", "tailscale", "headscale"]), min_size=2, max_size=2),
)
def test_what_is_taken_over_is_what_would_be_worked_out(
    pair: tuple[Json, Json], tailnet: Json, hosts: list[str], dialects: list[str]
) -> None:
    loaded = tailnet_of(tailnet)
    changed = {**pair[1], "hosts": dict(zip(HOSTS, hosts, strict=True))}
    old, new = (
        policy_of(policy)._replace(dialect=dialect_named(dialect) or TAILSCALE)
        for policy, dialect in zip((pair[0], changed), dialects, strict=True)
    )
    assert_taken_over_rightly(old, new, loaded)


RULES = [{"src": [name], "dst": ["*"], "ip": ["tcp:1"]} for name in ("group:eng", "first", "ipset:holes")] + [
    {"src": ["*", "autogroup:member"], "dst": [name], "ip": ["*"]}
    for name in ("group:eng", "office", "ipset:holes", "8.8.8.8")
]
DEFINITIONS: dict[str, Json] = {
    "groups": {"group:eng": ["alice@example.com"]},
    "hosts": {"first": "100.64.0.1", "office": "10.33.0.0/16"},
    "ipsets": {"ipset:holes": ["add 100.64.0.1"]},
    "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}, "exitNode": ["tag:exit"]},
    "nodeAttrs": [],
}
OTHERS: dict[str, Json] = {
    "groups": {"group:eng": ["bob@example.com"]},
    "hosts": {"first": "100.64.0.2", "office": "10.33.0.0/17"},
    "ipsets": {"ipset:holes": ["add 100.64.0.2", "add 10.0.0.0/8"]},
    "autoApprovers": {"routes": {"10.33.0.0/16": ["tag:web"]}, "exitNode": ["tag:exit"]},
    "nodeAttrs": [{"target": ["autogroup:member"], "attr": ["disable-ipv4"]}],
}
NODES: list[Json] = [
    {"name": "a", "user": "alice@example.com"},
    {"name": "b", "user": "bob@example.com"},
    {"name": "r", "tags": ["tag:router"], "advertised_routes": ["10.0.0.0/8"]},
    {"name": "x", "tags": ["tag:exit"], "advertised_routes": ["0.0.0.0/0", "::/0"]},
    {"name": "w", "tags": ["tag:web"], "advertised_routes": ["10.33.0.0/16"]},
]


@pytest.mark.parametrize("key", [*OTHERS, "dialect"])
def test_what_a_policy_defines_differently_is_not_taken_over(key: str) -> None:
    tailnet = tailnet_of(
        {
            "schema_version": 1,
            "nodes": [
                {**node, "addresses": [f"100.64.0.{at}", f"fd7a:115c:a1e0::{at}"]} for at, node in enumerate(NODES, 1)
            ],
        }
    )
    policy = {"tagOwners": {"tag:router": [], "tag:web": [], "tag:exit": []}, "grants": RULES, **DEFINITIONS}
    old, new = policy_of(policy), policy_of({**policy, key: OTHERS[key]} if key in OTHERS else policy)
    if key == "dialect":
        new = new._replace(dialect=dialect_named("headscale") or TAILSCALE)
    edges = [tuple(edge[1:] for edge in view.edges) for view in assert_taken_over_rightly(old, new, tailnet).views]
    assert edges[0] != edges[1]


def assert_taken_over_rightly(old: Policy, new: Policy, tailnet: Tailnet) -> Space:
    """Hold a policy that was resolved and viewed beside another one to the same alone; give the space of both."""
    first = resolved_of(old, tailnet)
    beside = resolve(new, tailnet, first).value
    alone = resolved_of(new, tailnet)

    assert beside is not None
    assert (alone.approved, alone.exit_nodes, alone.routes.routes) == (
        beside.approved,
        beside.exit_nodes,
        beside.routes.routes,
    )
    assert [each.sources for each in alone.grants] == [each.sources for each in beside.grants]
    apart = Space([resolved_of(old, tailnet), alone])
    together = Space([first, beside])
    for one, other in zip(apart.views, together.views, strict=True):
        assert (one.live, one.served) == (other.live, other.served)
        assert [edge[1:] for edge in one.edges] == [edge[1:] for edge in other.edges]
    return together
