"""Compiled SSH rules and peers mean what the policy says, whatever the policy and the tailnet."""

from __future__ import annotations

import json

from hypothesis import given

from tests.conformance.captures import captures
from tests.corpus import needs_corpus
from tests.properties.compiled import compile_world
from tests.properties.oracle import Span, World, overlap, own, routes, span, subnet_routes
from tests.properties.packets import text
from tests.properties.ssh_oracle import decide_ssh, may_ssh
from tests.properties.strategies import Json, of_worlds, worlds

LOGINS = ("root", "ubuntu", "alice", "bob", "carol", "someone")


def trimmed(value: Json) -> Json:
    """Give a policy without blanks around its strings, which mean nothing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return {key: trimmed(each) for key, each in value.items()}
    return [trimmed(each) for each in value] if isinstance(value, list) else value


@of_worlds
@given(world=worlds())
def test_ssh_rules_let_in_what_the_policy_lets_in(world: World) -> None:
    """For every pair of nodes and login: client with compiled rules = reference semantics."""
    received = compile_world(world)
    for target in world.tailnet["nodes"]:
        rules = received[target["name"]]["ssh_rules"]
        for source in world.tailnet["nodes"]:
            for login in LOGINS:
                expected = may_ssh(world, source, target, login)
                actual = {decide_ssh(rules, text(*each), login) for each in own(world, source)}
                assert actual <= {expected}, (source["name"], target["name"], login)


@needs_corpus
def test_the_ssh_oracle_agrees_with_the_control_plane() -> None:
    """For every captured SSH rule set: reference semantics on policy and tailnet = client with the rules received."""
    compared = 0
    for capture in captures("ssh"):
        world = World(trimmed(json.loads(capture.policy)), json.loads(capture.tailnet))
        nodes = {node["name"]: node for node in world.tailnet["nodes"]}
        for name, received in capture.nodes.items():
            for source in nodes.values():
                for login in ("root", "ubuntu", "odin", "thor", "freya", "someone"):
                    expected = decide_ssh(received["ssh_rules"], source["addresses"][0], login)
                    assert expected == may_ssh(world, source, nodes[name], login), (capture.id, name, source, login)
                    compared += expected is not None
    assert compared > 200


@of_worlds
@given(world=worlds())
def test_nodes_know_each_other_iff_one_may_send_to_the_other(world: World) -> None:
    """A node sees exactly those of whom it, or a route of it, is a source, or who are sources of its own (§9.1).

    `app` without `ip` under `via` makes peers without any rule to see it by, so it is left out of these policies.
    """
    rules = [rule for rule in world.policy.get("grants") or () if not (rule.get("via") and "ip" not in rule)]
    if world.policy.get("grants") is not None:
        world = world._replace(policy={**world.policy, "grants": rules})
    received = compile_world(world)
    extents = {
        node["name"]: [(family, value, value) for family, value in own(world, node)] + subnet_routes(world, node)
        for node in world.tailnet["nodes"]
    }
    for one, ours in extents.items():
        expected = {
            other
            for other, theirs in extents.items()
            if other != one and (_may_send(theirs, received[one]) or _may_send(ours, received[other]))
        }
        assert expected == set(received[one]["peers"])


def _may_send(extents: list[Span], received: Json) -> bool:
    sources = [text for rule in received["packet_filter"] for text in rule["SrcIPs"]]
    return any(source == "*" or overlap(each, span(source)) for each in extents for source in sources)


@of_worlds
@given(world=worlds())
def test_routes_of_a_peer_are_routes_that_it_serves(world: World) -> None:
    """What a node may send through a peer is among the approved routes of that peer, and each subnet route goes through
    one peer at most."""
    received = compile_world(world)
    approved = {node["name"]: _texts(world, node) for node in world.tailnet["nodes"]}
    for each in received.values():
        through = [route for shown in each["peers"].values() for route in shown if not route.endswith("/0")]
        assert len(set(through)) == len(through)
        for peer, shown in each["peers"].items():
            assert set(shown) <= approved[peer]


def _texts(world: World, node: Json) -> set[str]:
    wanted = set(routes(world, node))
    return {each for each in node.get("advertised_routes") or () if span(each) in wanted}
