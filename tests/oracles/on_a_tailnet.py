"""Promises on one tailnet, asked address by address, node by node: the smallest functions that say what they mean.

Nothing is shared with the prover, and nothing is worked out in sets: each way to send a packet is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from tests.oracles.cases import Question
from tests.oracles.vocabulary import LAST, in_tailnet
from tests.properties.oracle import (
    PRIVATE,
    PUBLIC,
    TAILNET,
    Address,
    World,
    address,
    edges,
    in_ipset,
    is_exit,
    is_member,
    literal,
    names_source,
    on_internet,
    own,
    port_open,
    reaches,
    routes,
    rules,
    selects,
    sends,
    subnet_routes,
    within,
)
from tests.properties.ssh_oracle import may_ssh

Json = Any
Service = tuple[int, int]
"""(protocol, port)."""


class End(NamedTuple):
    """Where a packet comes from, or goes. `node`: its number; None for a source that is no node. `bits`: of a source,
    which rules it is one of; of a target, which openings it lies in. `alone`: whether it stands for no other
    address."""

    node: int | None
    address: Address
    is_own: bool
    bits: int
    alone: bool = True


class Ground:
    """A policy on a tailnet, with everything that may send and everything that may be sent to."""

    def __init__(self, world: World, asked: Iterable[str] = (), ports: Iterable[int] = ()) -> None:
        self.world = world
        self.nodes: list[Json] = world.tailnet["nodes"]
        self._rules = list(rules(world))
        self._openings = [(at, each) for at, rule in enumerate(self._rules) for each in rule.openings]
        self._ports = tuple(ports)
        self._asked = tuple(asked)
        pieces = list(_pieces(world, self._rules, self._asked))
        self.sources = _one_of_each(
            (End(*each) for each in self._sources(pieces)),
            lambda each: [self._is_source(name, each) for name in self._asked] + self._routers_of(each),
        )
        self.targets = _one_of_each(
            (End(*each) for each in self._targets(pieces)),
            lambda each: (
                [self._is_target(name, each) for name in self._asked] + [self.is_its(each), self.is_there(each)]
            ),
        )
        self._owners = [each["user"] if is_member(each) else None for each in self.nodes]
        self._known: dict[tuple[int, int, bool, Service], bool] = {}

    def _sources(self, pieces: list[tuple[Address, bool]]) -> Iterator[tuple[int | None, Address, bool, int, bool]]:
        for number, node in enumerate(self.nodes):
            for each in own(self.world, node):
                yield number, each, True, self._sent(each), True
        for each, alone in pieces:
            if not in_tailnet(each) or self._is_routed(each):
                yield None, each, False, self._sent(each), alone

    def _sent(self, one: Address) -> int:
        return sum(1 << at for at, rule in enumerate(self._rules) if sends(self.world, rule, one))

    def _is_routed(self, one: Address) -> bool:
        return any(within(one, each) for node in self.nodes for each in subnet_routes(self.world, node))

    def _targets(self, pieces: list[tuple[Address, bool]]) -> Iterator[tuple[int, Address, bool, int, bool]]:
        for number, node in enumerate(self.nodes):
            for each in own(self.world, node):
                yield number, each, True, self._opened(node, each), True
            served = subnet_routes(self.world, node)
            exits = [each for each in routes(self.world, node) if is_exit(each)]
            for each, alone in pieces:
                behind_exit = not in_tailnet(each) and any(within(each, route) for route in exits)
                if behind_exit or any(within(each, route) for route in served):
                    yield number, each, False, self._opened(node, each), alone

    def _opened(self, node: Json, one: Address) -> int:
        return sum(
            1 << at
            for at, (rule, each) in enumerate(self._openings)
            if reaches(self.world, self._rules[rule], each.dst, node, one)
        )

    @cached_property
    def services(self) -> list[Service]:
        """Every protocol and port at which anything may change."""
        corners = {0, 65535, *self._ports, *(port for _, each in self._openings for port in each.ports)}
        ports = sorted({each for port in corners for each in (port - 1, port, port + 1) if 0 <= each <= 65535})
        plain = {1, 47, *(each for _, opening in self._openings for each in opening.protocols)} - {6, 17, 132}
        return [(protocol, port) for protocol in (6, 17, 132) for port in ports] + [(each, 0) for each in sorted(plain)]

    def allows(self, source: End, target: End, service: Service) -> bool:
        """Tell whether a first packet from a source to a target passes."""
        if source.address[0] != target.address[0] or is_itself(source, target):
            return False
        same = (
            source.node is not None
            and target.node is not None
            and self._owners[source.node] is not None
            and self._owners[source.node] == self._owners[target.node]
        )
        key = source.bits, target.bits, same, service
        if key not in self._known:
            self._known[key] = any(
                target.bits >> at & 1
                and source.bits >> rule & 1
                and port_open(opening.protocols, opening.ports, *service)
                and (opening.dst != "autogroup:self" or same)
                for at, (rule, opening) in enumerate(self._openings)
            )
        return self._known[key]

    def sources_named(self, selectors: Iterable[str]) -> list[End]:
        """Give the sources that any of some selectors names."""
        selectors = tuple(selectors)
        return [each for each in self.sources if any(self._is_source(name, each) for name in selectors)]

    def _is_source(self, name: str, source: End) -> bool:
        node = None if source.node is None else self.nodes[source.node]
        return names_source(self.world, name, source.address, node)

    def targets_named(self, selectors: Iterable[str]) -> list[End]:
        """Give the targets that any of some selectors names."""
        selectors = tuple(selectors)
        return [each for each in self.targets if any(self._is_target(name, each) for name in selectors)]

    def is_its(self, target: End) -> bool:
        """Tell whether a target is its node, or lies behind a subnet route of it."""
        assert target.node is not None
        served = subnet_routes(self.world, self.nodes[target.node])
        return target.is_own or any(within(target.address, each) for each in served)

    def is_there(self, target: End) -> bool:
        """Tell whether somebody may rely on a target: private addresses beyond an exit node need not be there."""
        return self.is_its(target) or on_internet(target.address)

    def _is_target(self, name: str, target: End) -> bool:
        spans = literal(self.world, name)
        if spans:
            return within(target.address, spans[0])
        if name.startswith("ipset:"):
            return in_ipset(self.world, name, target.address)
        assert target.node is not None
        return name == "*" or (target.is_own and selects(self.world, name, self.nodes[target.node]))

    # Machines that can be taken over ---------------------------------------------------------------------------------

    @cached_property
    def _next(self) -> list[set[int]]:
        """For each node those that it leads to: over SSH, or by a tag that it may bring."""
        count = range(len(self.nodes))
        return [{other for other in count if one != other and self._leads(one, other)} for one in count]

    def _leads(self, one: int, other: int) -> bool:
        return self._may_log_in(one, other) or self._may_bring(one, other)

    def _may_log_in(self, one: int, other: int) -> bool:
        source, target = self.nodes[one], self.nodes[other]
        logins = {"root", "somebody", (source.get("user") or "").partition("@")[0]}
        logins.update(name for rule in self.world.policy.get("ssh") or () for name in rule.get("users") or ())
        return any(may_ssh(self.world, source, target, login) for login in logins) and any(
            self.allows(mine, theirs, (6, 22))
            for mine in self.sources
            for theirs in self.targets
            if mine.node == one and theirs.node == other and theirs.is_own
        )

    def _may_bring(self, one: int, other: int) -> bool:
        """Tell whether a machine like another one could be brought: by who may apply each of its tags."""
        tags = self.nodes[other].get("tags") or ()
        return bool(tags) and all(self._may_apply(one, tag, ()) for tag in tags)

    def _may_apply(self, one: int, tag: str, through: tuple[str, ...]) -> bool:
        node = self.nodes[one]
        return not node.get("shared") and any(
            selects(self.world, name, node)
            or (name.startswith("tag:") and name not in through and self._may_apply(one, name, (*through, name)))
            for name in self.world.table("tagOwners").get(tag) or ()
        )

    def taken(self, start: int) -> set[int]:
        """Give the nodes that whoever has one of them can get control of, that one among them."""
        found, queue = {start}, [start]
        while queue:
            for each in self._next[queue.pop()] - found:
                found.add(each)
                queue.append(each)
        return found

    def behind(self, nodes: Iterable[int]) -> list[End]:
        """Give the sources that lie behind subnet routes of some nodes."""
        wanted = set(nodes)
        return [each for each in self.sources if wanted.intersection(self._routers_of(each))]

    def _routers_of(self, source: End) -> list[int]:
        return [
            number
            for number, node in enumerate(self.nodes if source.node is None else ())
            if any(within(source.address, each) for each in subnet_routes(self.world, node))
        ]


def is_itself(source: End, target: End) -> bool:
    """Tell whether a packet would go to whoever sends it: that breaks nothing, and is nothing to rely on."""
    if target.is_own:
        return source.node == target.node
    return source.node is None and source.address == target.address and source.alone


def broken(world: World, question: Question, *, beyond_exits: bool = True) -> bool:
    """Tell whether a promise does not hold on a tailnet. A side that names nothing breaks none.

    `beyond_exits`: whether private addresses beyond an exit node that a destination names are there to be reached.
    Filters let packets for them in, and clients do not send them there.
    """
    ports = [port for _, first, last in question.services for port in (first, last)]
    ground = Ground(world, [*question.a, *question.b], ports)
    services = [
        (protocol, port)
        for protocol, port in ground.services
        if not question.services or any(protocol == p and q <= port <= r for p, q, r in question.services)
    ]
    a, b = ground.sources_named(question.a), _targets(ground, question.b, beyond_exits=beyond_exits)
    match question.kind:
        case "never":
            return _any(ground, a, b, services, question)
        case "only":
            return _any(ground, [each for each in ground.sources if each not in a], b, services, question)
        case "isolated":
            back = ground.sources_named(question.b), _targets(ground, question.a, beyond_exits=beyond_exits)
            return _any(ground, a, b, services, question) or _any(ground, *back, services, question)
        case "at most":
            return any(_count(ground, each, a, services, question) > question.most for each in _one_by_one(a))
        case "exposed":
            return _any(ground, _outsiders(ground, question), b, services, question)
        case _:
            relied_on = services if question.services else [each for each in services if each[0] in {6, 17}]
            b = _targets(ground, question.b, beyond_exits=False)
            return any(
                not ground.allows(source, target, service)
                for source in a
                for target in b
                if source.address[0] == target.address[0] and not is_itself(source, target)
                for service in relied_on
            )


def _targets(ground: Ground, names: tuple[str, ...], *, beyond_exits: bool) -> list[End]:
    found = ground.targets_named(names)
    return found if beyond_exits or "*" in names else [each for each in found if ground.is_there(each)]


def _any(ground: Ground, sources: list[End], targets: list[End], services: list[Service], question: Question) -> bool:
    """Tell whether any source reaches any target, over machines that it takes over where that is asked."""
    if _reach(ground, sources, targets, services):
        return True
    if not question.transitive:
        return False
    for start in {each.node for each in sources if each.node is not None}:
        taken = ground.taken(start)
        others = [each for each in targets if not (each.is_own and each.node == start)]
        if any(each.node in taken - {start} and ground.is_its(each) for each in others):
            return True
        senders = [each for each in ground.sources if each.node in taken]
        if _reach(ground, [*senders, *ground.behind(taken)], others, services):
            return True
    return False


def _reach(ground: Ground, sources: list[End], targets: list[End], services: list[Service]) -> bool:
    return any(
        ground.allows(source, target, service) for source in sources for target in targets for service in services
    )


def _one_by_one(sources: list[End]) -> Iterator[list[End]]:
    """Give each node with all addresses, and each address that is no node's."""
    for node in {each.node for each in sources if each.node is not None}:
        yield [each for each in sources if each.node == node]
    for each in sources:
        if each.node is None:
            yield [each]


def _count(ground: Ground, one: list[End], sources: list[End], services: list[Service], question: Question) -> int:
    """Give how many nodes one of the sources reaches."""
    del sources
    start = one[0].node
    taken: set[int] = set()
    senders = one
    if start is not None:
        senders = [each for each in ground.sources if each.node == start]
        if question.transitive:
            taken = ground.taken(start)
            senders = [each for each in ground.sources if each.node in taken] + ground.behind(taken)
    reached = {
        target.node for target in ground.targets if target.is_own and _reach(ground, senders, [target], services)
    }
    return len((reached | taken) - {start})


def _outsiders(ground: Ground, question: Question) -> list[End]:
    """Give the sources outside that no rule and no exception means by name."""
    meant = ground.sources_named([each for each in question.a if each not in {"internet", "funnel"}])
    listed = [*(ground.world.policy.get("grants") or ()), *(ground.world.policy.get("acls") or ())]
    people = [name for rule in listed for name in rule["src"] if "@" in name or name.startswith("group:")]
    named = ground.sources_named([each for each in people if not each.startswith("user:")])
    found = []
    for each in ground.sources:
        if each.node is not None:
            is_foreign = bool(ground.nodes[each.node].get("shared"))
        else:
            is_foreign = "internet" not in question.a and each not in ground.behind(range(len(ground.nodes)))
        if is_foreign and each not in meant and each not in named:
            found.append(each)
    return found


def _pieces(world: World, listed: list[Any], asked: Iterable[str]) -> Iterator[tuple[Address, bool]]:
    """Give one address of each interval that no literal, route or range cuts, no node's own among them, and whether it
    is the only one."""
    names = {*asked, *(each for rule in listed for each in (*rule.src, *(o.dst for o in rule.openings)))}
    cuts: dict[int, set[int]] = {4: {0}, 6: {0}}
    for family, first, last in (*TAILNET, *PUBLIC, *PRIVATE):
        cuts[family].update((first, last + 1))
    for node in world.tailnet["nodes"]:
        for family, first, last in routes(world, node):
            cuts[family].update((first, last + 1))
    for name in names:
        for family, first, last in literal(world, name):
            cuts[family].update((first, last + 1))
        if name.startswith("ipset:"):
            for family, cut in edges(world, name):
                cuts[family].update(_block_ends((family, cut)))
    taken = {address(each) for node in world.tailnet["nodes"] for each in node["addresses"]}
    for family, found in cuts.items():
        for first, after in pairwise(sorted({*found, LAST[family] + 1})):
            free = next((at for at in range(first, min(after, first + 20)) if (family, at) not in taken), None)
            if free is not None:
                yield (family, free), after - first == 1


def _block_ends(cut: Address) -> Iterator[int]:
    """Give where the CIDR blocks around an edge of an ipset may begin."""
    family, at = cut
    for size in range(33 if family == 4 else 129):
        first = at >> size << size
        yield from (each for each in (first, first + (1 << size)) if each <= LAST[family])


def _one_of_each(ends: Iterable[End], rest: Callable[[End], list[Any]]) -> list[End]:
    """Leave out all but one of those outside nodes that nothing tells apart."""
    kept: dict[Any, End] = {}
    for each in ends:
        place = each.address if each.alone else each.address[0]
        kept.setdefault((each.node, each.is_own, place, each.bits, *rest(each)), each)
    return list(kept.values())
