"""One question about access, worked out on sets: who of the sources gets through to which of the targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal

from aclc.net import TCP
from aclc.reach.graph.doors import Door, doors
from aclc.reach.graph.endpoints import Endpoint
from aclc.reach.graph.space import View
from aclc.reach.graph.ways import Ways
from aclc.reach.population.principals import Principal
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set

Verdict = Literal["yes", "partly", "no", "nobody"]
"""`partly`: for some of the sources or targets. `nobody`: there is no such source or target to ask about."""


class Asked(NamedTuple):
    """The question. `port` None: any port of any protocol; then `protocol` is not looked at.

    `everywhere`: it is about every tailnet, so that nodes have no names worth telling and any router will do.
    """

    src: Principal
    dst: Principal
    protocol: int = TCP
    port: int | None = None
    login: str | None = None
    everywhere: bool = False


class Meeting(NamedTuple):
    """Targets that the question does not tell apart: the sources that are asked about, and those that get through.

    A node counts as a whole: with one of its addresses it gets through with all. `doors`: what lets them, by number.
    """

    targets: int
    wanted: int
    reached: int
    doors: tuple[int, ...]


class Inquiry:
    """A question on one view.

    `open`: destinations of rules that are for the asked services; meetings name them by number. `like`: the same
    question about other services, from which is taken over what does not hang on them.
    """

    def __init__(self, view: View, asked: Asked, like: Inquiry | None = None) -> None:
        self.view = view
        self.asked = asked
        self._like = like
        self.doors: tuple[Door, ...] = doors(view) if like is None else like.doors
        sources, targets = self._endpoints(asked.src, sending=True), self._endpoints(asked.dst, sending=False)
        self.sources, self.targets = _one_family(view, sources, targets)
        self.has_source, self.has_target = bool(sources), bool(targets)
        self.to_own = asked.dst.selector.name == "autogroup:self" and asked.dst.node is None
        self.open = [each for each in self.doors if each.opens(asked.protocol, asked.port)]
        self._meetings: dict[tuple[bool, bool], tuple[Meeting, ...]] = {}

    def about(self, protocol: int, port: int) -> Inquiry:
        """Give the same question about one service."""
        return Inquiry(self.view, self.asked._replace(protocol=protocol, port=port), self)

    def _endpoints(self, side: Principal, *, sending: bool) -> int:
        """Give what is asked about: of a person or group, their own devices before those that they share in."""
        view = self.view
        if not sending and side.node is None and side.selector.name == "autogroup:self":
            return view.targets.of_nodes(view.resolved.names.members) & view.live
        found = side.sources(view) if sending else side.targets(view)
        if side.node is None and side.selector.kind in {"user", "group"}:
            endpoints = view.sources if sending else view.targets
            return found & ~endpoints.of_nodes(view.resolved.names.shared) or found
        return found

    @cached_property
    def ways(self) -> Ways:
        """Where packets of the sources go; worked out when first needed."""
        if self._like is not None:
            return self._like.ways
        return Ways(self.view, self.view.sources.nodes_in(self.sources & self.view.sources.own))

    @property
    def behind(self) -> int:
        """The targets that are no nodes."""
        return self.targets & ~self.view.targets.own

    def meetings(self, *, posture: bool, routed: bool) -> tuple[Meeting, ...]:
        """Give who gets through where.

        `posture`: whether sources must show what rules ask for. `routed`: whether packets take the router that the
        control plane offers; else any that leads there. Each pair of answers is worked out once.
        """
        key = posture and self._asks_posture, routed and bool(self.behind)
        found = self._meetings.get(key)
        if found is None:
            found = self._meetings[key] = self._worked_out(posture=posture, routed=routed)
        return found

    @cached_property
    def _asks_posture(self) -> bool:
        """Whether some rule for the asked services asks its sources to show anything."""
        return any(each.postures for each in self.open)

    def _worked_out(self, *, posture: bool, routed: bool) -> tuple[Meeting, ...]:
        used = [
            (each.edge.src if posture else each.named) & self.sources if each.edge.targets & self.targets else 0
            for each in self.open
        ]
        return (*self._to_nodes(used), *self._beyond(used, routed=routed))

    @cached_property
    def _numbers(self) -> dict[int, tuple[int, ...]]:
        """For each target the doors that lead to it from some source, whatever that shows: so that all meetings of a
        question are the same, in the same order."""
        found: dict[int, list[int]] = {at: [] for at in indices_of(self.targets)}
        for number, door in enumerate(self.open):
            for at in indices_of(door.edge.targets & self.targets) if door.named & self.sources else ():
                found[at].append(number)
        return {at: tuple(numbers) for at, numbers in found.items()}

    def _to_nodes(self, used: list[int]) -> Iterable[Meeting]:
        view = self.view
        nodes: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for at in indices_of(self.targets & view.targets.own):
            item, found = view.targets.items[at], self._numbers[at]
            assert item.node is not None
            nodes.setdefault(item.node, []).append((0 if item.family == 4 else 1, found))
        alike: dict[tuple[object, ...], list[int]] = {}
        for node, entries in nodes.items():
            personal = self.to_own or any(self.open[each].edge.is_self for _, found in entries for each in found)
            owner = (view.resolved.names.owners[node], node) if personal else None
            # WHY the node too where it has no user: it is nobody's, like no other.
            mark = None if owner is None else owner[0] if owner[0] is not None else owner
            alike.setdefault((tuple(entries), mark), []).append(node)
        for members in alike.values():
            yield self._meeting(members, nodes[members[0]], used)

    def _meeting(self, nodes: list[int], entries: list[tuple[int, tuple[int, ...]]], used: list[int]) -> Meeting:
        view = self.view
        families = reached = 0
        through: dict[int, None] = {}
        own = view.same_owner(view.sources, nodes[0])
        for family, numbers in entries:
            bits = view.sources.families[family]
            families |= bits
            for number in numbers:
                src = used[number] & bits & (own if self.open[number].edge.is_self else -1)
                if src:
                    reached |= src
                    through[number] = None
        wanted = self.sources & families & (own if self.to_own else -1)
        if len(nodes) == 1:
            wanted &= ~view.sources.of_nodes(1 << nodes[0])  # nobody asks whether a node reaches itself
        whole = view.sources.of_nodes(view.sources.nodes_in(reached & view.sources.own))
        targets = view.targets.of_nodes(node_set(nodes)) & self.targets
        return Meeting(targets, wanted, (reached | whole) & wanted, tuple(sorted(through)))

    def _beyond(self, used: list[int], *, routed: bool) -> Iterable[Meeting]:
        view = self.view
        units: dict[tuple[object, ...], list[int]] = {}
        single = self.asked.dst.address(view) is not None
        for at in indices_of(self.behind):
            item = view.targets.items[at]
            stands_for_many = item.kind in {"internet", "elsewhere"}
            place = (item.kind,) if stands_for_many else (item.first, item.last)
            units.setdefault((item.family,) if single else (item.family, *place), []).append(at)
        for ends in units.values():
            yield self._unit(ends, used, routed=routed)

    def _unit(self, ends: list[int], used: list[int], *, routed: bool) -> Meeting:
        """Give the meeting at one place behind routers; `ends` are the same place behind each of them."""
        view = self.view
        items = [view.targets.items[at] for at in ends]
        wanted = self.sources & view.sources.families[0 if items[0].family == 4 else 1]
        routers = node_set([item.node for item in items if item.node is not None])
        wanted &= ~view.sources.of_nodes(routers)  # who serves it needs no way there
        reached, through = 0, dict[int, None]()
        if not routed or self.asked.everywhere:
            reached = self._through(ends, used, wanted, through)
        else:
            first, last = self._extent(items)
            by_exit = all(not serves_subnet(view, at) for at in ends)
            for way in self.ways.to(items[0].family, first, last, by_exit=by_exit):
                taken = [at for at, item in zip(ends, items, strict=True) if way.routers >> (item.node or 0) & 1]
                mine = wanted & view.sources.of_nodes(way.nodes)
                reached |= self._through(taken, used, mine, through)
            reached |= self._through(ends, used, wanted & ~view.sources.own, through)
        return Meeting(node_set(ends), wanted, reached, tuple(sorted(through)))

    def _extent(self, items: Sequence[Endpoint]) -> tuple[int, int]:
        """Give the addresses that routes must hold: the one that is asked about, else the place that the ends share."""
        address = self.asked.dst.address(self.view)
        if address is not None:  # WHY: what an exit node leads to stands for many addresses, this one among them
            return address.value, address.value
        return min(item.first for item in items), max(item.last for item in items)

    def _through(self, ends: Iterable[int], used: list[int], wanted: int, through: dict[int, None]) -> int:
        reached = 0
        for at in ends:
            for number in self._numbers[at]:
                if used[number] & wanted:
                    reached |= used[number] & wanted
                    through[number] = None
        return reached


def serves_subnet(view: View, target: int) -> bool:
    """Tell whether a target lies behind a subnet route of its node, not only behind an exit node."""
    item = view.targets.items[target]
    return item.node is not None and any(
        not route.is_default_route and route.family == item.family and route.first <= item.first <= route.last
        for route in view.resolved.approved[item.node]
    )


def verdict_of(meetings: Iterable[Meeting]) -> Verdict:
    """Give one verdict for all meetings."""
    asked = [each for each in meetings if each.wanted]
    if not asked:
        return "nobody"
    if all(not each.wanted & ~each.reached for each in asked):
        return "yes"
    return "partly" if any(each.reached for each in asked) else "no"


def _one_family(view: View, sources: int, targets: int) -> tuple[int, int]:
    """Leave out endpoints whose family the other side lacks."""
    kept_sources = kept_targets = 0
    for mine, theirs in zip(view.sources.families, view.targets.families, strict=True):
        if sources & mine and targets & theirs:
            kept_sources |= sources & mine
            kept_targets |= targets & theirs
    return kept_sources, kept_targets
