"""What two policies open on sets of targets, gathered so that a change costs what it touches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from aclc.net import DEFAULT_PROTOCOLS, PortRange
from aclc.reach.graph.membership import Membership, Twins
from aclc.reach.graph.space import View
from aclc.records import NamedTuple

ICMP = 1
"""Stands for both of its versions: every opening lets them in."""


class Opening(NamedTuple):
    """What an edge says, without where it says it: equal openings on equal targets cancel out."""

    src: int
    protocol: int | None
    ports: tuple[PortRange, ...]
    is_self: bool

    def speaks(self, protocol: int) -> bool:
        """Tell whether it names a protocol, by itself or among those that an unnamed one stands for."""
        return protocol in DEFAULT_PROTOCOLS if self.protocol is None else self.protocol == protocol


PING = (ICMP, 0, 65535)
"""The service that every opening gives."""

SPARSE = 4
"""Sources that differ are numbered anew where only one octet in so many, or fewer, holds any of them."""

_LetIn = tuple[int, int, int, int]


class Bundle:
    """What the two policies open on one set of targets; sources are worked out once per interval of ports.

    `changed`: openings that only one of the two has. `has_self`: some opening is for devices of one user. `src`:
    sources of any opening.
    """

    __slots__ = ("_let_in", "_now", "_starts", "_was", "changed", "has_self", "src", "targets")

    def __init__(self, targets: int, was: list[Opening], now: list[Opening], changed: list[Opening]) -> None:
        self.targets = targets
        self._was = was
        self._now = now
        self.changed = changed
        self.has_self = False
        self.src = 0
        for opening in (*was, *now) if changed else now:
            self.src |= opening.src
            self.has_self |= opening.is_self
        self._starts: dict[int, list[int]] = {}
        self._let_in: dict[tuple[int, int, int], _LetIn] = {}

    def starts_between(self, protocol: int, first: int, last: int) -> list[int]:
        """Give the ports of an interval, its first one left out, at which some opening begins or has just ended."""
        starts = self._starts.get(protocol)
        if starts is None:
            starts = self._starts[protocol] = sorted(
                {
                    start
                    for opening in (*self._was, *self._now)
                    if opening.speaks(protocol)
                    for ports in opening.ports
                    for start in (ports.first, ports.last + 1)
                }
            )
        return starts[bisect_right(starts, first) : bisect_right(starts, last)]

    def let_in(self, service: tuple[int, int, int]) -> _LetIn:
        """Give the sources let through on all of a service, whose ports no opening cuts: (before, after, before between
        devices of one user only, after between those only)."""
        found = self._let_in.get(service)
        if found is None:
            before = self._open(self._was, service)
            after = self._open(self._now, service) if self.changed else before
            found = self._let_in[service] = (before[0], after[0], before[1], after[1])
        return found

    @staticmethod
    def _open(openings: list[Opening], service: tuple[int, int, int]) -> tuple[int, int]:
        protocol, first, last = service
        found = own = 0
        for opening in openings:
            if protocol == ICMP or (
                opening.speaks(protocol) and any(ports.first <= first and last <= ports.last for ports in opening.ports)
            ):
                if opening.is_self:
                    own |= opening.src
                else:
                    found |= opening.src
        return found, own


class Moved:
    """The sources for which something may differ. Where they are few among many, sets of them leave out all octets in
    which none of them is: they are smaller then."""

    __slots__ = ("_at", "_blocks", "_is_whole", "_size", "_sources", "_unpacked")

    def __init__(self, sources: int) -> None:
        self._sources = sources
        self._size = (sources.bit_length() + 7) >> 3
        octets = sources.to_bytes(self._size, "little")
        self._is_whole = (self._size - octets.count(0)) * SPARSE > self._size
        self._at = [] if self._is_whole else [at for at, octet in enumerate(octets) if octet]
        self._blocks: dict[int, bytearray] = {}
        for at in self._at:
            self._blocks.setdefault(at & ~255, bytearray()).append(at & 255)
        self._unpacked: dict[int, int] = {}

    def packed(self, sources: int) -> int:
        """Give those of a set of sources that are moved, by their new numbers."""
        left = sources & self._sources
        if self._is_whole or not left:
            return left
        octets = left.to_bytes(self._size + 255, "little")
        # WHY translate: with 256 octets as its table it picks those at many places in one go.
        picked = [places.translate(octets[start : start + 256]) for start, places in self._blocks.items()]
        return int.from_bytes(b"".join(picked), "little")

    def unpacked(self, sources: int) -> int:
        """Give a set of new numbers as sources."""
        if self._is_whole:
            return sources
        found = self._unpacked.get(sources)
        if found is None:
            octets = bytearray(self._size)
            for at, octet in zip(self._at, sources.to_bytes(len(self._at), "little"), strict=True):
                octets[at] = octet
            found = self._unpacked[sources] = int.from_bytes(octets, "little")
        return found


def bundles(old: View, new: View) -> tuple[list[Bundle], int, Moved]:
    """Give what the two policies open on targets that a difference touches, those targets, and how the sources of the
    openings are numbered.

    Openings are cut to the sources whose access can differ: those that only one policy has in the openings of equal
    targets, protocol and ports. Left out are openings that let in none of them, and sets of targets without any. Cost:
    one pass over the edges of both.
    """
    numbers = _Numbers()
    sides = [numbers.openings(view, old.live & new.live) for view in (old, new)]
    if sides[0].keys() == sides[1].keys():
        return [], 0, Moved(0)
    touched, differing, changed_at = _moved(numbers, sides)
    moved = Moved(differing)
    relevant = {number for number, each in enumerate(numbers.targets) if each & touched}
    speaking = {key[1] for found in sides for key in found if key[0] in relevant}
    cut = [moved.packed(each) if number in speaking else 0 for number, each in enumerate(numbers.sources)]
    by_targets: dict[int, tuple[list[Opening], list[Opening]]] = {}
    for side, found in enumerate(sides):
        for key in found:
            if key[0] in relevant and cut[key[1]]:
                by_targets.setdefault(key[0], ([], []))[side].append(Opening(cut[key[1]], *key[2:]))
    gathered = [
        Bundle(
            numbers.targets[number] & touched,
            was,
            now,
            [Opening(cut[key[1]], *key[2:]) for key in changed_at.get(number, ()) if cut[key[1]]],
        )
        for number, (was, now) in by_targets.items()
    ]
    return gathered, touched, moved


def _moved(numbers: _Numbers, sides: Sequence[dict[_Key, None]]) -> tuple[int, int, dict[int, list[_Key]]]:
    """Give the targets on which something differs, the sources for which it does, and the openings that say so, by the
    number of their targets."""
    together: dict[tuple[int, int | None, tuple[PortRange, ...], bool], tuple[list[_Key], list[_Key]]] = {}
    for side, other in ((0, 1), (1, 0)):
        for key in sides[side]:
            if key not in sides[other]:
                together.setdefault((key[0], *key[2:]), ([], []))[side].append(key)
    touched = moved = 0
    changed_at: dict[int, list[_Key]] = {}
    for (number, *_), (was, now) in together.items():
        differing = numbers.union(was) ^ numbers.union(now)
        if differing:
            touched |= numbers.targets[number]
            moved |= differing
            changed_at.setdefault(number, []).extend((*was, *now))
    return touched, moved, changed_at


_Key = tuple[int, int, int | None, tuple[PortRange, ...], bool]
"""(number of the targets, number of the sources, protocol, ports, is_self)."""


class _Numbers:
    """Gives equal sets one number, so that they are compared once: comparing large integers is what costs here."""

    def __init__(self) -> None:
        self.targets: list[int] = []
        self.sources: list[int] = []
        self._targets_of: dict[int, int] = {}
        self._sources_of: dict[int, int] = {}
        self._ports: dict[tuple[PortRange, ...], tuple[PortRange, ...]] = {}
        # WHY by identity: a view gives equal selectors the same integer, and keeps it; so does the view beside it.
        self._known_targets: dict[int, list[int]] = {}
        self._known_sources: dict[int, int] = {}

    def openings(self, view: View, common: int) -> dict[_Key, None]:
        """Give what a view opens; targets that only it has stand apart from those it has in common with the other."""
        found: dict[_Key, None] = {}
        has_more = bool(view.live & ~common)
        for edge in view.edges:
            number = self._known_sources.get(id(edge.src))
            if number is None:
                number = self._known_sources[id(edge.src)] = self._number(edge.src, self.sources, self._sources_of)
            parts = self._known_targets.get(id(edge.targets))
            if parts is None:
                split = (edge.targets & common, edge.targets & ~common) if has_more else (edge.targets,)
                parts = [self._number(each, self.targets, self._targets_of) for each in split if each]
                self._known_targets[id(edge.targets)] = parts
            ports = self._ports.get(edge.ports)
            if ports is None:
                ports = self._ports[edge.ports] = tuple(sorted(set(edge.ports)))
            for part in parts:
                found[part, number, edge.protocol, ports, edge.is_self] = None
        return found

    @staticmethod
    def _number(bits: int, listed: list[int], known: dict[int, int]) -> int:
        found = known.get(bits)
        if found is None:
            found = known[bits] = len(listed)
            listed.append(bits)
        return found

    def union(self, keys: Iterable[_Key]) -> int:
        """Give the sources of any of some openings."""
        found = 0
        for key in keys:
            found |= self.sources[key[1]]
        return found


def classes(
    found: Sequence[Bundle], touched: int, twins: Twins
) -> Iterator[tuple[list[Bundle], Iterator[tuple[list[Bundle], list[int]]]]]:
    """Give the touched targets by the changed bundles that open them, and those by the other bundles that matter to a
    change there: (changed bundles, pairs of other bundles and targets). Of twins the first alone is listed. Targets
    without a changed opening are nowhere."""
    everywhere = [number for number, bundle in enumerate(found) if bundle.targets == touched]
    others = [number for number, bundle in enumerate(found) if bundle.targets != touched]
    changing = {number for number, bundle in enumerate(found) if bundle.changed}
    useful: dict[tuple[int, ...], set[int]] = {}
    merged: dict[tuple[int, ...], dict[tuple[int, ...], list[int]]] = {}
    by_target = Membership([twins.one(found[number].targets) for number in others])
    for at, members in by_target.classes(twins.one(touched)):
        whole = [*everywhere, *(others[number] for number in at)]
        changed = tuple([number for number in whole if number in changing])
        if not changed:
            continue
        kept = useful.get(changed)
        if kept is None:
            kept = useful[changed] = _useful(found, changed)
            merged[changed] = {}
        merged[changed].setdefault(tuple([number for number in whole if number in kept]), []).extend(members)
    for changed, alike in merged.items():
        yield (
            [found[number] for number in changed],
            (([found[number] for number in steady], members) for steady, members in alike.items()),
        )


def _useful(found: Sequence[Bundle], changed: Iterable[int]) -> set[int]:
    """Give the unchanged bundles that let in some source of the changed openings."""
    sources = 0
    for number in changed:
        for opening in found[number].changed:
            sources |= opening.src
    return {number for number, bundle in enumerate(found) if not bundle.changed and bundle.src & sources}
