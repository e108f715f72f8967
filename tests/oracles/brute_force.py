"""Every small population, one after the other, asked of the reference semantics.

A source is any kind of device at any kind of address, or an address outside, behind an approved route or not; a target
is any kind of device, its own address or what lies behind it. Those that no rule and no promise tells apart are tried
once; nothing is left out because something else "covers" it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from tests.oracles.cases import Question
from tests.oracles.vocabulary import NEW, NEWER, Vocabulary, facts, in_tailnet, is_home, vocabulary
from tests.properties.oracle import (
    Address,
    Opening,
    Rule,
    World,
    is_member,
    literal,
    names_source,
    on_internet,
    own,
    port_open,
    reaches,
    rules,
    selects,
    sends,
)
from tests.properties.packets import text as address_text

Json = Any

DEFAULT_ROUTES = ("0.0.0.0/0", "::/0")


class Source(NamedTuple):
    """Where a packet comes from. `node`: None outside. `sent`: per policy, which rules it is a source of. `counts`:
    whether "always" speaks of it: not where the first policy takes the address away. `alone`: no other address is like
    it."""

    node: Json | None
    role: str
    address: Address
    routed: bool
    sent: tuple[tuple[bool, ...], ...]
    asked: tuple[bool, ...]
    counts: bool
    alone: bool = True


class Target(NamedTuple):
    """Where a packet goes. `opened`: per policy, which openings of which rules it lies in. `counts`: whether "always"
    speaks of it: private addresses beyond an exit node are nothing to rely on, nor is one that is taken away."""

    node: Json
    role: str
    address: Address
    counts: bool
    opened: tuple[tuple[bool, ...], ...]
    asked: tuple[bool, ...]


class Found(NamedTuple):
    """A counterexample: a source, a target, a service."""

    source: Source
    target: Target
    service: tuple[int, int]


class Populations:
    """All small populations of some policies, with the selectors that are asked about."""

    def __init__(self, policies: Sequence[Json], asked: Sequence[str] = (), ports: Iterable[int] = ()) -> None:
        self.policies = tuple(policies)
        self.words: Vocabulary = vocabulary(policies, asked, ports)
        self._asked = tuple(asked)
        self.rules = [list(rules(World(policy, _tailnet([], [])))) for policy in policies]
        self.openings = [[(rule, opening) for rule in listed for opening in rule.openings] for listed in self.rules]
        self._allowed: dict[tuple[Any, ...], bool] = {}
        self.sources = _one_of_each(self._sources(), lambda each: _key(each, (each.sent, each.asked, each.counts)))
        self.targets = _one_of_each(self._targets(), lambda each: _key(each, (each.opened, each.asked, each.counts)))

    def identities(self) -> Iterator[tuple[Json, str]]:
        """Give who can be told apart, each with each role."""
        words = self.words
        people = [*words.logins, NEW, NEWER, *(f"new@{domain}" for domain in words.domains)]
        for login in dict.fromkeys(people):
            for role in ("member", *words.roles):
                yield {"user": login}, role
        for login in (*words.logins, "outsider@elsewhere.invalid"):
            yield {"user": login, "shared": True}, "member"
        tags = (*words.tags, "tag:new")
        for size in range(1, len(tags) + 1):
            for chosen in combinations(tags, size):
                yield {"tags": list(chosen)}, "member"

    def homes(self, step: int) -> Iterator[list[str]]:
        """Give addresses for a node; with another step another one in the same pieces, where there is one."""
        rooms = {
            family: [
                address_text(family, min(first + step, last))
                for first, last in self.words.pieces[family]
                if is_home((family, first))
            ]
            for family in (4, 6)
        }
        for four in rooms[4]:
            for six in rooms[6]:
                yield [four, six]

    def _sources(self) -> Iterator[Source]:
        shown = list(facts(self.words.conditions))
        for identity, role in self.identities():
            for home in self.homes(0):
                for posture in shown if not identity.get("shared") else shown[:1]:
                    node = {"name": "source", "addresses": home, "posture": posture, **identity}
                    for family in (4, 6):
                        yield self._source(node, role, _own(home)[family], routed=False)
        for family in (4, 6):
            for first, last in self.words.pieces[family]:
                for routed in (False, True):
                    if routed or not in_tailnet((family, first)):
                        source = self._source(None, "member", (family, first), routed=routed)
                        yield source._replace(alone=first == last)

    def _source(self, node: Json | None, role: str, address: Address, *, routed: bool) -> Source:
        nodes = [node] if node is not None else []
        if routed:
            route = f"{address_text(*address)}/{32 if address[0] == 4 else 128}"
            nodes.append({"name": "router", "addresses": [], "user": NEW, "approved_routes": [route]})
        tailnet = _tailnet(nodes, [(node, role)])
        sent = []
        for policy, listed in zip(self.policies, self.rules, strict=True):
            world = World(policy, tailnet)
            exists = node is None or address in own(world, node)
            sent.append(tuple(exists and sends(world, rule, address) for rule in listed))
        world = World(self.policies[0], tailnet)
        asked = tuple(names_source(world, each, address, node) for each in self._asked)
        return Source(node, role, address, routed, tuple(sent), asked, node is None or address in own(world, node))

    def _targets(self) -> Iterator[Target]:
        services = [({"service": name, "by_name_only": only}, "member") for name in self.words.svc for only in (0, 1)]
        for identity, role in (*self.identities(), *services):
            for home in self.homes(1):
                node = {"name": "target", "addresses": home, "approved_routes": [], **identity}
                for family in (4, 6):
                    yield self._target(node, role, _own(home)[family])
        # WHY a step further: no node has the very address, which is one's own and nobody sends to.
        outside = [(family, min(first + 2, last)) for family in (4, 6) for first, last in self.words.pieces[family]]
        behind_exits = [each for each in outside if not in_tailnet(each)]
        tags = (*self.words.tags, "tag:new")
        tag_sets = (list(chosen) for size in range(1, len(tags) + 1) for chosen in combinations(tags, size))
        routers = [{"tags": chosen} for chosen in tag_sets if set(chosen) & set(self.words.via)]
        for identity in ({"user": NEW}, *routers):
            for home in self.homes(1):
                for served in outside:
                    yield self._behind(identity, home, [served], (), served)
                    for own_address in _own(home).values():
                        yield self._behind(identity, home, [served], (), own_address)
                    for each in behind_exits:
                        yield self._behind(identity, home, [served], DEFAULT_ROUTES, each)
                for each in behind_exits:
                    yield self._behind(identity, home, [], DEFAULT_ROUTES, each)

    def _behind(
        self, identity: Json, home: list[str], served: list[Address], exits: tuple[str, ...], address: Address
    ) -> Target:
        routes = [f"{address_text(*each)}/{32 if each[0] == 4 else 128}" for each in served]
        node = {"name": "target", "addresses": home, "approved_routes": [*routes, *exits], **identity}
        return self._target(node, "member", address)

    def _target(self, node: Json, role: str, address: Address) -> Target:
        tailnet = _tailnet([node], [(node, role)])
        opened = []
        for policy, listed in zip(self.policies, self.openings, strict=True):
            world = World(policy, tailnet)
            local = own(world, node)
            exists = address in local or address_text(*address) not in node["addresses"]
            opened.append(tuple(exists and reaches(world, rule, each.dst, node, address) for rule, each in listed))
        world = World(self.policies[0], tailnet)
        asked = tuple(self._is_target(world, each, node, address) for each in self._asked)
        beyond = address_text(*address) not in [
            *node["addresses"],
            *(each.partition("/")[0] for each in node["approved_routes"]),
        ]
        there = address in own(world, node) or address_text(*address) not in node["addresses"]
        return Target(node, role, address, there and (not beyond or on_internet(address)), tuple(opened), asked)

    def _is_target(self, world: World, selector: str, node: Json, address: Address) -> bool:
        """Tell whether a promise that names a selector as a destination means what lies at an address."""
        spans = literal(world, selector)
        if spans:
            return _in(address, spans)
        if selector.startswith("ipset:"):
            return names_source(world, selector, address, None)
        if selector == "*":
            return not node.get("by_name_only")
        return address in own(world, node) and selects(world, selector, node)

    def allows(self, number: int, source: Source, target: Target, service: tuple[int, int]) -> bool:
        """Tell whether a policy lets a packet from a source to a target in."""
        of_one = _of_one(source, target)
        key = (number, source.sent[number], target.opened[number], of_one, service)
        found = self._allowed.get(key)
        if found is None:
            found = self._allowed[key] = self._asks(number, source, target, service, of_one=of_one)
        return found

    def _asks(self, number: int, source: Source, target: Target, service: tuple[int, int], *, of_one: bool) -> bool:
        sent = dict(zip(map(id, self.rules[number]), source.sent[number], strict=True))
        return any(
            at
            and sent[id(rule)]
            and port_open(opening.protocols, opening.ports, *service)
            and (opening.dst != "autogroup:self" or of_one)
            for at, (rule, opening) in zip(target.opened[number], self.openings[number], strict=True)
        )

    def pairs(self, *, with_itself: bool) -> Iterator[tuple[Source, Target]]:
        """Give every source with every target that can stand in one tailnet with it."""
        for source in self.sources:
            for target in self.targets:
                if source.address[0] != target.address[0] or not _possible(source, target, with_itself=with_itself):
                    continue
                yield source, target


def new_access(old: Json, new: Json) -> Found | None:
    """Give an access that the second policy gives in some tailnet and the first does not."""
    there = Populations((old, new))
    for source, target in there.pairs(with_itself=True):
        for service in there.words.services:
            if there.allows(1, source, target, service) and not there.allows(0, source, target, service):
                return Found(source, target, service)
    return None


def broken(policy: Json, question: Question) -> Found | None:
    """Give a counterexample to a promise."""
    ports = [port for _, first, last in question.services for port in (first, last)]
    there = Populations((policy,), (*question.a, *question.b), ports)
    services = [
        (protocol, port)
        for protocol, port in there.words.services
        if not question.services or any(protocol == p and q <= port <= r for p, q, r in question.services)
    ]
    count = len(question.a)
    for source, target in there.pairs(with_itself=False):
        from_a, to_a = any(source.asked[:count]), any(target.asked[:count])
        from_b, to_b = any(source.asked[count:]), any(target.asked[count:])
        match question.kind:
            case "never":
                wanted = from_a and to_b
            case "only":
                wanted = not from_a and to_b
            case "isolated":
                wanted = (from_a and to_b) or (from_b and to_a)
            case _:
                wanted = from_a and to_b and source.counts and target.counts
        if wanted:
            for service in services:
                if there.allows(0, source, target, service) == (question.kind != "always"):
                    return Found(source, target, service)
    return None


def _of_one(source: Source, target: Target) -> bool:
    if source.node is None or not is_member(source.node) or not is_member(target.node):
        return False
    return bool(source.node["user"] == target.node["user"])


def _possible(source: Source, target: Target, *, with_itself: bool) -> bool:
    """Tell whether one tailnet can hold both: a person has one role, and an address one node."""
    if source.node is None:
        # Nobody sends to the very address that is theirs; where there are others like it, one of them is meant.
        return with_itself or not source.alone or source.address != target.address
    if _of_one(source, target) and source.role != target.role:
        return False
    if source.address == target.address and address_text(*target.address) not in target.node["addresses"]:
        return False  # nobody sends to the very address that is theirs
    shares = any(each in target.node["addresses"] for each in source.node["addresses"])
    if not shares:
        return True
    return with_itself and all(
        source.node.get(key) == target.node.get(key) for key in ("user", "tags", "shared", "addresses")
    )


def _key(each: Source | Target, rest: Any) -> Any:
    node = each.node
    if node is None:
        return each.address[0], None, rest
    who = (node["user"], each.role) if is_member(node) else None
    return each.address[0], who, tuple(node["addresses"]), rest


def _one_of_each(found: Iterable[Any], key: Callable[[Any], Any]) -> list[Any]:
    kept: dict[Any, Any] = {}
    for each in found:
        kept.setdefault(key(each), each)
    return list(kept.values())


def _own(home: list[str]) -> dict[int, Address]:
    from tests.properties.oracle import address

    return {4: address(home[0]), 6: address(home[1])}


def _in(address: Address, spans: Iterable[tuple[int, int, int]]) -> bool:
    return any(family == address[0] and first <= address[1] <= last for family, first, last in spans)


def _tailnet(nodes: list[Json], roles: list[tuple[Json | None, str]]) -> Json:
    users = [
        {"login": node["user"], "role": role}
        for node, role in roles
        if node is not None and node.get("user") is not None and not node.get("shared")
    ]
    return {"nodes": nodes, "users": users}


__all__ = ["Found", "Opening", "Populations", "Rule", "broken", "new_access"]
