"""A difference is empty where nothing changes, however the policy is rewritten, and never where something does."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.reach.difference.diff import Diff, diff
from aclc.reach.graph.compare import changes
from aclc.source import Source
from tests.properties.oracle import World, address, may_pass, own
from tests.properties.packets import Aim, Packet, packets
from tests.properties.refactorings import REFACTORINGS, Refactoring
from tests.properties.renderings import hujson, shuffled
from tests.properties.strategies import Json, of_worlds, tailnets, worlds
from tests.reach.changing import policy_pairs, said
from tests.reach.engine import ends, policy_of, space_of, tailnet_of

seeds = st.integers(0, 1 << 32)
few = settings(of_worlds, max_examples=max(of_worlds.max_examples // 8, 3))
several = settings(of_worlds, max_examples=max(of_worlds.max_examples // 3, 7))
PACKETS = 50


def told(found: Diff) -> list[object]:
    """Give whatever a difference says of access, to be shown where it should say nothing."""
    return [*found.network, *found.sessions, *found.capabilities, *found.attributes, *found.approvals, *found.ownership]


def same_powers(found: Diff) -> list[object]:
    """Give what a difference says of packets, sessions, capabilities and attributes: who owns a tag is told by name, so
    that a group written out is news there."""
    return [*found.network, *found.sessions, *found.capabilities, *found.attributes]


@pytest.mark.parametrize("refactoring", REFACTORINGS, ids=lambda each: each.__name__)
@few
@given(world=worlds(), seed=seeds)
def test_other_words_for_the_same_change_nothing(refactoring: Refactoring, world: World, seed: int) -> None:
    """On a tailnet and for every one."""
    old = policy_of(world.policy)
    new = policy_of(refactoring(world.policy, random.Random(seed)))

    assert [] == same_powers(diff(old, new, tailnet_of(world.tailnet)))
    assert [] == same_powers(diff(old, new))


@few
@given(world=worlds(), seed=seeds)
def test_all_of_them_at_once_change_nothing(world: World, seed: int) -> None:
    chooser = random.Random(seed)
    policy = world.policy
    for refactoring in chooser.sample(REFACTORINGS, len(REFACTORINGS)):
        policy = refactoring(policy, chooser)
    old, new = policy_of(world.policy), policy_of(policy)

    assert [] == same_powers(diff(old, new, tailnet_of(world.tailnet)))


@few
@given(world=worlds(), seed=seeds)
def test_layout_comments_and_order_of_members_change_nothing(world: World, seed: int) -> None:
    """Not even who may apply a tag, or have a route approved."""
    old = policy_of(world.policy)
    new = _read(hujson(shuffled(world.policy, seed), seed))

    assert [] == told(diff(old, new, tailnet_of(world.tailnet)))
    assert [] == told(diff(old, new))


def _read(text: str) -> Policy:
    outcome = read_policy(Source("policy.hujson", text))
    assert outcome.value is not None
    assert not outcome.failed, outcome.diagnostics
    return outcome.value


def has(world: World, text: str) -> bool:
    """Tell whether some node has an address under a policy."""
    return any(address(text) in own(world, node) for node in world.tailnet["nodes"])


@several
@given(pair=policy_pairs(), tailnet=tailnets(), seed=seeds)
def test_changes_are_what_the_reference_semantics_says(pair: tuple[Json, Json], tailnet: Json, seed: int) -> None:
    """For every packet: gained iff the new policy lets it in and the old one does not; lost the other way about."""
    old, new = World(pair[0], tailnet), World(pair[1], tailnet)
    space = space_of(pair, tailnet)
    found = changes(space)
    for packet in [*packets(old, seed, PACKETS), *packets(new, seed, PACKETS)]:
        at = ends(space.views[0], packet)
        # WHY: an address that one policy takes away from its node is nobody's there, so that nobody sends from it.
        if at is None or any(has(old, each) != has(new, each) for each in (packet.source, packet.target)):
            continue
        before, after = (may_pass(world.policy, tailnet, *packet) for world in (old, new))
        services = said(space, found, at)
        for gained, expected in ((True, after and not before), (False, before and not after)):
            is_said = any(
                packet.protocol in {1, 58} or (protocol == packet.protocol and first <= packet.port <= last)
                for protocol, first, last in services[gained]
            )
            # WHY not both ways for ping: a change of one port is told with its port, though ping goes along with it.
            assert is_said >= expected if packet.protocol in {1, 58} else is_said == expected, (packet, gained)


@several
@given(pair=policy_pairs(), tailnet=tailnets())
def test_few_sources_that_differ_are_compared_as_many(pair: tuple[Json, Json], tailnet: Json) -> None:
    """Numbered anew or not, the difference is the same."""
    space = space_of(pair, tailnet)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aclc.reach.graph.openings.SPARSE", 1 << 40)
        as_they_are = changes(space)
        patch.setattr("aclc.reach.graph.openings.SPARSE", 0)
        assert as_they_are == changes(space)


@several
@given(world=worlds(), seed=seeds)
def test_a_rule_that_matters_is_missed(world: World, seed: int) -> None:
    """Without a rule that alone lets some packet in, the difference says that this packet is lost."""
    lost = dropped(world, seed)
    assume(lost is not None)
    assert lost is not None
    packet, policy = lost
    space = space_of([world.policy, policy], world.tailnet)
    at = ends(space.views[0], packet)
    assert at is not None, packet
    services = said(space, changes(space), at)[False]

    assert packet.protocol in {1, 58} or any(
        protocol == packet.protocol and first <= packet.port <= last for protocol, first, last in services
    )
    assert services
    assert diff(policy_of(world.policy), policy_of(policy), tailnet_of(world.tailnet)).network
    everywhere = diff(policy_of(world.policy), policy_of(policy))
    assert everywhere.network or everywhere.doubts


def dropped(world: World, seed: int) -> tuple[Packet, Json] | None:
    """Give a packet that only one rule lets in (None: none was found), and the policy without that rule."""
    chooser = random.Random(seed)
    view = space_of([world.policy], world.tailnet).views[0]
    rules = [(key, at) for key in ("grants", "acls") for at in range(len(world.policy.get(key) or ()))]
    chooser.shuffle(rules)
    for key, at in rules:
        rule = world.policy[key][at]
        without = {**world.policy, key: [each for each in world.policy[key] if each is not rule]}
        aim = Aim(World({**world.policy, "grants": [], "acls": [], key: [rule]}, world.tailnet), seed)
        for _ in range(20):
            packet = aim.packet()
            if (
                # WHY ends: nobody sends from an address of the tailnet that no node has.
                ends(view, packet) is not None
                and may_pass(world.policy, world.tailnet, *packet)
                and not may_pass(without, world.tailnet, *packet)
            ):
                return packet, json.loads(json.dumps(without))
    return None
