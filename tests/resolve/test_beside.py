"""A policy resolved beside another one = the same policy resolved alone."""

from __future__ import annotations

from hypothesis import given

from aclc.reach.graph.space import Space
from aclc.resolve.resolution import resolve
from tests.properties.strategies import Json, of_worlds, tailnets
from tests.reach.changing import policy_pairs
from tests.reach.engine import policy_of, resolved_of, space_of, tailnet_of


@of_worlds
@given(pair=policy_pairs(), tailnet=tailnets())
def test_what_is_taken_over_is_what_would_be_worked_out(pair: tuple[Json, Json], tailnet: Json) -> None:
    loaded = tailnet_of(tailnet)
    first = resolved_of(policy_of(pair[0]), loaded)
    beside = resolve(policy_of(pair[1]), loaded, first).value
    alone = resolved_of(policy_of(pair[1]), loaded)

    assert beside is not None
    assert (alone.approved, alone.exit_nodes, alone.routes.routes) == (
        beside.approved,
        beside.exit_nodes,
        beside.routes.routes,
    )
    assert [each.sources for each in alone.grants] == [each.sources for each in beside.grants]
    apart = space_of(pair, tailnet)
    together = Space([first, beside])
    for one, other in zip(apart.views, together.views, strict=True):
        assert one.live == other.live
        assert [edge[1:] for edge in one.edges] == [edge[1:] for edge in other.edges]
