"""The engine lets in what the compiled filters let in, and what the policy says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.compiled import compile_world, lets_in, local
from tests.properties.oracle import World, may_pass
from tests.properties.packets import packets
from tests.properties.strategies import of_worlds, worlds
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
