"""What somebody gains by becoming another device: by applying a tag, or by a session on it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from aclc.diagnostics import Note
from aclc.lint.exposure import Exposure, ports_text
from aclc.net import DEFAULT_PROTOCOLS, ICMP, ICMPV6, TCP, UDP, PortRange, PortSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.edge_index import EdgeIndex
from aclc.reach.powers import tag_powers
from aclc.reach.space import Edge
from aclc.resolve.node_sets import indices_of

ADMINS = frozenset({"autogroup:admin", "autogroup:owner", "autogroup:it-admin", "autogroup:network-admin"})
"""Roles that can change the policy or the devices themselves, so that nothing is a gain for them."""


class Escalation(NamedTuple):
    """Who may apply a tag and gains by it. `through`: tags in between, farthest first. `gains`: never empty."""

    who: Selector
    tag: str
    through: tuple[str, ...]
    gains: tuple[Edge, ...]


class Takeover:
    """The gains of one policy, in every tailnet."""

    def __init__(self, policy: Policy, exposure: Exposure) -> None:
        self._policy = policy
        self._exposure = exposure
        self._having: dict[tuple[int, int | None, tuple[PortRange, ...]], int] = {}
        self._open_to: dict[int, list[Edge]] = {}
        self._gains: dict[tuple[int, int, int], tuple[Edge, ...]] = {}
        self._sources: dict[Selector, int] = {}

    @cached_property
    def escalations(self) -> tuple[Escalation, ...]:
        """Who gains by applying a tag, by tag in file order; nobody where everything is open anyway."""
        return () if self._exposure.allows_all else tuple(self._escalations())

    def _escalations(self) -> Iterator[Escalation]:
        powers = tag_powers(self._policy)
        for tag in self._policy.tag_owners:
            for (name, applied), through in powers.items():
                if applied == tag and name not in ADMINS:
                    who = parse_selector(name)
                    gains = self.gains(self.nodes(who), tag)
                    if gains:
                        yield Escalation(who, tag, through, gains)

    @cached_property
    def _owners(self) -> dict[str, dict[str, tuple[str, ...]]]:
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for (who, tag), through in tag_powers(self._policy).items():
            found.setdefault(tag, {})[who] = through
        return found

    def owners(self, tag: str) -> dict[str, tuple[str, ...]]:
        """Give everybody who may apply a tag, by name: with the tags in between, farthest first."""
        return self._owners.get(tag, {})

    def sources(self, who: Selector) -> int:
        """Give the sources that somebody may send from in some tailnet: own devices, and those of every tag that they
        may apply."""
        found = self._sources.get(who)
        if found is None:
            names = self._exposure.view.resolved.names
            nodes = self._exposure.devices(who)
            for tag, owners in self._owners.items():
                if who.name in owners:
                    nodes |= names.tag(tag)
            found = self._sources[who] = self._exposure.view.sources.of_nodes(nodes)
        return found

    @staticmethod
    def may_change_all(who: Selector) -> bool:
        """Tell whether somebody is an admin of a kind, for whom nothing is a gain."""
        return who.name in ADMINS

    def nodes(self, who: Selector) -> int:
        """Give the devices that a selector names, without those shared in."""
        names = self._exposure.view.resolved.names
        return names.nodes(who) & ~names.shared

    def gains(self, nodes: int, tag: str, without: int = 0) -> tuple[Edge, ...]:
        """Give the edges that open to a device with a tag what some of the nodes do not reach themselves.

        `without`: targets that do not count. Public addresses, devices shared in and ping do not count either. Cost:
        one look at each edge that is open to the tag, and for each distinct opening at the edges to the same targets.
        """
        through = self._exposure.view.resolved.names.tag(tag)
        key = (nodes, through & -through, without)
        found = self._gains.get(key)
        if found is None:
            found = self._gains[key] = tuple(self._missing_edges(nodes, through & -through, without))
        return found

    def _missing_edges(self, nodes: int, through: int, without: int) -> Iterator[Edge]:
        exposure = self._exposure
        view = exposure.view
        mine, theirs = view.sources.of_nodes(nodes), view.sources.of_nodes(through)
        without |= view.targets.of_nodes(view.resolved.names.shared)
        for edge in self._edges_open_to(theirs):
            targets = edge.targets & ~exposure.behind & ~without
            if not targets:
                continue
            for number, family in enumerate(view.sources.families):
                wanted = targets & view.targets.families[number]
                if edge.src & theirs & family and mine & family:
                    lacking = mine & family & ~self._who_has(wanted, edge.protocol, edge.ports)
                    if any(self._lacks(source, edge, wanted) for source in indices_of(lacking)):
                        yield edge
                        break

    def _edges_open_to(self, sources: int) -> list[Edge]:
        """Give the edges with any of some sources, without those for own devices and those for ping."""
        found = self._open_to.get(sources)
        if found is None:
            found = self._open_to[sources] = [
                edge
                for edge in self._exposure.edges
                if edge.src & sources and not edge.is_self and edge.protocol not in {ICMP, ICMPV6}
            ]
        return found

    @cached_property
    def _index(self) -> EdgeIndex:
        return EdgeIndex(self._exposure.widest)

    def _lacks(self, source: int, edge: Edge, targets: int) -> bool:
        """Tell whether a source of those that lack something lacks it on a target that is not its own user's device."""
        view = self._exposure.view
        node = view.sources.items[source].node
        own = 0 if node is None else view.same_owner(view.targets, node) | view.targets.of_nodes(1 << node)
        if not targets & own:
            return True
        return not self._who_has(targets & ~own, edge.protocol, edge.ports) >> source & 1

    def _who_has(self, targets: int, protocol: int | None, ports: tuple[PortRange, ...]) -> int:
        """Give the sources to which edges, each with whatever it may open, together open some ports on all of some
        targets."""
        key = (targets, protocol, ports)
        found = self._having.get(key)
        if found is None:
            wanted = PortSet.of(*ports).ranges
            kinds = dict.fromkeys(
                self._index.at_target(target) & ~self._index.is_self for target in indices_of(targets)
            )
            found = -1
            for kind in kinds:
                edges = [(self._index.edges[number], self._index.ports[number]) for number in indices_of(kind)]
                for each in (TCP, UDP) if protocol is None else (protocol,):
                    found = _let_in(found, [edge for edge in edges if _speaks(edge[0], each)], wanted)
                if not found:
                    break
            self._having[key] = found
        return found


def _speaks(edge: Edge, protocol: int) -> bool:
    return edge.protocol == protocol or (edge.protocol is None and protocol in DEFAULT_PROTOCOLS)


def _let_in(sources: int, edges: Sequence[tuple[Edge, PortSet]], wanted: Sequence[tuple[int, int]]) -> int:
    """Give those of some sources that edges to one target let in on all ports that are wanted."""
    whole = some = 0
    parts: list[tuple[Edge, PortSet]] = []
    for edge, opened in edges:
        if all(opened.covers(PortRange(*each)) for each in wanted):
            whole |= edge.src
        else:
            parts.append((edge, opened))
            some |= edge.src
    if not sources & some & ~whole:
        return sources & whole
    cuts = sorted({cut for _, opened in parts for first, last in opened.ranges for cut in (first, last + 1)})
    for first, last in wanted:
        for low in (first, *cuts[bisect_right(cuts, first) : bisect_right(cuts, last)]):
            there = whole
            for edge, opened in parts:
                if opened.contains(low):
                    there |= edge.src
            sources &= there
    return sources


def gains_text(gains: tuple[Edge, ...]) -> str:
    """Give what is gained in words: the first destination with its ports, then how many more."""
    listed = list(dict.fromkeys(f"{ports_text(edge)} of {_target(edge)}" for edge in gains))
    more = len(listed) - 1
    return listed[0] + (f" and {more} other destination{'s' if more > 1 else ''}" if more else "")


def _target(edge: Edge) -> str:
    return "every device" if edge.dst.kind == "any" else f"`{edge.dst.text}`"


def gain_notes(exposure: Exposure, gains: tuple[Edge, ...], name: str, most: int = 3) -> list[Note]:
    """Give notes at the rules that open it, in file order."""
    return [
        exposure.note(edge, f"opens {ports_text(edge)} of {_target(edge)} to `{name}`")
        for edge in {exposure.dst(each).path: each for each in reversed(gains)}.values()
    ][::-1][:most]
