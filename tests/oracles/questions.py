"""What `why` should answer where names are asked about: for all of them, for some, for none. Machine by machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tests.oracles.brute_force import Populations
from tests.oracles.cases import Json
from tests.oracles.on_a_tailnet import End, Ground
from tests.oracles.vocabulary import facts
from tests.properties.oracle import World, address, is_member, names_source, own, port_open, reaches, selects, sends

Service = tuple[int, int]
"""(protocol, port)."""


class Asked(NamedTuple):
    """A question: from whom, to whom, on what. `port` None: on any port of any protocol."""

    src: str
    dst: str
    protocol: int
    port: int | None


def on_a_tailnet(world: World, asked: Asked) -> str:
    """Give `yes`, `partly`, `no` or `nobody`. A machine gets through where any of its addresses does."""
    ground = Ground(world, [asked.src, asked.dst], [asked.port or 0])
    services = ground.services if asked.port is None else [(asked.protocol, asked.port)]
    sources: dict[object, list[End]] = {}
    for each in _own_first(ground, asked.src, ground.sources_named([asked.src])):
        sources.setdefault(each.node if each.node is not None else each.address, []).append(each)
    targets: dict[object, list[End]] = {}
    for each in _own_first(ground, asked.dst, ground.targets_named([asked.dst])):
        targets.setdefault(each.node, []).append(each)
    found = set()
    for one, mine in sources.items():
        for other, theirs in targets.items():
            ends = [(source, target) for source in mine for target in theirs if source.address[0] == target.address[0]]
            if ends and one != other:
                found.add(any(ground.allows(*each, service) for each in ends for service in services))
    return _verdict(found)


def _own_first(ground: Ground, name: str, ends: Sequence[End]) -> Sequence[End]:
    """Leave out what people share in where they have devices of their own."""
    if _is_personal(name):
        return [each for each in ends if each.node is None or not ground.nodes[each.node].get("shared")] or ends
    return ends


def _is_personal(name: str) -> bool:
    return name.startswith("group:") or ("@" in name and not name.startswith("user:"))


def _verdict(found: set[bool]) -> str:
    return {(): "nobody", (True,): "yes", (False,): "no"}.get(tuple(found), "partly")


class _Machine(NamedTuple):
    """A kind of machine. `rights`: for each of its addresses (family, which rules or openings it is one of)."""

    rights: tuple[tuple[int, tuple[bool, ...]], ...]
    owner: tuple[str, str] | None


def on_every_tailnet(policy: Json, asked: Asked) -> str:
    """Give `yes`, `partly`, `no` or `nobody` for machines of people, and for machines with one tag."""
    there = Populations((policy,), (asked.src, asked.dst), [asked.port or 0])
    services = there.words.services if asked.port is None else [(asked.protocol, asked.port)]
    found = {
        _passes(there, source, target, services)
        for source in set(_sources(there, asked.src))
        for target in set(_targets(there, asked.dst))
        if not _is_of_two_roles(source, target)
        and {family for family, _ in source.rights} & {family for family, _ in target.rights}
    }
    return _verdict(found)


def _is_of_two_roles(source: _Machine, target: _Machine) -> bool:
    one, other = source.owner, target.owner
    return one is not None and other is not None and one[0] == other[0] and one != other


def _passes(there: Populations, source: _Machine, target: _Machine, services: Iterable[Service]) -> bool:
    same = source.owner is not None and source.owner == target.owner
    ranks = {id(rule): at for at, rule in enumerate(there.rules[0])}
    return any(
        opened[at] and sent[ranks[id(rule)]] and (opening.dst != "autogroup:self" or same)
        for family, sent in source.rights
        for other, opened in target.rights
        if family == other
        for at, (rule, opening) in enumerate(there.openings[0])
        if any(port_open(opening.protocols, opening.ports, *service) for service in services)
    )


def _machines(there: Populations, name: str, step: int, shown: Sequence[Json]) -> Iterator[tuple[Json, World, str]]:
    for identity, role in there.identities():
        if len(identity.get("tags", ())) > 1 or (identity.get("shared") and _is_personal(name)):
            continue
        for home in there.homes(step):
            for posture in shown[:1] if identity.get("shared") else shown:
                node = {"name": "machine", "addresses": home, "posture": posture, "approved_routes": [], **identity}
                users = [{"login": node["user"], "role": role}] if is_member(node) else []
                yield node, World(there.policies[0], {"nodes": [node], "users": users}), role


def _sources(there: Populations, name: str) -> Iterator[_Machine]:
    shown = list(facts(there.words.conditions)) or [{}]
    for node, world, role in _machines(there, name, 0, shown):
        if names_source(world, name, address(node["addresses"][0]), node):
            sent = tuple(
                (each[0], tuple(sends(world, rule, each) for rule in there.rules[0])) for each in own(world, node)
            )
            yield _Machine(sent, (node["user"], role) if is_member(node) else None)


def _targets(there: Populations, name: str) -> Iterator[_Machine]:
    for node, world, role in _machines(there, name, 1, [{}]):
        if selects(world, name, node):
            opened = tuple(
                (each[0], tuple(reaches(world, rule, opening.dst, node, each) for rule, opening in there.openings[0]))
                for each in own(world, node)
            )
            yield _Machine(opened, (node["user"], role) if is_member(node) else None)
