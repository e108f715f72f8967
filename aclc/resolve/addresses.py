"""Which nodes an address range touches: by their own addresses, and by their approved subnet routes.

Both indexes are sorted once; a look-up is a binary search, never a walk over the nodes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from aclc.net import LAST, WIDTH, Address, Prefix
from aclc.resolve.node_sets import node_set


class AddressIndex:
    """Nodes by own address."""

    __slots__ = ("_nodes", "_values")

    def __init__(self, addresses: Sequence[Sequence[Address]]) -> None:
        """Take the addresses of each node, in node order."""
        self._values: dict[int, list[int]] = {}
        self._nodes: dict[int, list[int]] = {}
        for family in (4, 6):
            values, nodes = [], []
            for index, own in enumerate(addresses):
                for number, value in own:
                    if number == family:
                        values.append(value)
                        nodes.append(index)
            # WHY not pairs: integers alone are compared several times as fast. The order of equals is that of nodes.
            order = sorted(range(len(values)), key=values.__getitem__)
            self._values[family] = [values[at] for at in order]
            self._nodes[family] = [nodes[at] for at in order]

    def sorted(self, family: int) -> tuple[list[int], list[int]]:
        """Give all addresses of a family, ascending, and beside each the node that has it. Not to be changed."""
        return self._values[family], self._nodes[family]

    def within(self, family: int, first: int, last: int) -> list[int]:
        """Give the nodes with an address in the interval, in address order; a node may come up again."""
        values = self._values[family]
        return self._nodes[family][bisect_left(values, first) : bisect_right(values, last)]

    def owner(self, address: Address) -> int | None:
        """Give the node that has this address, or None."""
        values = self._values[address.family]
        at = bisect_left(values, address.value)
        return self._nodes[address.family][at] if at < len(values) and values[at] == address.value else None


class RouteIndex:
    """Nodes by approved subnet route. Exit routes are not in it: they count nowhere as overlap (reference §5.4)."""

    __slots__ = ("_advertisers", "_lengths", "_sorted", "routes")

    def __init__(self, approved: Sequence[Sequence[Prefix]]) -> None:
        """Take the approved routes of each node, in node order."""
        self._advertisers: dict[Prefix, list[int]] = {}
        for index, routes in enumerate(approved):
            for route in routes:
                if not route.is_default_route:
                    self._advertisers.setdefault(route, []).append(index)
        self.routes: tuple[Prefix, ...] = tuple(sorted(self._advertisers))
        self._sorted = {family: [each for each in self.routes if each.family == family] for family in (4, 6)}
        self._lengths = {family: sorted({each.bits for each in self._sorted[family]}) for family in (4, 6)}

    def overlapping(self, prefix: Prefix) -> list[Prefix]:
        """Give the distinct routes that share an address with the prefix: those that cover it, then those inside it.

        Cost: O(distinct route lengths + log routes + found).
        """
        family, found = prefix.family, []
        for bits in self._lengths[family]:
            if bits >= prefix.bits:
                break
            above = Prefix(family, prefix.first & (LAST[family] ^ (LAST[family] >> bits)), bits)
            if above in self._advertisers:
                found.append(above)
        routes = self._sorted[family]
        low = bisect_left(routes, prefix)
        high = bisect_right(routes, Prefix(family, prefix.last, WIDTH[family]))
        # WHY nothing is tested here: a wider route with the same first address sorts before `prefix`, and prefixes that
        # begin inside another one end inside it.
        found.extend(routes[low:high])
        return found

    def advertisers(self, route: Prefix) -> list[int]:
        """Give the nodes on which this very route is approved, in node order."""
        return self._advertisers.get(route, [])

    def nodes(self, prefix: Prefix) -> int:
        """Give the nodes with an approved subnet route that overlaps the prefix, either one inside the other."""
        return node_set([index for route in self.overlapping(prefix) for index in self._advertisers[route]])
