"""Which rules the tests of a policy hold: those whose removal makes a test fail.

A removal only ever takes access away, so `deny` items never notice one: only `accept` counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from aclc.policy.model import Policy
from aclc.policy_tests.access import subjects, wanted
from aclc.policy_tests.openings import Opening, Probe, openings, reached
from aclc.policy_tests.world import World
from aclc.tailnet.model import Tailnet

RuleKey = tuple[Literal["grant", "acl", "default"], int]
"""Which list a rule stands in, and where."""


def held_rules(policy: Policy, tailnet: Tailnet | None) -> frozenset[RuleKey]:
    """Give the rules without which some item of `accept` would not surely pass that does now.

    Cost: one pass over the rules per item of `accept`.
    """
    if not any(test.accept for test in policy.tests):
        return frozenset()
    world = World(policy, tailnet, [each for test in policy.tests for each in subjects(test)])
    return frozenset(key for test in policy.tests for probe in wanted(world, test) for key in _held(world, probe))


def _held(world: World, probe: Probe) -> Iterator[RuleKey]:
    found = tuple(openings(world, probe))
    if not _passes(world, probe, found):
        return
    for key in dict.fromkeys(_key(each) for each in found):
        if not _passes(world, probe, tuple(each for each in found if _key(each) != key)):
            yield key


def _key(opening: Opening) -> RuleKey:
    return opening.grant.origin, opening.grant.position


def _passes(world: World, probe: Probe, found: tuple[Opening, ...]) -> bool:
    return all(not probe.target.nodes & ~surely for _, surely, _ in reached(world, probe, found))
