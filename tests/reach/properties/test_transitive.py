"""Transitive promises against the plain meaning: one source after the other, one target after the other."""

from __future__ import annotations

from random import Random

import pytest

from aclc.reach.graph.space import Space, View
from aclc.reach.powers.pivots import Pivots
from aclc.reach.properties.properties import Judge
from aclc.reach.properties.property_file import parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.resolve.node_sets import indices_of
from aclc.source import Source
from tests.oracles.cases import case
from tests.oracles.tailnets import tailnet, with_pivots
from tests.reach.engine import policy_of, resolved_of, tailnet_of


def gets_to(view: View, pivots: Pivots, node: int, other: int) -> bool:
    """Tell whether a node gets to another one: takes it over, or reaches it from what it takes over."""
    closure = pivots.closure(1 << node)
    if closure.nodes >> other & 1:
        return True
    for target in indices_of(view.targets.of_nodes(1 << other)):
        for _, sources in view.edges_to(target):
            if sources & pivots.sources(closure) & ~view.sources.of_nodes(1 << other):
                return True
    return False


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_a_transitive_promise_about_one_side_is_about_two_machines_of_it(first: int) -> None:
    seen = set()
    for seed in range(first, first + 20):
        chance = Random(seed)
        old, _, _ = case(seed)
        policy = policy_of(with_pivots(old, chance))
        resolved = resolved_of(policy, tailnet_of(tailnet(chance, list(old["tagOwners"]))))
        view = Space([resolved]).views[0]
        pivots = Pivots(view)
        for name in (*policy.tag_owners, "autogroup:member", "autogroup:tagged"):
            parsed = parse_properties(Source("p.aclc", f"assert {name} never reach {name} transitively")).value
            assert parsed is not None
            promise = bind_names(policy, parsed).value
            assert promise is not None
            nodes = indices_of(view.sources.nodes_in(view.sources_of(promise[0].sides[0][0])))
            expected = any(gets_to(view, pivots, one, other) for one in nodes for other in nodes if one != other)
            seen.add(expected)
            assert expected == (Judge(view).broken(promise[0]) is not None), (seed, name)

    assert {True, False} == seen
