"""What somebody gains by becoming another device: by applying a tag, or by a session on it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from operator import or_

from aclc.diagnostics import Note
from aclc.lint.exposure import Exposure, exposure_of, ports_text
from aclc.lint.rule import Context, shared
from aclc.net import ICMP, ICMPV6, TCP, UDP, PortRange, PortSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.membership import Membership
from aclc.reach.graph.space import Edge
from aclc.reach.powers.powers import tag_powers
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set

ADMINS = frozenset({"autogroup:admin", "autogroup:owner", "autogroup:it-admin", "autogroup:network-admin"})
"""Roles that can change the policy or the devices themselves, so that nothing is a gain for them."""


class Escalation(NamedTuple):
    """Who may apply a tag and gains by it. `through`: tags in between, farthest first. `gains`: never empty."""

    who: Selector
    tag: str
    through: tuple[str, ...]
    gains: tuple[Edge, ...]


class Opening(NamedTuple):
    """What an edge opens to addresses of one family. `lacking`: the sources to which all edges together do not open all
    of it. `kinds`: the targets by the edges that lead there, each with the sources of that family that have it all."""

    lacking: int
    kinds: Sequence[tuple[int, int]]


class Takeover:
    """The gains of one policy, in every tailnet."""

    def __init__(self, policy: Policy, exposure: Exposure) -> None:
        self._policy = policy
        self._exposure = exposure
        self._let_in_at: dict[tuple[int, int, tuple[PortRange, ...]], int] = {}
        self._opened: dict[int, list[tuple[Edge, list[Opening]]]] = {}
        self._opening_of: dict[tuple[int, int], Opening] = {}
        self._kind_of: dict[int, int] = {}
        self._kinds_of: dict[int, list[tuple[int, int]]] = {}
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

        `tag`: one that has owners, or that an entry of `ssh` leads to. `without`: targets that do not count. Public
        addresses, devices shared in and ping do not count either. Cost: one look at each edge that is open to the tag,
        and once for each edge at those to the same targets.
        """
        through = self._exposure.view.resolved.names.tag(tag)
        key = (nodes, through & -through, without)
        found = self._gains.get(key)
        if found is None:
            mine = self._exposure.view.sources.of_nodes(nodes)
            found = self._gains[key] = tuple(
                edge
                for edge, openings in self._openings(through & -through)
                if any(self._is_gain(mine & opening.lacking, opening, without) for opening in openings)
            )
        return found

    def _is_gain(self, sources: int, opening: Opening, without: int) -> bool:
        """Tell whether some sources lack something that is opened, not counting devices of their own user and some
        targets."""
        if not sources:
            return False
        view = self._exposure.view
        for targets, let_in in opening.kinds:
            counting = targets & ~without
            left = sources & ~let_in if counting else 0
            while left:  # mostly the first one says so; nobody's devices but one user's can be all that is counted
                lowest = left & -left
                node = view.sources.items[lowest.bit_length() - 1].node
                own = 0 if node is None else view.same_owner(view.targets, node) | view.targets.of_nodes(1 << node)
                if counting & ~own:
                    return True
                left ^= lowest
        return False

    def _openings(self, through: int) -> list[tuple[Edge, list[Opening]]]:
        """Give the edges that are open to a device, each with what it opens, per family."""
        found = self._opened.get(through)
        if found is None:
            found = self._opened[through] = []
            view = self._exposure.view
            theirs = view.sources.of_nodes(through)
            for number in self._edges_open_to(theirs):
                edge = self._exposure.edges[number]
                openings = [
                    self._opening(number, family)
                    for family, sources in enumerate(view.sources.families)
                    if edge.src & theirs & sources
                ]
                found.append((edge, openings))
        return found

    def _opening(self, number: int, family: int) -> Opening:
        """Give who has what an edge opens to addresses of one family, those of people outside left out."""
        key = (number, family)
        found = self._opening_of.get(key)
        if found is None:
            edge, view = self._exposure.edges[number], self._exposure.view
            without = view.targets.of_nodes(view.resolved.names.shared) | self._exposure.behind
            protocols = (TCP, UDP) if edge.protocol is None else (edge.protocol,)
            kinds, all_of_it = [], view.sources.families[family]
            for kind, targets in self._kinds(edge.targets & ~without & view.targets.families[family]):
                let_in = view.sources.families[family]
                for protocol in protocols:
                    let_in &= self._let_in(kind, protocol, edge.ports)
                kinds.append((targets, let_in))
                all_of_it &= let_in
            found = self._opening_of[key] = Opening(view.sources.families[family] & ~all_of_it, kinds)
        return found

    def _edges_open_to(self, sources: int) -> list[int]:
        """Give the numbers of the edges with any of the sources of a tag that may be a gain."""
        with_any = 0
        for source in indices_of(sources):
            with_any |= self._by_source.at(source)
        return indices_of(with_any & self._gainful)

    @cached_property
    def _by_source(self) -> Membership:
        """The edges by those of their sources that stand for a tag: the first device with it."""
        view = self._exposure.view
        doors = {dst.name for rule in self._policy.ssh or () for dst in rule.dst if dst.kind == "tag"}
        tagged = [view.resolved.names.tag(tag) for tag in doors.union(self._policy.tag_owners)]
        asked = view.sources.of_nodes(reduce(or_, (nodes & -nodes for nodes in tagged), 0))
        return Membership([edge.src & asked for edge in self._exposure.edges])

    @cached_property
    def _gainful(self) -> int:
        """The edges that may be a gain: not those for own devices, nor those for ping."""
        index = self._exposure.index
        return node_set(
            [
                number
                for number, edge in enumerate(index.edges)
                if not edge.is_self and edge.protocol not in {ICMP, ICMPV6}
            ]
        )

    def _kinds(self, targets: int) -> Sequence[tuple[int, int]]:
        """Give the distinct sets of edges that lead to some targets, each with those targets. Edges for own devices do
        not count."""
        found = self._kinds_of.get(targets)
        if found is None:
            members: dict[int, list[int]] = {}
            for target in indices_of(targets):
                members.setdefault(self._kind_at(target), []).append(target)
            found = self._kinds_of[targets] = [(kind, node_set(each)) for kind, each in members.items()]
        return found

    def _kind_at(self, target: int) -> int:
        found = self._kind_of.get(target)
        if found is None:
            index = self._exposure.widest_index
            found = self._kind_of[target] = index.at_target(target) & ~index.is_self
        return found

    def _let_in(self, kind: int, protocol: int, ports: tuple[PortRange, ...]) -> int:
        """Give the sources that edges to one target together let in on all of some ports."""
        key = (kind, protocol, ports)
        found = self._let_in_at.get(key)
        if found is None:
            index = self._exposure.widest_index
            every, some = index.opening_ports(ports)
            speaking = kind & index.speaking(protocol)
            whole, partly = self._sources_of_edges(speaking & every), speaking & some & ~every
            found = whole
            if self._sources_of_edges(partly) & ~whole:
                found = self._let_in_by_parts(indices_of(partly), whole, ports)
            self._let_in_at[key] = found
        return found

    def _let_in_by_parts(self, numbers: list[int], whole: int, ports: tuple[PortRange, ...]) -> int:
        """Give the sources that edges with a part of some ports each let in on all of them, or that have them whole."""
        index = self._exposure.widest_index
        cuts = sorted({cut for at in numbers for first, last in index.ports[at].ranges for cut in (first, last + 1)})
        found = -1
        for first, last in PortSet.of(*ports).ranges:
            for low in (first, *cuts[bisect_right(cuts, first) : bisect_right(cuts, last)]):
                there = whole
                for at in numbers:
                    if index.ports[at].contains(low):
                        there |= index.edges[at].src
                found &= there
                if found == whole:
                    return found
        return found

    def _sources_of_edges(self, numbers: int) -> int:
        """Give the sources of any of some edges."""
        found = 0
        edges = self._exposure.widest
        for number in indices_of(numbers):
            found |= edges[number].src
        return found


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


@shared
def takeover_of(context: Context) -> Takeover:
    """Give what somebody gains by becoming another device, in every tailnet."""
    return Takeover(context.policy, exposure_of(context))
