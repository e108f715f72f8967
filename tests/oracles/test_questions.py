"""Names asked about by `why`: what is said of all of them, some or none is what asking machine by machine says."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from aclc.cli.asking import Question, ask
from aclc.reach.population.principals import UnknownPrincipalError
from tests.oracles.cases import Json
from tests.oracles.questions import Asked, on_a_tailnet, on_every_tailnet
from tests.oracles.slices import slices
from tests.oracles.tailnets import posed
from tests.properties.oracle import World
from tests.reach.engine import policy_of, tailnet_of

NAMES: tuple[str, ...] = ("ann@x.com", "group:a", "user:*@x.com", "autogroup:shared")
NAMES += tuple(f"autogroup:{each}" for each in ("member", "tagged", "admin", "owner"))
SERVICES = ((6, 22), (6, 80), (17, 53), (6, None), (6, 443))


def asked_about(chance: Random, policy: Json, more: tuple[str, ...] = ()) -> Asked:
    """Give a question between names, those of the rules among them."""
    spoken = [name for rule in (*policy["grants"], *policy["acls"]) for name in rule["src"]]
    names = [
        *policy["tagOwners"],
        *NAMES,
        *(each for each in spoken if each.startswith(("group:", "tag:")) or "@" in each),
    ]
    return Asked(chance.choice([*names, *more]), chance.choice(names), *chance.choice(SERVICES))


@pytest.mark.parametrize("seeds", slices(200_000, 10), ids=str)
def test_on_a_tailnet(seeds: range) -> None:
    tally: Counter[str] = Counter()
    for seed in seeds:
        chance = Random(seed)
        policy, facts, _ = posed(seed)
        read, tailnet = policy_of(policy), tailnet_of(facts)
        for _ in range(12):
            asked = asked_about(chance, policy, ("*", "100.64.5.5", "10.0.5.5", "10.0.0.0/8", "100.64.0.0/16"))
            try:
                answer = ask(read, Question(*asked, None, tailnet, {})).answer
            except UnknownPrincipalError:
                continue
            assert on_a_tailnet(World(policy, facts), asked) == answer.verdict, (seed, asked)
            tally[answer.verdict] += 1

    assert 4 == len(tally), tally


@pytest.mark.parametrize("seeds", slices(200_000, 10), ids=str)
def test_on_every_tailnet(seeds: range) -> None:
    tally: Counter[str] = Counter()
    for seed in seeds:
        chance = Random(seed)
        policy, _, _ = posed(seed)
        if any(rule.get("via") for rule in policy["grants"]):
            continue  # what is opened on routers is the routes' own
        read = policy_of(policy)
        for _ in range(5):
            asked = asked_about(chance, policy)
            if asked.src.startswith("user:*@") and asked.src == asked.dst:
                continue  # the oracle knows one person at each domain, and this is about two
            answer = ask(read, Question(*asked, None, None, {})).answer
            assert on_every_tailnet(policy, asked) == answer.verdict, (seed, asked)
            tally[answer.verdict] += 1

    assert {"yes", "no", "partly"} >= tally.keys()
    assert len(tally) > 1
