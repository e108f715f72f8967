"""Changes told by the rule behind them, where its parts would be many or long: what the rule opens, but for what was
open before.

Where many rules overlap, each target of a rule has other sources that had it before, and a change of the rule falls
into as many parts. `tag:a -> tag:b, but for who had it before` says the same in one row, and is as exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from aclc.reach.difference.parts import Part, made_whole
from aclc.reach.graph.access import Access
from aclc.reach.graph.endpoints import Extent
from aclc.reach.graph.membership import Membership
from aclc.reach.graph.service_sets import PING, covers, union
from aclc.reach.graph.space import View
from aclc.reach.words.naming import range_of
from aclc.reach.words.wording import Worded, Wording, names_in
from aclc.records import NamedTuple
from aclc.resolve.node_sets import union_of

MOST_TOLD = 6
"""Parts of one rectangle up to which each is told by itself."""

Detail = Literal["short", "exact"]
"""Whether many parts of one rectangle are one row, for people, or each is one of its own, for programs."""

MOST_NAMES = 8
"""Names on one side up to which a part is told by itself: a report cuts longer lists."""

SHORT = 4
"""Names up to which exactly those are named whom a change touches, instead of whom the rule names."""

MOST_WORDED = 30
"""Parts of one rectangle up to which words are looked for, where several parts may have the same words: they do for
every tailnet, never on one."""

MOST_COMPARED = 2000
"""Parts up to which those are looked for that another one says already: it costs the square of their number."""


class NamedPart(NamedTuple):
    """A part in words."""

    part: Part
    who: Worded
    what: Worded


class Telling:
    """Puts the parts of rectangles of one view into words."""

    def __init__(self, view: View, wording: Wording, *, everywhere: bool) -> None:
        self._view = view
        self._wording = wording
        self._most = MOST_WORDED if everywhere else MOST_TOLD

    def told(self, parts: Sequence[Part]) -> Iterator[NamedPart]:
        """Put the parts of one rectangle into words: each by itself, or all of a kind in one."""
        kinds: dict[tuple[bool, bool], list[Part]] = {}
        for part in parts:
            kinds.setdefault(part.kind, []).append(part)
        for alike in kinds.values():
            # WHY: pairs of one owner and pairs of several are never the same ones.
            is_any = not any(alike[0].kind)
            rest = [part for part in parts if is_any is any(part.kind)]
            yield from self._told(alike, rest)

    def _told(self, parts: list[Part], rest: Sequence[Part]) -> Iterable[NamedPart]:
        one_by_one: list[NamedPart] = []
        rows: list[NamedPart] = []
        if len(parts) <= self._most:
            one_by_one = self._one_by_one(parts)
            rows = _once(one_by_one)
            if len(rows) <= MOST_TOLD and all(_is_short(row.who) and _is_short(row.what) for row in rows):
                return one_by_one
        whole = self._gathered(parts, rest)
        if whole is None:
            return one_by_one or map(self.named, parts)
        if one_by_one and 2 * _length([whole]) > _length(rows):
            return one_by_one
        return (whole,)

    def _one_by_one(self, parts: list[Part]) -> list[NamedPart]:
        """Put parts into words, each by itself, cut so that the words are the shorter."""
        named = [self.named(part) for part in parts]
        otherwise = made_whole(self._view, parts)
        if otherwise != parts:
            also_named = [self.named(part) for part in otherwise]
            if _length(_once(also_named)) < _length(_once(named)):
                return also_named
        return named

    def named(self, part: Part) -> NamedPart:
        """Put a part into words, by itself."""
        whole = part.whole
        return NamedPart(
            part,
            self._wording.sources(part.sources, whole.sources, whole.grants),
            self._wording.targets(part.targets, whole.targets, whole.grants),
        )

    def _gathered(self, parts: Sequence[Part], rest: Sequence[Part]) -> NamedPart | None:
        """Give all of some parts as one, as wide as the words of the rule are; None where that would say too much.

        `rest`: parts of the rectangle that hold between anybody where these do not, or the other way round. Whatever
        of the rectangle is in no part at all was open before, or stays open.
        """
        view, whole = self._view, parts[0].whole
        sources = union_of(part.sources for part in parts)
        targets = union_of(part.targets for part in parts)
        elsewhere = union_of(part.targets for part in rest)
        # WHY not of guests alone: the rule's words would say that its people change, too.
        is_about_guests = not sources & ~view.sources.of_nodes(view.resolved.names.shared)
        if targets & elsewhere or is_about_guests or any(part.services == PING for part in parts):
            return None
        who = self._wording.sources_by_rules(sources, whole.sources, whole.grants)
        if who is None or who.bits != sources:
            who = _better(self._wording.sources(sources, whole.sources, whole.grants), who)
        what = self._wording.targets_by_rules(targets, whole.targets & ~elsewhere, whole.grants)
        if what is None or what.bits != targets:
            what = _better(self._wording.targets(targets, whole.targets, whole.grants), what)
        part = parts[0]._replace(
            sources=who.bits & whole.sources,
            targets=what.bits & whole.targets & ~elsewhere,
            services=union(service for each in parts for service in each.services),
        )
        inside = tuple(each.access for each in parts)
        return NamedPart(part._replace(inside=inside if inside != (part.access,) else ()), who, what)


def _better(exact: Worded, by_rules: Worded | None) -> Worded:
    """Give words for what changes, where they are few and need no exceptions; else those of the rules."""
    if by_rules is None or (names_in(exact.texts) == len(exact.texts) <= SHORT):
        return exact
    return by_rules


def _is_short(words: Worded) -> bool:
    return names_in(words.texts) <= MOST_NAMES


def _length(rows: Iterable[NamedPart]) -> int:
    return sum(names_in(row.who.texts) + names_in(row.what.texts) for row in rows)


def _once(rows: Iterable[NamedPart]) -> list[NamedPart]:
    return list(without_implied(with_words_once(rows)))


def with_words_once(rows: Iterable[NamedPart]) -> list[NamedPart]:
    """Make those rows one that have the same words."""
    found: dict[tuple[object, ...], NamedPart] = {}
    for row in rows:
        part = row.part
        key = (row.who.texts, row.what.texts, part.services, part.kind, bool(part.inside))
        there = found.get(key)
        found[key] = row if there is None else _both(there, row)
    return list(found.values())


def _both(one: NamedPart, other: NamedPart) -> NamedPart:
    """Join two parts that have the same words."""
    grants = tuple(dict.fromkeys((*one.part.whole.grants, *other.part.whole.grants)))
    part = one.part._replace(
        sources=one.part.sources | other.part.sources,
        targets=one.part.targets | other.part.targets,
        whole=one.part.whole._replace(grants=grants),
        inside=tuple(dict.fromkeys((*one.part.inside, *other.part.inside))),
    )
    return NamedPart(
        part,
        one.who._replace(bits=one.who.bits | other.who.bits),
        one.what._replace(bits=one.what.bits | other.what.bits),
    )


def without_implied(rows: Sequence[NamedPart]) -> Iterator[NamedPart]:
    """Leave out parts that the words of another one say already."""
    others = rows if len(rows) <= MOST_COMPARED else []
    for number, each in enumerate(rows):
        if not any(
            at != number and _says(other, each) and (at < number or not _says(each, other))
            for at, other in enumerate(others)
        ):
            yield each


def _says(wide: NamedPart, narrow: NamedPart) -> bool:
    return (
        not narrow.part.sources & ~wide.who.bits
        and (not narrow.part.targets & ~wide.what.bits or _are_the_same_services(wide.what, narrow.what))
        and covers(wide.part.services, narrow.part.services)
        and (narrow.part.own or not wide.part.own)
        and (narrow.part.others or not wide.part.others)
    )


def _are_the_same_services(one: Worded, other: Worded) -> bool:
    """Tell whether words name the same services and nothing else: for every tailnet each is there twice, once so that
    `*` opens it."""
    return one.texts == other.texts and all(text.startswith("svc:") for text in one.texts)


def pairs_in(view: View, parts: Sequence[Access], *, others: bool) -> int:
    """Give between how many pairs of a source and a target some access holds, each a node or a range of addresses that
    no rule divides. Which router leads to a range does not count.

    `others`: only where they are not devices of one user. Cost: that of the targets.
    """
    sources, targets, names = view.sources, view.targets, view.resolved.names
    at_nodes: dict[int, int] = {}
    beyond: dict[Extent | str, int] = {}
    for mine, theirs in zip(sources.families, targets.families, strict=True):
        reached = [part.targets & theirs for part in parts]
        for numbers, members in Membership(reached).classes(union_of(reached)):
            senders = union_of(parts[number].sources & mine for number in numbers)
            # INVARIANT: what is no node's own address has a higher number than any node.
            ends = sources.nodes_in(senders & sources.own) | senders & ~sources.own
            for target in members:
                endpoint = targets.items[target]
                if targets.own >> target & 1 and endpoint.node is not None:
                    at_nodes[endpoint.node] = at_nodes.get(endpoint.node, 0) | ends
                else:
                    beyond[range_of(endpoint)] = beyond.get(range_of(endpoint), 0) | ends
    own = parts[0].own
    # WHY not of one's own: what lies behind a router is nobody's device.
    count = 0 if own else sum(ends.bit_count() for ends in beyond.values())
    for node, ends in at_nodes.items():
        if own or others:
            owner = names.owners[node]
            alike = names.user(owner) if owner is not None else 0
            count += (ends & alike if own else ends & ~alike).bit_count()
        else:
            count += ends.bit_count()
    return count
