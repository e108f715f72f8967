"""The difference of two policies in one space: which sources gain or lose which targets, on which ports. Exact, never
sampled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from aclc.net import ALL_PORTS, ICMPV6, TCP, UDP, PortRange, PortSet
from aclc.reach.graph.endpoints import Endpoints
from aclc.reach.graph.membership import Twins
from aclc.reach.graph.openings import ICMP, PING, Bundle, bundles, classes
from aclc.reach.graph.service_sets import Service, Services
from aclc.reach.graph.space import PORT_PROTOCOLS, Scope, Space
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set


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


def changes(space: Space) -> tuple[Change, ...]:
    """Give what the second policy of a space gives more and less than the first.

    Grouped: no two changes agree in all but their targets. Order: gains first, then by services, sources and targets.
    Every source of a change has a target in it, and every target a source; a node may be the only one of its kind, and
    then stands for its like. Empty: the two policies give the same access to everybody. Cost: one pass over both
    policies' edges; then, for targets that a changed edge touches, the distinct destinations that reach them, once per
    interval of ports that a changed edge speaks of.
    """
    old, new = space.views
    gathered, touched, moved = bundles(old, new)
    twins = Twins([touched, *(bundle.targets for bundle in gathered)], space.targets.nodes_count)
    members = moved.packed(new.member_sources | old.member_sources)
    found: dict[_Row, list[int]] = {}
    for changed, alike in classes(gathered, touched, twins):
        changing = _Changing(changed, members)
        for steady, targets in alike:
            for row in changing.rows(steady):
                found.setdefault(row, []).extend(targets)
    listed: dict[_Row, int] = {}
    for (gained, sources, services, scope), targets in found.items():
        for who, what in _possible(space, moved.unpacked(sources), twins.both(node_set(targets)), scope):
            row = (gained, who, services, scope)
            listed[row] = listed.get(row, 0) | what
    return tuple(
        sorted(
            (
                Change(gained, sources, targets, services, scope)
                for (gained, sources, services, scope), targets in listed.items()
            ),
            key=lambda each: (not each.gained, each.services, each.sources, each.targets),
        )
    )


def _scopes(targets: int, scope: Scope, owned: int) -> Iterator[tuple[int, Scope]]:
    """Take targets apart that nobody owns, and of which nobody's own devices can be left out."""
    if scope != "others":
        yield targets, scope
        return
    if targets & owned:
        yield targets & owned, "others"
    if targets & ~owned:
        yield targets & ~owned, "any"


_Row = tuple[bool, int, Services, Scope]
"""(gained, sources, services, scope)."""

_Rows = dict[tuple[bool, int], list[Service]]


_Asked = tuple[Service, int, int, int, int, int, int]
"""A service whose ports no opening cuts, and the sources that the changed bundles let in on it: before, after, those in
which the two differ; then the same between devices of one user."""


class _Changing:
    """Bundles that changed on the same targets: what they let in is worked out once, whatever else opens a target.

    Only where a changed opening speaks can anything differ, so only those intervals of ports are looked at.
    """

    def __init__(self, changed: Sequence[Bundle], members: int) -> None:
        self._changed = changed
        self._members = members
        self._has_self = any(bundle.has_self for bundle in changed)
        self._asked: dict[frozenset[tuple[int, int]], list[_Asked]] = {}
        spoken: dict[int, list[PortRange]] = {}
        for protocol, ports in dict.fromkeys((each.protocol, each.ports) for one in changed for each in one.changed):
            for number in (TCP, UDP) if protocol is None else (protocol,):
                spoken.setdefault(number, []).extend(ports)
        self._spoken = {number: PortSet.of(*spoken[number]) for number in sorted(spoken.keys() - {ICMP, ICMPV6})}
        self._wide = [
            (number, first, last)
            for number, ports in self._spoken.items()
            for first, last in (ports.ranges if number in PORT_PROTOCOLS else ())
            if first != last
        ]

    def _cuts(self, bundles: Iterable[Bundle]) -> frozenset[tuple[int, int]]:
        """Give where openings begin or end inside the intervals that are looked at: (protocol, port)."""
        return frozenset(
            [
                (number, start)
                for number, first, last in self._wide
                for bundle in bundles
                for start in bundle.starts_between(number, first, last)
            ]
        )

    def _services(self, cuts: Iterable[tuple[int, int]]) -> Iterator[Service]:
        """Give the services that a changed opening speaks of, ping apart, cut where some opening begins or ends."""
        for number, ports in self._spoken.items():
            if number not in PORT_PROTOCOLS:
                if ports.covers(ALL_PORTS):
                    yield number, 0, 65535
                continue
            starts = {start for first, last in ports.ranges for start in (first, last + 1)}
            starts.update(start for each, start in cuts if each == number)
            for first, after in pairwise(sorted(starts)):
                if ports.contains(first):
                    yield number, first, after - 1

    def _let_in(self, service: Service) -> _Asked:
        """Give what the changed bundles together say of a service."""
        before = after = before_own = after_own = 0
        for bundle in self._changed:
            was, now, was_own, now_own = bundle.let_in(service)
            before |= was
            after |= now
            before_own |= was_own
            after_own |= now_own
        before_own |= before
        after_own |= after
        differs_own = (before_own ^ after_own) & self._members
        return service, before, after, before ^ after, before_own, after_own, differs_own

    def rows(self, steady: Sequence[Bundle]) -> Iterator[_Row]:
        """Give the rows of targets that some other bundles open besides."""
        has_self = self._has_self or any(bundle.has_self for bundle in steady)
        cuts = self._cuts(steady) if self._wide else frozenset()
        asked = self._asked.get(cuts)
        if asked is None:
            services = self._services(cuts | self._cuts(self._changed))
            asked = self._asked[cuts] = [self._let_in(service) for service in (*services, PING)]
        others: _Rows = {}
        own: _Rows = {}
        told: dict[bool, int] = {True: 0, False: 0}
        told_own: dict[bool, int] = {True: 0, False: 0}
        for service, before, after, differs, before_own, after_own, differs_own in asked:
            left, left_own = differs, differs_own if has_self else 0
            for bundle in steady if left or left_own else ():
                kept, _, kept_own, _ = bundle.let_in(service)
                if kept:
                    left &= ~kept
                    left_own &= ~kept
                if kept_own:
                    left_own &= ~kept_own
                if not left and not left_own:
                    break
            if left:
                _note(others, told, service, (left & after, left & before))
            if left_own:
                _note(own, told_own, service, (left_own & after_own, left_own & before_own))
        if has_self and _joined_rows(own) == _cut(others, self._members):
            has_self = False
        for (gained, sources), found in others.items():
            yield gained, sources, tuple(_joined(found)), "others" if has_self else "any"
        for (gained, sources), found in own.items() if has_self else ():
            yield gained, sources, tuple(_joined(found)), "own"


def _note(rows: _Rows, told: dict[bool, int], service: Service, sources: tuple[int, int]) -> None:
    """Add who gains and who loses a service; to ping, only those who gain or lose nothing else."""
    for gained, found in zip((True, False), sources, strict=True):
        left = found & ~told[gained] if service == PING else found
        if left:
            rows.setdefault((gained, left), []).append(service)
        told[gained] |= found


def _joined_rows(rows: _Rows) -> _Rows:
    return {key: _joined(services) for key, services in rows.items()}


def _cut(rows: _Rows, sources: int) -> _Rows:
    cut: _Rows = {}
    for (gained, found), services in rows.items():
        if found & sources:
            cut.setdefault((gained, found & sources), []).extend(services)
    return _joined_rows(cut)


def _joined(services: Iterable[Service]) -> list[Service]:
    """Give services sorted, neighbouring ports of one protocol joined."""
    joined: list[Service] = []
    for protocol, first, last in sorted(services):
        if joined and joined[-1][0] == protocol and joined[-1][2] + 1 >= first:
            joined[-1] = (protocol, joined[-1][1], max(joined[-1][2], last))
        else:
            joined.append((protocol, first, last))
    return joined


def _possible(space: Space, sources: int, targets: int, scope: Scope) -> Iterator[tuple[int, int]]:
    """Give the sources and targets between which packets can go at all: of one family, and within the scope."""
    who = what = 0
    for mine, theirs in zip(space.sources.families, space.targets.families, strict=True):
        if sources & mine and targets & theirs:
            some, others = sources & mine, targets & theirs
            if scope == "own":
                some, others = _of_common_owners(space, some, others)
            elif scope == "others":
                some, others = _of_different_owners(space, some, others)
            if some and others:
                who |= some
                what |= others
    if who:
        yield who, what


def _owners(space: Space, endpoints: Endpoints, found: int) -> set[str | None]:
    owners = space.views[0].resolved.names.owners
    return {owners[node] for node in indices_of(endpoints.nodes_in(found & endpoints.own))}


def _of_users(space: Space, endpoints: Endpoints, logins: Iterable[str | None]) -> int:
    by_user = space.views[0].resolved.names.inventory.by_user
    return endpoints.of_nodes(node_set([node for login in logins if login is not None for node in by_user[login]]))


def _of_common_owners(space: Space, sources: int, targets: int) -> tuple[int, int]:
    """Leave out the devices of users who have none on the other side."""
    common = _owners(space, space.sources, sources) & _owners(space, space.targets, targets)
    return sources & _of_users(space, space.sources, common), targets & _of_users(space, space.targets, common)


def _of_different_owners(space: Space, sources: int, targets: int) -> tuple[int, int]:
    """Leave out the devices of a user who alone is on the other side."""
    for are_targets, endpoints, found in ((True, space.targets, targets), (False, space.sources, sources)):
        owners = _owners(space, endpoints, found) if not found & ~endpoints.own else set()
        if len(owners) == 1 and None not in owners:
            if are_targets:
                sources &= ~_of_users(space, space.sources, owners)
            else:
                targets &= ~_of_users(space, space.targets, owners)
    return sources, targets
