"""Finding the edges that matter to a question without walking over all of them: sets of edges as integers.

Bit *i* stands for `edges[i]`. Rules share selectors, so that many edges have equal sets: each distinct set is looked at
once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from aclc.net import ALL_PORTS, DEFAULT_PROTOCOLS, TCP, PortRange, PortSet
from aclc.reach.membership import Membership
from aclc.reach.space import PORT_PROTOCOLS, Edge
from aclc.resolve.node_sets import indices_of, node_set


class EdgeIndex:
    """Edges by target, by what they open, and by whether they have anything in common with a set."""

    __slots__ = ("__dict__", "_giving", "_opening", "_to", "edges")

    def __init__(self, edges: Sequence[Edge]) -> None:
        self.edges = edges
        self._opening: dict[int, tuple[list[int], list[int]]] = {}
        self._to: dict[int, int] = {}
        self._giving: dict[tuple[int, int | None, tuple[PortRange, ...]], int] = {}

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
    def _targets(self) -> Membership:
        return Membership([edge.targets for edge in self.edges])

    def at_target(self, target: int) -> int:
        """Give the edges to a target."""
        return self._targets.at(target)

    def to(self, targets: int) -> int:
        """Give the edges to any of some targets. Cost: O(distinct sets of targets), once per question."""
        found = self._to.get(targets)
        if found is None:
            found = 0
            for each, edges in self._targets.distinct:
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
        likely = self._targets.at_ends(edge.targets)
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
        changes: dict[int, list[int]] = {}
        for number, edge in enumerate(self.edges):
            if edge.protocol != protocol and (edge.protocol is not None or protocol not in DEFAULT_PROTOCOLS):
                continue
            if protocol in PORT_PROTOCOLS:
                for first, last in PortSet.of(*edge.ports).ranges:
                    changes.setdefault(first, []).append(number)
                    changes.setdefault(last + 1, []).append(number)
            elif (0, 65535) in edge.ports:
                changes.setdefault(0, []).append(number)
        starts, opened, now = sorted(changes), [], 0
        for start in starts:
            now ^= node_set(changes[start])
            opened.append(now)
        return starts, opened
