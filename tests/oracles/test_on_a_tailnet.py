"""Promises of every kind on one tailnet: what aclc says is what trying every packet and every takeover says."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracles.engine import states_on
from tests.oracles.on_a_tailnet import broken
from tests.oracles.tailnets import posed
from tests.properties.oracle import World

SEEDS = range(200_000, 200_060)
"""Others than the first ones of `make oracles`."""


@pytest.mark.parametrize("first", SEEDS[::20])
def test_a_promise_is_broken_where_an_access_or_a_takeover_breaks_it(first: int) -> None:
    tally: Counter[tuple[str, bool, bool]] = Counter()
    for seed in range(first, first + 20):
        policy, tailnet, questions = posed(seed)
        world = World(policy, tailnet)
        for question, state in zip(questions, states_on(policy, tailnet, questions), strict=True):
            expected = {broken(world, question), broken(world, question, beyond_exits=False)}
            assert (state == "broken") in expected, (seed, question.text, state)
            tally[question.kind, question.transitive, state == "broken"] += 1

    assert len(tally) > 15, tally
