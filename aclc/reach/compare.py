"""The difference of two policies in one space: which sources gain or lose which targets, on which ports. Exact, never
sampled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from aclc.net import ALL_PORTS, DEFAULT_PROTOCOLS, PortRange, PortSet
from aclc.reach.space import PORT_PROTOCOLS, Space, View
from aclc.resolve.node_sets import indices_of, node_set

ICMP = 1
Service = tuple[int, int, int]
"""(protocol, first port, last port); 0 to 65535 for protocols without ports. ICMP stands for both of its versions."""

Services = tuple[Service, ...]
Scope = Literal["any", "own", "others"]
"""Between which owners: any; only devices of one user; only where source and target are not devices of one user."""


class Change(NamedTuple):
    """Access that one policy gives and the other does not.

    It holds between every source and every target of one family, within its scope. `services`: sorted, disjoint per
    protocol. ICMP is named only where nothing else is gained or lost, since every access allows it.
    """

    gained: bool
    sources: int
    targets: int
    services: Services
    scope: Scope = "any"


class Opening(NamedTuple):
    """What an edge says, without where it says it: equal openings on equal targets cancel out."""

    src: int
    protocol: int | None
    ports: tuple[PortRange, ...]
    is_self: bool


def changes(space: Space) -> tuple[Change, ...]:
    """Give what the second policy of a space gives more and less than the first.

    Grouped: no two changes agree in all but their targets. Order: gains first, then by services, sources and targets.
    Empty: the two policies give the same access to everybody. Cost: one pass over both policies' edges; then, for
    targets that a changed edge touches, the distinct destinations that reach them, once per interval of ports that a
    changed edge speaks of.
    """
    old, new = space.views
    before, after = _openings(old), _openings(new)
    touched = old.live ^ new.live
    for targets, _ in before.keys() ^ after.keys():
        touched |= targets
    found: dict[tuple[bool, int, Services, Scope], int] = {}
    members = new.member_sources | old.member_sources
    for targets, bundles in _classes(before, after, touched):
        for gained, sources, services, scope in _rows(bundles, members):
            key = (gained, sources, services, scope)
            found[key] = found.get(key, 0) | targets
    listed = [
        Change(gained, sources, targets, services, scope)
        for (gained, sources, services, scope), targets in found.items()
    ]
    return tuple(
        sorted(_possible(space, listed), key=lambda each: (not each.gained, each.services, each.sources, each.targets))
    )


def _openings(view: View) -> dict[tuple[int, Opening], None]:
    return {
        (edge.targets, Opening(edge.src, edge.protocol, tuple(sorted(set(edge.ports))), edge.is_self)): None
        for edge in view.edges
    }


class _Bundle:
    """What the two policies open on one set of targets; sources are worked out once per interval of ports."""

    __slots__ = ("_covering", "changed", "has_self", "sides", "starts")

    def __init__(self, was: list[Opening], now: list[Opening]) -> None:
        self.sides = (was, now)
        self.changed = list({*was} ^ {*now})
        self.has_self = any(opening.is_self for opening in (*was, *now))
        self.starts: dict[int, set[int]] = {}
        self._covering: dict[tuple[int, int, int, int, bool], int] = {}

    def starts_of(self, protocol: int) -> set[int]:
        """Give the ports at which some opening begins, or has just ended."""
        found = self.starts.get(protocol)
        if found is None:
            found = self.starts[protocol] = {
                start
                for openings in self.sides
                for opening in openings
                if _applies(opening, protocol)
                for ports in opening.ports
                for start in (ports.first, ports.last + 1)
            }
        return found

    def covering(self, side: int, protocol: int, first: int, last: int, *, with_self: bool) -> int:
        """Give the sources that one opening or another lets through on all ports of an interval that none of them cuts.

        For ICMP every opening counts.
        """
        key = (side, protocol, first, last, with_self)
        found = self._covering.get(key)
        if found is None:
            found = 0
            for opening in self.sides[side]:
                if opening.is_self and not with_self:
                    continue
                if protocol == ICMP or (
                    _applies(opening, protocol)
                    and any(ports.first <= first and last <= ports.last for ports in opening.ports)
                ):
                    found |= opening.src
            self._covering[key] = found
        return found


def _classes(
    before: dict[tuple[int, Opening], None], after: dict[tuple[int, Opening], None], touched: int
) -> Iterator[tuple[int, list[_Bundle]]]:
    """Give classes of touched targets that no rule tells apart, each with what is opened on it."""
    by_targets: dict[int, tuple[list[Opening], list[Opening]]] = {}
    for side, openings in enumerate((before, after)):
        for targets, opening in openings:
            if targets & touched:
                by_targets.setdefault(targets, ([], []))[side].append(opening)
    signature: dict[int, list[int]] = {}
    bundles: list[_Bundle] = []
    for number, (targets, (was, now)) in enumerate(by_targets.items()):
        bundles.append(_Bundle(was, now))
        for at in indices_of(targets & touched):
            signature.setdefault(at, []).append(number)
    classes: dict[tuple[int, ...], list[int]] = {}
    for at, numbers in signature.items():
        classes.setdefault(tuple(numbers), []).append(at)
    for key, members in classes.items():
        yield node_set(members), [bundles[number] for number in key]


_Rows = dict[tuple[bool, int], list[Service]]


def _rows(bundles: list[_Bundle], members: int) -> Iterator[tuple[bool, int, Services, Scope]]:
    """Give the rows of one class of targets: (gained, sources, services, scope)."""
    others = _sweep(bundles, with_self=False)
    own: _Rows = {}
    has_self = any(bundle.has_self for bundle in bundles)
    if has_self:
        own = _cut(_sweep(bundles, with_self=True), members)
        if own == _cut(others, members):
            own = {}
            has_self = False
    for (gained, sources), services in others.items():
        yield gained, sources, tuple(services), "others" if has_self else "any"
    for (gained, sources), services in own.items():
        yield gained, sources, tuple(services), "own"


def _cut(rows: _Rows, sources: int) -> _Rows:
    cut: _Rows = {}
    for (gained, found), services in rows.items():
        if found & sources:
            cut.setdefault((gained, found & sources), []).extend(services)
    return {key: _joined(services) for key, services in cut.items()}


def _sweep(bundles: list[_Bundle], *, with_self: bool) -> _Rows:
    """Give what differs on one class of targets, per protocol and interval of ports.

    Only where a changed opening speaks can anything differ, so only those intervals are looked at.
    """
    changed = [opening for bundle in bundles for opening in bundle.changed if with_self or not opening.is_self]
    rows: _Rows = {}
    if not changed:
        return rows

    def compare(protocol: int, first: int, last: int) -> Iterator[tuple[bool, int]]:
        before = after = 0
        for bundle in bundles:
            before |= bundle.covering(0, protocol, first, last, with_self=with_self)
            after |= bundle.covering(1, protocol, first, last, with_self=with_self)
        yield True, after & ~before
        yield False, before & ~after

    for protocol in _protocols(changed):
        spoken = PortSet.of(*(ports for opening in changed if _applies(opening, protocol) for ports in opening.ports))
        for first, last in _intervals(protocol, spoken, bundles):
            for gained, sources in compare(protocol, first, last):
                if sources:
                    rows.setdefault((gained, sources), []).append((protocol, first, last))
    told = list(rows)
    for gained, pinging in compare(ICMP, 0, 65535):
        sources = pinging
        for each, who in told:
            if each is gained:
                sources &= ~who
        if sources:
            rows.setdefault((gained, sources), []).append((ICMP, 0, 65535))
    return {key: _joined(services) for key, services in rows.items()}


def _protocols(openings: Iterable[Opening]) -> list[int]:
    """Give the protocols that openings speak of, ICMP apart."""
    found: set[int] = set()
    for opening in openings:
        found.update(DEFAULT_PROTOCOLS if opening.protocol is None else (opening.protocol,))
    return sorted(found - {1, 58})


def _applies(opening: Opening, protocol: int) -> bool:
    return protocol in DEFAULT_PROTOCOLS if opening.protocol is None else opening.protocol == protocol


def _intervals(protocol: int, spoken: PortSet, bundles: list[_Bundle]) -> list[tuple[int, int]]:
    """Cut the ports spoken of where some opening begins or ends; all ports as one where the protocol has none."""
    if protocol not in PORT_PROTOCOLS:
        return [(0, 65535)] if spoken.covers(ALL_PORTS) else []
    if not spoken:
        return []
    starts = {first for first, _ in spoken.ranges} | {last + 1 for _, last in spoken.ranges}
    lowest, highest = spoken.ranges[0][0], spoken.ranges[-1][1]
    for bundle in bundles:
        starts.update(start for start in bundle.starts_of(protocol) if lowest <= start <= highest)
    ordered = sorted(starts)
    return [(first, after - 1) for first, after in pairwise(ordered) if spoken.contains(first)]


def _joined(services: Iterable[Service]) -> list[Service]:
    """Give services sorted, neighbouring ports of one protocol joined."""
    joined: list[Service] = []
    for protocol, first, last in sorted(services):
        if joined and joined[-1][0] == protocol and joined[-1][2] + 1 >= first:
            joined[-1] = (protocol, joined[-1][1], max(joined[-1][2], last))
        else:
            joined.append((protocol, first, last))
    return joined


def _possible(space: Space, found: Iterable[Change]) -> Iterator[Change]:
    """Leave out what no packet can use: sources and targets of different families; cut each side to the families of
    the other."""
    for change in found:
        sources = targets = 0
        for mine, theirs in zip(space.sources.families, space.targets.families, strict=True):
            if change.sources & mine and change.targets & theirs:
                sources |= change.sources & mine
                targets |= change.targets & theirs
        if sources:
            yield change._replace(sources=sources, targets=targets)
