"""What is called redundant can go: nobody gains or loses anything, in any tailnet."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable

import pytest

from aclc.lint.exposure import Exposure
from aclc.lint.redundancy import Redundancy
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.reach.graph.compare import changes
from aclc.reach.graph.space import Space
from aclc.reach.population.population import canonical_population
from aclc.resolve.node_sets import indices_of
from aclc.resolve.resolution import resolve
from aclc.source import Source

NAMES = [
    "*",
    "autogroup:member",
    "autogroup:tagged",
    "group:a",
    "group:b",
    "a@example.com",
    "tag:x",
    "tag:y",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "100.64.0.1",
    "office",
]
PORTS = ["*", "22", "80-443", "tcp:443", "udp:53", "tcp:*", "icmp:*", "443"]
REST = """"groups": {"group:a": ["a@example.com", "b@example.com"], "group:b": ["b@example.com"]},
    "tagOwners": {"tag:x": [], "tag:y": []}, "hosts": {"office": "10.1.2.0/24"}"""


def policy_of(text: str) -> Policy:
    read = read_policy(Source("x.hujson", text))
    assert read.value is not None
    assert read.diagnostics == (), read.diagnostics
    return read.value


def difference(policy: Policy, other: Policy) -> tuple[object, ...]:
    population = canonical_population((policy, other))
    pair = [resolve(each, population.tailnet).value for each in (policy, other)]
    assert pair[0] is not None
    assert pair[1] is not None
    return changes(Space((pair[0], pair[1]), population.routed))


def random_policy(chance: random.Random) -> str:
    rules = []
    for _ in range(chance.randrange(2, 9)):
        src = chance.sample(NAMES, chance.randrange(1, 3))
        dst = chance.sample([*NAMES, "autogroup:self"], chance.randrange(1, 3))
        if "autogroup:self" in dst:
            src = [chance.choice(["autogroup:member", "group:a", "a@example.com"])]
        ip = chance.sample(PORTS, chance.randrange(1, 3))
        lists = [
            f'"{key}": [{", ".join(f"{chr(34)}{each}{chr(34)}" for each in items)}]'
            for key, items in (("src", src), ("dst", dst), ("ip", ip))
        ]
        rules.append("{" + ", ".join(lists) + "}")
    return f"""{{{REST}, "grants": [{", ".join(rules)}]}}"""


@pytest.mark.parametrize("seed", range(60))
def test_rules_are_redundant_if_and_as_the_engine_says(seed: int) -> None:
    policy = policy_of(random_policy(random.Random(f"redundancy/{seed}")))
    grants = policy.grants or ()
    verdicts = Redundancy(policy, Exposure(policy)).verdicts
    gone = {verdict.grant for verdict in verdicts}
    left = policy._replace(grants=tuple(each for at, each in enumerate(grants) if at not in gone))
    assert difference(policy, left) == ()
    for verdict in verdicts:
        only = policy._replace(grants=tuple(grants[at] for at in (*verdict.keepers, verdict.grant)))
        assert difference(only, only._replace(grants=(only.grants or ())[:-1])) == ()
    for at in range(len(left.grants or ())):
        rest = tuple(each for number, each in enumerate(left.grants or ()) if number != at)
        has_self = any(selector.name == "autogroup:self" for selector in (left.grants or ())[at].dst)
        assert has_self or difference(left, left._replace(grants=rest)) != ()


@pytest.mark.parametrize("seed", range(60, 80))
def test_of_the_keepers_none_can_be_left_out(seed: int) -> None:
    policy = policy_of(random_policy(random.Random(f"redundancy/{seed}")))
    grants = policy.grants or ()
    for verdict in Redundancy(policy, Exposure(policy)).verdicts:
        for without in verdict.keepers:
            keepers = [grants[at] for at in verdict.keepers if at != without]
            only = policy._replace(grants=(*keepers, grants[verdict.grant]))
            assert difference(only, only._replace(grants=tuple(keepers))) != ()


class Plain:
    """What is redundant by the plainest means: every target by itself, every port at which anything changes."""

    def __init__(self, exposure: Exposure) -> None:
        self.view = exposure.view
        self.edges = exposure.edges
        self.rules = list(dict.fromkeys(edge.grant for edge in self.edges))

    def is_held(self, rule: int, others: Iterable[int]) -> bool:
        holding = [edge for edge in self.edges if edge.grant in set(others)]
        ports = {port for edge in self.edges for each in edge.ports for port in (each.first, each.last + 1)}
        for edge in self.edges:
            for target in indices_of(edge.targets) if edge.grant == rule else ():
                family = self.view.sources.families[0 if self.view.targets.items[target].family == 4 else 1]
                sources = edge.src & family & (self.view.member_sources if edge.is_self else -1)
                there = [each for each in holding if each.targets >> target & 1 and each.is_self <= edge.is_self]
                for protocol in (1, 6, 17, 47, 132):
                    for port in ports | {0}:
                        if edge.opens(protocol, port):
                            left = sources
                            for each in there:
                                left &= ~each.src if each.opens(protocol, port) else -1
                            if left:
                                return False
        return True

    def union(self, found: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Give the rules that several others hold, the last ones first, each with the fewest that are needed for it."""
        kept = [rule for rule in self.rules if rule not in found]
        needless = []
        for rule in reversed(self.rules):
            rest = [each for each in kept if each != rule]
            if rule not in found and self.is_held(rule, rest):
                kept = rest
                needless.append(rule)
        smallest = {}
        for rule in needless:
            needed = list(kept)
            for other in reversed(kept):
                rest = [each for each in needed if each != other]
                needed = rest if self.is_held(rule, rest) else needed
            smallest[rule] = tuple(needed)
        return smallest


@pytest.mark.parametrize("seed", range(100, 120))
def test_the_fast_way_finds_what_the_plain_one_finds(seed: int) -> None:
    policy = policy_of(random_policy(random.Random(f"redundancy/{seed}")))
    exposure = Exposure(policy)
    redundancy = Redundancy(policy, exposure)
    plain = Plain(exposure)
    alone = {each.grant: each.keepers[0] for each in redundancy.verdicts if each.kind != "union"}
    for rule in plain.rules:
        others = [other for other in plain.rules if other != rule and plain.is_held(rule, [other])]
        if rule in redundancy.wide:
            others = [other for other in others if other in redundancy.wide]
        first = sorted(others, key=lambda each: (each not in redundancy.wide, each))
        wanted = next((each for each in first if not plain.is_held(each, [rule]) or each < rule), None)
        strictly = next((each for each in first if not plain.is_held(each, [rule])), None)
        assert alone.get(rule) == (strictly if strictly is not None else wanted)
    union = {each.grant: each.keepers for each in redundancy.verdicts if each.kind == "union"}
    assert union == plain.union(alone)
