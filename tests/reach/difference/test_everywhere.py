"""What a difference tells of one tailnet it tells for every one, too, block by block, or says that it has a doubt."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aclc.policy.model import Policy
from aclc.reach.difference.diff import Diff, diff
from tests.properties.strategies import Json, maybe, of_worlds, policies, tailnets
from tests.reach.changing import policy_pairs
from tests.reach.engine import policy_of, tailnet_of

BLOCKS = ("network", "sessions", "capabilities", "attributes", "approvals", "ownership", "exposure")


@st.composite
def wide_pairs(draw: st.DrawFn) -> tuple[Json, Json]:
    """Give pairs that may differ in SSH, attributes and owners of tags, too."""
    old, new = draw(policy_pairs())
    other = draw(policies())
    taken = {key: other.get(key) for key in ("ssh", "nodeAttrs", "tagOwners", "disableIPv4") if maybe(draw)}
    return old, {key: value for key, value in {**new, **taken}.items() if value is not None}


def told(found: Diff, block: str) -> set[tuple[object, object]]:
    """Give which ways things change in a block."""
    return {(getattr(row, "gained", None), getattr(row, "kind", None)) for row in getattr(found, block)}


def left_out(old: Policy, new: Policy, tailnet: Json) -> set[tuple[str, object]]:
    """Give (block, way) of what is told on a tailnet only, though nothing was in doubt for every one."""
    everywhere = diff(old, new)
    if everywhere.doubts:
        return set()
    here = diff(old, new, tailnet_of(tailnet))
    return {(block, way) for block in BLOCKS for way in told(here, block) - told(everywhere, block)}


@settings(of_worlds, max_examples=max(of_worlds.max_examples // 2, 10))
@given(pair=wide_pairs(), tailnet=tailnets())
def test_whatever_changes_on_a_tailnet_changes_for_every_one(pair: tuple[Json, Json], tailnet: Json) -> None:
    """Which routes are approved is a fact of the tailnet here: for every one, approvers are compared apart."""
    for node in tailnet["nodes"]:
        node.setdefault("approved_routes", node.get("advertised_routes", []))

    assert set() == left_out(policy_of(pair[0]), policy_of(pair[1]), tailnet)
