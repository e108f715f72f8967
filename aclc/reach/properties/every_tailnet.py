"""Properties for every tailnet: the views of one policy that between them stand for all (docs/proofs.md).

One population serves all properties that are asked together. Views are made when they are first needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.reach.graph.space import Space, View
from aclc.reach.population.population import Population, canonical_population, role_worlds
from aclc.reach.population.vocabulary import SIDES, roles_asked_about, rule_selectors
from aclc.reach.properties.properties import Judge
from aclc.reach.properties.property_file import Property
from aclc.resolve.resolution import resolve

MOST_TAG_SETS = 20_000
MOST_LARGEST = 4_096
MOST_WORLDS = 60
"""Ways to give roles to the people whom a policy names up to which each is looked at."""


class EveryTailnet:
    """The views that decide some properties of a policy. Assumptions among them keep tags apart."""

    def __init__(self, policy: Policy, promises: Sequence[Property]) -> None:
        self._policy = policy
        self._apart = [frozenset(each.name for each in side) for side in _sides(promises, assumed=True)]
        self._promises = promises
        self._grounds: dict[bool, _Ground] = {}
        targets = [target for entry in policy.node_attrs for target in entry.target]
        self._rule_roles = _roles([*(each for side in SIDES for each in rule_selectors(policy, side)), *targets])

    def judges(self, promise: Property) -> Iterator[Judge]:
        """Give what to hold a property against: a witness in any is a counterexample, and it holds if there is none and
        no doubt."""
        ground = self._ground(transitive=promise.transitive)
        roles = self._roles_of(promise)
        if _worlds(roles, ground.people) > MOST_WORLDS:
            roles = ()
        for routed in _routed(promise):
            yield from ground.judges(roles, routed)

    def doubts(self, promise: Property) -> tuple[str, ...]:
        """Give what the views leave out, in plain words."""
        ground = self._ground(transitive=promise.transitive)
        many = _worlds(self._roles_of(promise), ground.people) > MOST_WORLDS
        return (*ground.doubts, "the roles that people may have are too many to go through") if many else ground.doubts

    def _roles_of(self, promise: Property) -> tuple[str, ...]:
        """Give the roles that people whom a property names may matter with; newcomers have each anyway."""
        asked = [selector for side in promise.sides for selector in side]
        if promise.transitive or any(each.kind in {"user", "group"} for each in asked):
            found = tuple(dict.fromkeys((*self._rule_roles, *_roles(asked))))
        else:
            found = _roles(asked)
        # WHY: who breaks "only admins" is a member, and may reach another person only if that one is an admin.
        return (*found, "member") if found and promise.kind == "only" else found

    def _ground(self, *, transitive: bool) -> _Ground:
        if transitive not in self._grounds:
            asked = tuple(
                dict.fromkeys(
                    selector
                    for side in _sides([each for each in self._promises if each.transitive == transitive])
                    for selector in side
                )
            )
            self._grounds[transitive] = _Ground(self._policy, asked, self._apart, transitive=transitive)
        return self._grounds[transitive]


class _Ground:
    """A population with its views. `people`: how many are named by login."""

    def __init__(
        self, policy: Policy, asked: Sequence[Selector], apart: Sequence[frozenset[str]], *, transitive: bool
    ) -> None:
        sets, doubts = _tag_sets(policy, asked, apart, transitive=transitive)
        self._policy = policy
        self._population: Population = canonical_population((policy,), asked, sets, transitive=transitive)
        self.doubts = (*doubts, *self._population.doubts)
        self.people = len(self._population.named)
        self._spaces: dict[tuple[tuple[str, ...], int], Space] = {}
        self._judges: dict[tuple[tuple[str, ...], int, bool], Judge] = {}

    def judges(self, roles: tuple[str, ...], routed: bool) -> Iterator[Judge]:  # noqa: FBT001  # one of two populations
        """Give a judge for each way to give roles to people. `routed`: addresses asked about lie behind routes."""
        population = self._population
        for number, world in enumerate(role_worlds(population.tailnet, roles)):
            told = roles if number else ()  # the first one is the same whatever the roles
            key = told, number, routed
            if key not in self._judges:
                space = self._spaces.get((told, number))
                if space is None:
                    resolved = resolve(self._policy, world).value
                    assert resolved is not None  # `resolve` gives a value for every policy and tailnet
                    space = self._spaces[told, number] = population.space([resolved])
                view = space.views[0]
                if not routed:
                    view = View(view.resolved, space.sources, space.targets, population.unnamed)
                self._judges[key] = Judge(view)
            yield self._judges[key]


def _routed(promise: Property) -> tuple[bool, ...]:
    """Tell whether addresses that are asked about count as behind routes, so that `*` means them.

    More access breaks "never", less breaks "always". What `*` means as one of the two sides goes both ways.
    """
    if promise.kind == "always":
        return (False,)
    return (True, False) if promise.kind in {"only", "exposed"} else (True,)


def _worlds(roles: Sequence[str], people: int) -> int:
    pairs = len(roles) * (len(roles) - 1)
    return 1 + len(roles) + pairs * ((people - 1).bit_length() if people else 0)


def _sides(promises: Sequence[Property], *, assumed: bool = False) -> Iterator[tuple[Selector, ...]]:
    for promise in promises:
        if (promise.kind == "apart") == assumed:
            yield from promise.sides


def _roles(selectors: Iterable[Selector]) -> tuple[str, ...]:
    return tuple(sorted(roles_asked_about(selectors)))


def _tag_sets(
    policy: Policy, asked: Sequence[Selector], apart: Sequence[frozenset[str]], *, transitive: bool
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Give the sets of tags that some node shall carry, and what they leave out.

    Without assumptions, one node with every tag stands for all: more tags only reach further. Pairs come first, since
    they make the plainer witness.
    """
    tags = list(policy.tag_owners)
    named = dict.fromkeys(each.name for each in asked if each.kind == "tag" and each.name in policy.tag_owners)
    wanted = tags if transitive and len(tags) ** 2 <= MOST_TAG_SETS else list(named)
    doubts: list[str] = []
    sets: list[tuple[str, ...]] = []
    if len(wanted) * len(tags) <= MOST_TAG_SETS:
        pairs = dict.fromkeys(tuple(sorted((one, other))) for one in wanted for other in tags if one != other)
        sets = [pair for pair in pairs if not any(each <= set(pair) for each in apart)]
    if not apart:
        return [*sets, tuple(tags)] if len(tags) > 2 or (len(tags) == 2 and not sets) else sets, doubts
    largest = _largest_sets(tags, apart)
    if largest is None:
        doubts.append("the assumptions leave too many sets of tags to go through")
        return sets, doubts
    return list(dict.fromkeys([*sets, *largest])), doubts


def _largest_sets(tags: Sequence[str], apart: Sequence[frozenset[str]]) -> list[tuple[str, ...]] | None:
    """Give the largest sets of tags that no assumption forbids; None where there are more than `MOST_LARGEST`."""
    sets: list[frozenset[str]] = [frozenset(tags)]
    for pair in apart:
        split: list[frozenset[str]] = []
        for each in sets:
            split += [each - {tag} for tag in sorted(pair)] if pair <= each else [each]
        sets = [each for each in dict.fromkeys(split) if not any(each < other for other in split)]
        if len(sets) > MOST_LARGEST:
            return None
    return [tuple(sorted(each)) for each in sets if each]
