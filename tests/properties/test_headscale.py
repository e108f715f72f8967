"""Compiled for Headscale, filters mean what the reference semantics says of the policy, its differences written out."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.compiled import compile_world, lets_in, local
from tests.properties.oracle import World, may_pass
from tests.properties.packets import packets
from tests.properties.strategies import Json, of_worlds, worlds
from tests.reach.engine import ends, view_of

TARGET = "headscale@0.29"
"""0.30 differs from it behind exit nodes only, which `dialects/test_meaning.py` has."""

AUTOGROUPS = ("member", "tagged", "self", "internet", "danger-all")
"""The autogroups that Headscale has, of those that rules take."""

UNKNOWN = {"ipsets", "postures", "defaultSrcPosture", "disableIPv4"}
"""Members of a policy that Headscale does not have."""

seeds = st.integers(0, 1 << 32)


def known(items: Sequence[str]) -> list[str]:
    """Give the selectors that Headscale has, with or without ports behind them."""
    return [
        each
        for each in items
        if not each.startswith(("ipset:", "svc:"))
        and (not each.startswith("autogroup:") or each.split(":")[1] in AUTOGROUPS)
    ]


def for_headscale(world: World) -> World:
    """Give a world without what Headscale does not have: ipsets, postures, roles, services, shared nodes."""
    policy = {key: value for key, value in world.policy.items() if key not in UNKNOWN}
    for key in ("grants", "acls", "ssh"):
        if key in policy:
            policy[key] = [
                {name: known(value) if name in {"src", "dst"} else value for name, value in rule.items()}
                for rule in policy[key]
            ]
            for rule in policy[key]:
                for name in ("srcPosture", "recorder"):
                    rule.pop(name, None)
                if rule.get("proto") == "0":
                    rule.pop("proto")
                if "ip" in rule:
                    rule["ip"] = [each.removeprefix("0:") for each in rule["ip"]]
    policy["tagOwners"] = {tag: known_owners(owners) for tag, owners in policy["tagOwners"].items()}
    approvers = policy["autoApprovers"]
    policy["autoApprovers"] = {
        "routes": {route: known_owners(each) for route, each in approvers["routes"].items()},
        "exitNode": known_owners(approvers["exitNode"]),
    }
    for entry in policy.get("nodeAttrs", ()):
        entry["target"] = known(entry["target"])
        entry["attr"] = [each for each in entry["attr"] if each != "funnel"]
    nodes = [node for node in world.tailnet["nodes"] if not node.get("shared")]
    return World(policy, world.tailnet | {"nodes": nodes})


def known_owners(items: Sequence[str]) -> list[str]:
    """Give what may own a tag or approve a route: no autogroups."""
    return [each for each in items if not each.startswith("autogroup:")]


def written_out(policy: Json) -> Json:
    """Give a policy that means on Tailscale what this one means on Headscale (reference §11)."""
    if policy.get("acls") is None and policy.get("grants") is None:
        return policy | {"acls": [{"action": "accept", "src": ["autogroup:danger-all"], "dst": ["*:*"]}]}
    changed = dict(policy)
    for key in ("grants", "acls"):
        if policy.get(key) is not None:
            changed[key] = [
                rule
                | {side: [each for each in rule[side] if not each.startswith("user:*@")] for side in ("src", "dst")}
                for rule in policy[key]
            ]
    return changed


@of_worlds
@given(world=worlds(), seed=seeds)
def test_filters_and_engine_let_in_what_the_policy_lets_in(world: World, seed: int) -> None:
    """For every packet: client with compiled rules = engine = reference semantics of the policy written out."""
    world = for_headscale(world)
    nodes, mine, view = compile_world(world, TARGET), local(world), view_of(world, TARGET)
    policy = written_out(world.policy)
    for packet in packets(world, seed, 80):
        expected = may_pass(policy, world.tailnet, *packet)
        assert expected == lets_in(nodes, mine, packet), packet
        found = ends(view, packet)
        if found is not None:
            assert expected == view.allows(*found, packet.protocol, packet.port), packet
