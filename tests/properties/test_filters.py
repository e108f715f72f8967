"""Compiled packet filters mean what the policy says, whatever the policy and the tailnet."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.properties.compiled import compile_world, lets_in, local
from tests.properties.oracle import World, may_pass
from tests.properties.packets import packets
from tests.properties.strategies import Json, acls, grants, of_worlds, worlds

PACKETS = 80
"""Tried per example."""

seeds = st.integers(0, 1 << 32)


def changed(world: World, **keys: Json) -> World:
    """Give a world whose policy has other values under these keys."""
    return world._replace(policy={**world.policy, **keys})


def rules_of(world: World) -> list[tuple[str, Json]]:
    """Give every rule with the key of its list."""
    return [(key, rule) for key in ("grants", "acls") for rule in world.policy.get(key) or ()]


@of_worlds
@given(world=worlds(), seed=seeds)
def test_filters_let_in_what_the_policy_lets_in(world: World, seed: int) -> None:
    """For every packet: client with compiled rules = reference semantics on policy and tailnet."""
    nodes, known = compile_world(world), local(world)
    for packet in packets(world, seed, PACKETS):
        expected = may_pass(world.policy, world.tailnet, *packet)
        assert expected == lets_in(nodes, known, packet), packet


@of_worlds
@given(world=worlds(), seed=seeds)
def test_each_rule_alone_lets_in_what_it_says(world: World, seed: int) -> None:
    """The same for every rule by itself, where no wider rule hides what it does."""
    known = local(world)
    for key, rule in rules_of(world):
        alone = changed(world, **{"grants": [], "acls": [], "ssh": [], key: [rule]})
        nodes = compile_world(alone)
        for packet in packets(alone, seed, PACKETS // 2):
            expected = may_pass(alone.policy, alone.tailnet, *packet)
            assert expected == lets_in(nodes, known, packet), (rule, packet)


@of_worlds
@given(world=worlds(), grant=grants(), acl=acls(), seed=seeds)
def test_adding_a_rule_never_takes_access_away(world: World, grant: Json, acl: Json, seed: int) -> None:
    """What was let in is let in with one grant and one acl more. A policy without any list allows everything, so it is
    given one first."""
    less = changed(world, grants=world.policy.get("grants") or [], acls=world.policy.get("acls") or [])
    more = changed(less, grants=[grant, *less.policy["grants"]], acls=[*less.policy["acls"], acl])
    before, after, known = compile_world(less), compile_world(more), local(world)
    for packet in packets(world, seed, PACKETS):
        assert lets_in(after, known, packet) or not lets_in(before, known, packet), packet


@of_worlds
@given(world=worlds(), seed=seeds, data=st.data())
def test_the_order_of_rules_does_not_change_what_is_let_in(world: World, seed: int, data: st.DataObject) -> None:
    """Rules only allow, so any order of grants and acls means the same."""
    lists = {key: data.draw(st.permutations(world.policy[key])) for key in ("grants", "acls") if world.policy.get(key)}
    assume(any(lists[key] != world.policy[key] for key in lists))
    before, after, known = compile_world(world), compile_world(changed(world, **lists)), local(world)
    for packet in packets(world, seed, PACKETS):
        assert lets_in(before, known, packet) == lets_in(after, known, packet), packet


@of_worlds
@given(world=worlds(), seed=seeds)
def test_merged_rules_mean_what_the_single_rules_mean(world: World, seed: int) -> None:
    """A policy lets in what at least one of its rules lets in when it stands alone."""
    rules = rules_of(world)
    assume(rules)
    whole, known = compile_world(world), local(world)
    alone = [compile_world(changed(world, **{"grants": [], "acls": [], "ssh": [], key: [rule]})) for key, rule in rules]
    for packet in packets(world, seed, PACKETS):
        assert lets_in(whole, known, packet) == any(lets_in(each, known, packet) for each in alone), packet


@of_worlds
@given(world=worlds())
def test_rules_of_a_node_differ_in_sources_or_protocol(world: World) -> None:
    """No two network rules of a node could be one, and none is without sources or destinations."""
    for received in compile_world(world).values():
        rules = [rule for rule in received["packet_filter"] if "CapGrant" not in rule]
        heads = [(tuple(rule["SrcIPs"]), tuple(rule.get("IPProto", ()))) for rule in rules]
        assert len(set(heads)) == len(heads)
        assert all(rule["SrcIPs"] and rule["DstPorts"] for rule in rules)
        for rule in received["packet_filter"]:
            assert sorted(set(rule["SrcIPs"]), key=str.encode) == rule["SrcIPs"]
