"""Effective access as rectangles: everybody in a set of sources reaches everything in a set of targets.

Together the rectangles of a view are exactly what its rules open. They may overlap; none lies inside another. There
are at most as many as edges, whatever the number of nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.reach.graph.membership import Membership
from aclc.reach.graph.service_sets import PING, Services, common, covers, services_of, union
from aclc.reach.graph.space import View
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of

MOST_COMPARED = 20_000
"""Rectangles up to which those inside another one are looked for: it costs the square of their number where they are
all alike."""


FEW = 40
"""Rectangles up to which comparing with each costs less than to look up which of them hold the sources."""


class Access(NamedTuple):
    """Every source reaches every target of its family on all of the services.

    `own`: only where both are devices of one user. `grants`: the rules that say so, by index into `Resolved.grants`.
    """

    sources: int
    targets: int
    services: Services
    own: bool
    grants: tuple[int, ...]


def accesses(
    view: View,
    sources: int | None = None,
    targets: int | None = None,
    asked: Services | None = None,
    touching: Sequence[tuple[int, int]] | None = None,
) -> tuple[Access, ...]:
    """Give the access from some sources to some targets (None: all), on some services (None: all).

    `touching`: only what rules open that touch one of these pairs of sources and targets, and all of it.

    In the order of the rules. Cost: O(edges), and the square of what is left up to `MOST_COMPARED`.
    """
    found: dict[tuple[int, int, bool], tuple[list[Services], dict[int, None]]] = {}
    for edge in view.edges:
        src = edge.src if sources is None else edge.src & sources
        dst = edge.targets if targets is None else edge.targets & targets
        if not src or not dst:
            continue
        if touching is not None and not any(dst & what and src & who for who, what in touching):
            continue
        services = services_of(edge)
        if asked is not None:
            services = common(services, asked)
            if services == PING and asked != PING:
                continue
        if edge.is_self:
            src, dst = _same_owners(view, src, dst)
        if view.meet(src, dst):
            opened, grants = found.setdefault((src, dst, edge.is_self), ([], {}))
            opened.append(services)
            grants[edge.grant] = None
    rows = [
        Access(src, dst, union(service for services in opened for service in services), own, tuple(grants))
        for (src, dst, own), (opened, grants) in found.items()
    ]
    return joined(rows)


def joined(rows: Iterable[Access]) -> tuple[Access, ...]:
    """Give rectangles that are the same together: those that differ in one side only as one, and none inside another.
    They may be of several questions."""
    return tuple(_without_implied(_merged(rows)))


def _same_owners(view: View, sources: int, targets: int) -> tuple[int, int]:
    """Cut both sides to devices of users who have devices on the other side too."""
    names = view.resolved.names
    members = names.members
    sending = view.sources.nodes_in(sources & view.sources.own) & members
    receiving = view.targets.nodes_in(targets & view.targets.own) & members
    if sending == receiving == members:
        return sources & view.sources.of_nodes(members), targets
    both = names.devices_of(names.owners_among(sending) & names.owners_among(receiving))
    return sources & view.sources.of_nodes(both), targets & view.targets.of_nodes(both)


def _merged(rows: Iterable[Access]) -> list[Access]:
    """Join rectangles that differ in one side only."""
    by_targets: dict[tuple[int, Services, bool], Access] = {}
    for row in rows:
        key = (row.sources, row.services, row.own)
        there = by_targets.get(key)
        by_targets[key] = row if there is None else _joined(there, row)._replace(targets=there.targets | row.targets)
    by_sources: dict[tuple[int, Services, bool], Access] = {}
    for row in by_targets.values():
        if row.own:  # WHY not joined: devices of one user, on both sides
            by_sources[row.sources, row.services, row.own] = row
            continue
        key = (-row.targets, row.services, row.own)
        there = by_sources.get(key)
        by_sources[key] = row if there is None else _joined(there, row)._replace(sources=there.sources | row.sources)
    return list(by_sources.values())


def _joined(one: Access, other: Access) -> Access:
    return one._replace(grants=tuple(dict.fromkeys((*one.grants, *other.grants))))


def _without_implied(rows: list[Access]) -> Iterator[Access]:
    """Leave out rectangles that lie inside another one."""
    by_sources = Membership([row.sources for row in rows])
    by_targets = Membership([row.targets for row in rows])
    for number, row in enumerate(rows):
        others = by_targets.at_ends(row.targets, FEW) if len(rows) <= MOST_COMPARED else 0
        if others.bit_count() > FEW:
            others &= by_sources.at_ends(row.sources)
        if not any(
            at != number and _holds(rows[at], row) and (at < number or not _holds(row, rows[at]))
            for at in indices_of(others)
        ):
            yield row


def _holds(wide: Access, narrow: Access) -> bool:
    return (
        not narrow.sources & ~wide.sources
        and not narrow.targets & ~wide.targets
        and (narrow.own or not wide.own)
        and covers(wide.services, narrow.services)
    )
