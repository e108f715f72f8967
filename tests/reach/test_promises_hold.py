"""What is proven for every tailnet is broken in none that is tried, transitive promises included."""

from __future__ import annotations

from random import Random

import pytest

from aclc.reach.properties.property_file import parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import judge, prove
from aclc.source import Source
from tests.oracles.cases import case
from tests.oracles.tailnets import tailnet, with_pivots
from tests.reach.engine import policy_of, tailnet_of


@pytest.mark.parametrize("first", range(0, 45, 15))
def test_a_promise_that_is_proven_is_broken_in_no_tailnet(first: int) -> None:
    held = 0
    for seed in range(first, first + 15):
        chance = Random(seed)
        old, _, questions = case(seed)
        policy = policy_of(with_pivots(old, chance))
        lines = [each.text for each in questions]
        lines += [f"{each.text} transitively" for each in questions if each.kind != "always"]
        lines += ["assert nobody exposed but shared", "assert nobody exposed but internet transitively"]
        parsed = parse_properties(Source("p.aclc", "\n".join(lines))).value
        assert parsed is not None
        promises = bind_names(policy, parsed).value
        assert promises is not None
        proven = [each.promise for each in prove(policy, promises) if each.state == "holds"]
        held += len(proven)
        for _ in range(12):
            facts = tailnet(chance, list(old["tagOwners"]))
            for verdict in judge(policy, tailnet_of(facts), proven):
                assert verdict.state != "broken", (seed, verdict.promise.span.text, verdict.witness, facts)

    assert held > 5
