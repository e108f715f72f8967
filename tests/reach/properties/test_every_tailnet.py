"""What is proven for every tailnet holds in each one that is tried, and every witness is a real one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.compile import compile_policy
from aclc.filters.packet_filter_json import packet_filter_json
from aclc.filters.sources import SourceTexts
from aclc.net import Address
from aclc.reach.graph.compare import changes
from aclc.reach.graph.space import Space
from aclc.reach.population.population import canonical_population
from aclc.resolve.node_sets import indices_of
from tests.properties.oracle import decide
from tests.properties.strategies import Json, of_worlds, tailnets
from tests.reach.changing import policy_pairs
from tests.reach.engine import policy_of, resolved_of, space_of


def proven(old: Json, new: Json) -> tuple[Space, bool, bool, bool]:
    """Give the canonical space of two policies, whether it has gains and losses, and whether it leaves doubts."""
    policies = policy_of(old), policy_of(new)
    population = canonical_population(policies)
    space = Space([resolved_of(policy, population.tailnet) for policy in policies], population.routed)
    found = changes(space)
    return space, any(each.gained for each in found), any(not each.gained for each in found), bool(population.doubts)


@of_worlds
@given(pair=policy_pairs(), tailnet=tailnets())
def test_whoever_gains_in_a_tailnet_has_a_witness_in_the_population(pair: tuple[Json, Json], tailnet: Json) -> None:
    """Which routes are approved is a fact of the tailnet (docs/proofs.md): the same under both policies."""
    _, gains, losses, doubts = proven(*pair)
    old, new = pair
    approved_alike = {**old, "autoApprovers": new.get("autoApprovers", {})}
    found = changes(space_of((approved_alike, new), tailnet))

    assert doubts or gains or not any(each.gained for each in found)
    assert doubts or losses or all(each.gained for each in found)


@of_worlds
@given(pair=policy_pairs(), seed=st.integers(0, 1 << 16))
def test_a_witness_is_let_in_by_the_filter_compiled_for_it(pair: tuple[Json, Json], seed: int) -> None:
    space, _, _, _ = proven(*pair)
    found = [each for each in changes(space) if each.scope != "own" and each.sources & space.sources.own]
    if not found:
        return
    change = found[seed % len(found)]
    view = space.views[change.gained]
    source = indices_of(change.sources & space.sources.own)[0]
    family = 0 if space.sources.items[source].family == 4 else 1
    targets = indices_of(change.targets & space.targets.own & space.targets.families[family])
    if not targets:
        return
    target = targets[0]
    one, other = space.sources.items[source], space.targets.items[target]
    assert one.node is not None
    assert other.node is not None
    if one.node == other.node:
        return
    everybody = view.resolved.tailnet
    alone = everybody._replace(nodes=(everybody.nodes[one.node], everybody.nodes[other.node]))
    compiled = compile_policy(view.resolved.policy, alone).value
    assert compiled is not None
    node_rules = packet_filter_json(compiled.packet_filter(1).rules, SourceTexts(compiled.resolved.names))
    source_text, target_text = (str(Address(each.family, each.first)) for each in (one, other))
    local = [f"{target_text}/{32 if other.family == 4 else 128}"]
    protocol, port, _ = change.services[0]
    assert decide(node_rules, local, source_text, target_text, protocol, port), change
