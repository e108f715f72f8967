"""Promises of every kind on one tailnet: what aclc says is what trying every packet and every takeover says."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.oracles.engine import state, states_on
from tests.oracles.on_a_tailnet import broken
from tests.oracles.slices import slices
from tests.oracles.tailnets import posed, tailnet
from tests.properties.oracle import World


@pytest.mark.parametrize("seeds", slices(200_000, 10), ids=str)
def test_a_promise_is_broken_where_an_access_or_a_takeover_breaks_it(seeds: range) -> None:
    tally: Counter[tuple[str, bool, bool]] = Counter()
    for seed in seeds:
        policy, facts, questions = posed(seed)
        world = World(policy, facts)
        for question, decided in zip(questions, states_on(policy, facts, questions), strict=True):
            expected = {broken(world, question), broken(world, question, beyond_exits=False)}
            assert (decided == "broken") in expected, (seed, question.text, decided)
            tally[question.kind, question.transitive, decided == "broken"] += 1

    assert len(tally) > 15, tally


@pytest.mark.parametrize("seeds", slices(300_000, 7), ids=str)
def test_a_promise_that_is_proven_is_broken_on_no_tailnet(seeds: range) -> None:
    held = 0
    for seed in seeds:
        policy, _, questions = posed(seed)
        chance = Random(seed)
        proven = [each for each in questions if state(policy, each) == "holds"]
        held += sum(each.transitive for each in proven)
        for _ in range(5):
            facts = tailnet(chance, list(policy["tagOwners"]))
            for question in proven:
                assert not broken(World(policy, facts), question, beyond_exits=False), (seed, question.text, facts)

    assert held
