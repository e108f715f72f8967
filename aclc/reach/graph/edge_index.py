"""Finding the edges that matter to a question without walking over all of them: sets of edges as integers.

Bit *i* stands for `edges[i]`. Rules share selectors, so that many edges have equal sets: each distinct set is looked at
once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from aclc.net import ALL_PORTS, DEFAULT_PROTOCOLS, TCP, PortRange, PortSet
from aclc.reach.graph.membership import Membership
from aclc.reach.graph.space import PORT_PROTOCOLS, Edge
from aclc.resolve.node_sets import indices_of, node_set


class EdgeIndex:
    """Edges by target, by what they open, and by whether they have anything in common with a set."""

    __slots__ = ("__dict__", "_giving", "_like", "_opening", "_opening_ports", "_speaking", "_to", "edges")

    def __init__(self, edges: Sequence[Edge], like: EdgeIndex | None = None) -> None:
        """Take edges; `like`: an index of which all that is known of targets is taken over where it has the same."""
        self.edges = edges
        self._like = like
        self._opening: dict[int, tuple[list[int], list[int]]] = {}
        self._to: dict[int, int] = {}
        self._giving: dict[tuple[int, int | None, tuple[PortRange, ...]], int] = {}
        self._opening_ports: dict[tuple[PortRange, ...], tuple[int, int]] = {}
        self._speaking: dict[int, int] = {}

    def of(self, numbers: Iterable[int]) -> list[Edge]:
        """Give edges by number."""
        return [self.edges[number] for number in numbers]

    @cached_property
    def ports(self) -> list[PortSet]:
        """The ports of each edge, as sets."""
        distinct = {edge.ports: PortSet.of(*edge.ports) for edge in self.edges}
        return [distinct[edge.ports] for edge in self.edges]

    @cached_property
    def is_self(self) -> int:
        """The edges between devices of one user only."""
        return node_set([number for number, edge in enumerate(self.edges) if edge.is_self])

    @cached_property
    def by_target(self) -> Membership:
        """The targets of each edge, by what they hold."""
        targets = [edge.targets for edge in self.edges]
        if self._like is not None and targets == [edge.targets for edge in self._like.edges]:
            return self._like.by_target
        return Membership(targets)

    def at_target(self, target: int) -> int:
        """Give the edges to a target."""
        return self.by_target.at(target)

    def to(self, targets: int) -> int:
        """Give the edges to any of some targets. Cost: O(distinct sets of targets), once per question."""
        found = self._to.get(targets)
        if found is None:
            found = 0
            for each, edges in self.by_target.distinct:
                if each & targets:
                    found |= edges
            self._to[targets] = found
        return found

    def giving(self, edge: Edge) -> int:
        """Give the edges that each open all that an edge opens, whoever they open it to."""
        key = (edge.targets, edge.protocol, edge.ports)
        found = self._giving.get(key)
        if found is None:
            found = self._giving[key] = node_set(list(self._all_giving(edge)))
        return found

    def _all_giving(self, edge: Edge) -> Iterator[int]:
        wanted = PortSet.of(*edge.ports).ranges
        protocol = TCP if edge.protocol is None else edge.protocol
        likely = self.by_target.at_ends(edge.targets)
        if edge.opens(protocol, wanted[0][0]):
            likely &= self.opening(protocol, wanted[0][0])
        for number in indices_of(likely):
            other = self.edges[number]
            if (
                (other.protocol == edge.protocol or (other.protocol is None and protocol in DEFAULT_PROTOCOLS))
                and not edge.targets & ~other.targets
                and all(self.ports[number].covers(PortRange(*each)) for each in wanted)
                # WHY: protocols without ports need a rule for all of them in one range.
                and (ALL_PORTS in other.ports or ALL_PORTS not in edge.ports)
            ):
                yield number

    def opening(self, protocol: int, port: int) -> int:
        """Give the edges that open a port of a protocol, as `Edge.opens` has it."""
        if protocol in {1, 58}:
            return (1 << len(self.edges)) - 1
        found = self._opening.get(protocol)
        if found is None:
            found = self._opening[protocol] = self._by_port(protocol)
        starts, opened = found
        at = bisect_right(starts, port)
        return opened[at - 1] if at else 0

    def _by_port(self, protocol: int) -> tuple[list[int], list[int]]:
        """Give the ports at which the edges that open a protocol change, ascending, and those that open it from there
        on."""
        speaking = indices_of(self.speaking(protocol))
        if protocol in PORT_PROTOCOLS:
            return _changes((number, self.ports[number]) for number in speaking)
        whole = PortSet.of(ALL_PORTS)
        return _changes((number, whole) for number in speaking if ALL_PORTS in self.edges[number].ports)

    def speaking(self, protocol: int) -> int:
        """Give the edges that are about a protocol, whatever their ports."""
        found = self._speaking.get(protocol)
        if found is None:
            found = self._speaking[protocol] = node_set(
                [
                    number
                    for number, edge in enumerate(self.edges)
                    if edge.protocol == protocol or (edge.protocol is None and protocol in DEFAULT_PROTOCOLS)
                ]
            )
        return found

    @cached_property
    def _changes_of_ports(self) -> tuple[list[int], list[int]]:
        return _changes(enumerate(self.ports))

    def opening_ports(self, ports: tuple[PortRange, ...]) -> tuple[int, int]:
        """Give the edges with all of some ports, and those with any of them, whatever their protocol."""
        found = self._opening_ports.get(ports)
        if found is None:
            starts, opened = self._changes_of_ports
            every, some = -1, 0
            for first, last in PortSet.of(*ports).ranges:
                at = bisect_right(starts, first)
                every &= opened[at - 1] if at else 0
                for there in opened[max(at - 1, 0) : bisect_right(starts, last)]:
                    every &= there
                    some |= there
            found = self._opening_ports[ports] = (every & some, some)
        return found


def _changes(ports: Iterable[tuple[int, PortSet]]) -> tuple[list[int], list[int]]:
    """Give the ports at which sets of ports begin or end, ascending, and the numbers of the sets that hold them from
    there on."""
    changes: dict[int, list[int]] = {}
    for number, held in ports:
        for first, last in held.ranges:
            changes.setdefault(first, []).append(number)
            changes.setdefault(last + 1, []).append(number)
    starts, opened, now = sorted(changes), [], 0
    for start in starts:
        now ^= node_set(changes[start])
        opened.append(now)
    return starts, opened
