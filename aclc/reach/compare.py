"""The difference of two policies in one space: which sources gain or lose which targets, on which ports. Exact, never sampled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from aclc.net import DEFAULT_PROTOCOLS, PortRange
from aclc.reach.space import PORT_PROTOCOLS, Edge, Space, View
from aclc.resolve.node_sets import indices_of, node_set

ICMP = 1
Service = tuple[int, int, int]
"""(protocol, first port, last port); 0 to 65535 for protocols without ports. ICMP stands for both of its versions."""

Services = tuple[Service, ...]
Scope = Literal["any", "own", "others"]
"""Between which owners: any; only devices of one user; only where source and target are not devices of one user."""


class Change(NamedTuple):
    """Access that one policy gives and the other does not.

    It holds between every source and every target of one family, within its scope. `services`: sorted, disjoint per protocol. ICMP is
    named only where nothing else is gained or lost, since every access allows it.
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

    Grouped: no two changes agree in all but their targets. Order: gains first, then by services, sources and targets. Empty: the two
    policies give the same access to everybody. Cost: one pass over both policies' edges; then, for targets that a changed edge
    touches, the edges that reach them.
    """
    old, new = space.views
    before, after = _openings(old), _openings(new)
    touched = old.live ^ new.live
    for targets, _ in before.keys() ^ after.keys():
        touched |= targets
    found: dict[tuple[bool, int, Services, Scope], int] = {}
    members = new.member_sources | old.member_sources
    for targets, was, now in _classes(before, after, touched):
        for gained, sources, services, scope in _rows(was, now, members):
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


def _classes(
    before: Iterable[tuple[int, Opening]], after: Iterable[tuple[int, Opening]], touched: int
) -> Iterator[tuple[int, list[Opening], list[Opening]]]:
    """Give classes of touched targets that no rule tells apart, each with what the two policies open on it and do not share."""
    by_targets: dict[int, tuple[list[Opening], list[Opening]]] = {}
    for side, openings in enumerate((before, after)):
        for targets, opening in openings:
            if targets & touched:
                by_targets.setdefault(targets, ([], []))[side].append(opening)
    signature: dict[int, list[int]] = {}
    distinct = list(by_targets)
    for number, targets in enumerate(distinct):
        for at in indices_of(targets & touched):
            signature.setdefault(at, []).append(number)
    classes: dict[tuple[int, ...], list[int]] = {}
    for at, numbers in signature.items():
        classes.setdefault(tuple(numbers), []).append(at)
    for key, members in classes.items():
        was = {opening for number in key for opening in by_targets[distinct[number]][0]}
        now = {opening for number in key for opening in by_targets[distinct[number]][1]}
        if was != now:
            yield node_set(members), list(was), list(now)


def _rows(was: list[Opening], now: list[Opening], members: int) -> Iterator[tuple[bool, int, Services, Scope]]:
    """Give the rows of one class of targets: (gained, sources, services, scope)."""
    others: dict[tuple[bool, int], list[Service]] = {}
    own: dict[tuple[bool, int], list[Service]] = {}
    has_self = any(opening.is_self for opening in was) or any(opening.is_self for opening in now)
    _sweep(others, [each for each in was if not each.is_self], [each for each in now if not each.is_self])
    if has_self:
        _sweep(own, was, now)
        own = _cut(own, members)
        if own == _cut(others, members):
            own = {}
            has_self = False
    for (gained, sources), services in others.items():
        yield gained, sources, tuple(sorted(services)), "others" if has_self else "any"
    for (gained, sources), services in own.items():
        yield gained, sources, tuple(sorted(services)), "own"


def _cut(rows: dict[tuple[bool, int], list[Service]], sources: int) -> dict[tuple[bool, int], list[Service]]:
    cut: dict[tuple[bool, int], list[Service]] = {}
    for (gained, found), services in rows.items():
        if found & sources:
            cut.setdefault((gained, found & sources), []).extend(services)
    return {key: _joined(services) for key, services in cut.items()}


def _sweep(rows: dict[tuple[bool, int], list[Service]], was: list[Opening], now: list[Opening]) -> None:
    """Add to `rows` what differs between two lists of openings on one target, per protocol and interval of ports."""
    same = {*was} & {*now}
    changed = [opening for opening in (*was, *now) if opening not in same]
    concerned = 0
    for opening in changed:
        concerned |= opening.src
    was = [opening for opening in was if opening.src & concerned]
    now = [opening for opening in now if opening.src & concerned]
    found: dict[tuple[bool, int], list[Service]] = {}
    for protocol in _protocols(changed):
        for first, last in _intervals(protocol, was, now):
            before, after = _covering(was, protocol, first, last), _covering(now, protocol, first, last)
            for gained, sources in ((True, after & ~before), (False, before & ~after)):
                if sources:
                    found.setdefault((gained, sources), []).append((protocol, first, last))
    ping_before, ping_after = _any(was), _any(now)
    for gained, sources in ((True, ping_after & ~ping_before), (False, ping_before & ~ping_after)):
        for told, who in found:
            if told is gained:
                sources &= ~who
        if sources:
            found.setdefault((gained, sources), []).append((ICMP, 0, 65535))
    for key, services in found.items():
        rows[key] = _joined([*rows.get(key, ()), *services])


def _protocols(openings: Iterable[Opening]) -> list[int]:
    """Give the protocols that openings speak of, ICMP apart."""
    found: set[int] = set()
    for opening in openings:
        found.update(DEFAULT_PROTOCOLS if opening.protocol is None else (opening.protocol,))
    return sorted(found - {1, 58})


def _applies(opening: Opening, protocol: int) -> bool:
    return protocol in DEFAULT_PROTOCOLS if opening.protocol is None else opening.protocol == protocol


def _intervals(protocol: int, *sides: list[Opening]) -> list[tuple[int, int]]:
    """Give the intervals of ports that no opening divides; one for all ports where the protocol has none."""
    if protocol not in PORT_PROTOCOLS:
        return [(0, 65535)]
    starts = {0, 65536}
    for openings in sides:
        for opening in openings:
            if _applies(opening, protocol):
                for ports in opening.ports:
                    starts.update((ports.first, ports.last + 1))
    ordered = sorted(starts)
    return [(first, after - 1) for first, after in zip(ordered, ordered[1:], strict=False)]


def _covering(openings: Iterable[Opening], protocol: int, first: int, last: int) -> int:
    found = 0
    for opening in openings:
        if _applies(opening, protocol) and any(ports.first <= first and last <= ports.last for ports in opening.ports):
            found |= opening.src
    return found


def _any(openings: Iterable[Opening]) -> int:
    found = 0
    for opening in openings:
        found |= opening.src
    return found


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
    """Leave out what no packet can use: sources and targets of different families; cut each side to the families of the other."""
    for change in found:
        sources = targets = 0
        for mine, theirs in zip(space.sources.families, space.targets.families, strict=True):
            if change.sources & mine and change.targets & theirs:
                sources |= change.sources & mine
                targets |= change.targets & theirs
        if sources:
            yield change._replace(sources=sources, targets=targets)
