"""The engine lets in what the compiled filters let in, and what the policy says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.compiled import compile_world, lets_in, local
from tests.properties.oracle import World, may_pass
from tests.properties.packets import packets, text
from tests.properties.strategies import of_worlds, worlds
from tests.properties.test_rich_world import ACLS, BASE, GRANTS, TAILNET
from tests.reach.changing import all_pairs, corner_services
from tests.reach.engine import ends, view_of

seeds = st.integers(0, 1 << 32)


@of_worlds
@given(world=worlds(), seed=seeds)
def test_the_engine_lets_in_what_filters_and_policy_let_in(world: World, seed: int) -> None:
    """For every packet: engine = client with compiled rules = reference semantics."""
    view, nodes, known = view_of(world), compile_world(world), local(world)
    for packet in packets(world, seed, 100):
        expected = may_pass(world.policy, world.tailnet, *packet)
        assert expected == lets_in(nodes, known, packet), packet
        found = ends(view, packet)
        if found is not None:
            assert expected == view.allows(*found, packet.protocol, packet.port), packet


def test_each_kind_of_rule_alone_opens_in_the_engine_what_it_says() -> None:
    """Engine = reference semantics for every rule of the rich world: routes, exit nodes, via, postures, ipsets, shared
    devices, own devices, both families, danger-all; filters are held to the same in `test_rich_world.py`."""
    rules = [*(("grants", rule) for rule in GRANTS), *(("acls", {"action": "accept", **rule}) for rule in ACLS)]
    accepted = asked = 0
    for number, (key, rule) in enumerate(rules):
        world = World({**BASE, key: [rule]}, TAILNET)
        view = view_of(world)
        for packet in packets(world, number, 25):
            found = ends(view, packet)
            if found is not None:
                expected = may_pass(world.policy, world.tailnet, *packet)
                assert expected == view.allows(*found, packet.protocol, packet.port), (rule, packet)
                accepted += expected
                asked += 1
    assert accepted > 100
    assert asked - accepted > 100


def test_a_policy_of_all_these_rules_lets_in_the_same_between_any_two_endpoints() -> None:
    """For every source and target of the engine: an address of each, at ports that some rule tells apart."""
    policy = {**BASE, "grants": GRANTS, "acls": [{"action": "accept", **acl} for acl in ACLS]}
    view = view_of(World(policy, TAILNET))
    services = corner_services((view,))
    allowed = 0
    for number, (source, target) in enumerate(list(all_pairs(view))[::41]):
        one, other = view.sources.items[source], view.targets.items[target]
        if other.node is None:
            continue
        name = view.resolved.tailnet.nodes[other.node].name
        protocol, port = services[number % len(services)]
        packet = (text(one.family, one.first), text(other.family, other.first), protocol, port, name)
        expected = may_pass(policy, TAILNET, *packet)
        assert expected == view.allows(source, target, protocol, port), packet
        allowed += expected
    assert allowed > 20
