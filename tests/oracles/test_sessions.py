"""A difference tells of SSH sessions what trying every pair of devices in every tailnet tells."""

from __future__ import annotations

from itertools import permutations

import pytest

from aclc.cli.asking import Question, ask
from aclc.reach.difference.diff import diff
from tests.oracles.sessions import changes, pair
from tests.oracles.slices import slices
from tests.oracles.tailnets import posed
from tests.properties.oracle import World
from tests.properties.ssh_oracle import may_ssh
from tests.reach.engine import policy_of, tailnet_of


@pytest.mark.parametrize("seeds", slices(200_000, 8), ids=str)
def test_sessions_change_where_those_of_some_two_devices_do(seeds: range) -> None:
    """Each kind of change is told if there is one, or left as a doubt; none is told that there is not."""
    seen = set()
    for seed in seeds:
        old, new = pair(seed)
        told = diff(policy_of(old), policy_of(new))
        kinds = {row.kind for row in told.sessions}
        expected = changes(old, new)
        assert kinds <= expected.keys(), (seed, kinds, old, new)
        assert told.doubts or kinds == expected.keys(), (seed, expected, old, new)
        seen.add(bool(expected))

    assert {True, False} == seen


@pytest.mark.parametrize("seeds", slices(200_000, 8), ids=str)
def test_a_session_between_two_machines_is_answered_as_the_rules_say(seeds: range) -> None:
    seen = set()
    for seed in seeds:
        policy, facts, _ = posed(seed)
        read, tailnet = policy_of(policy), tailnet_of(facts)
        world = World(policy, facts)
        for source, target in permutations(facts["nodes"], 2):
            for login in ("root", "ann", "kim"):
                session = ask(read, Question(source["name"], target["name"], 6, 22, login, tailnet, {})).answer.session
                assert session is not None
                expected = {None: "no", "accept": "yes", "check": "yes"}[may_ssh(world, source, target, login)]
                assert expected == session.verdict, (seed, source, target, login)
                assert session.checked == (may_ssh(world, source, target, login) == "check")
                seen.add(expected)

    assert {"no", "yes"} == seen
