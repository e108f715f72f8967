"""Which nodes an address range touches: by their own addresses, and by their approved subnet routes.

A look-up in either index is a binary search, never a walk over the nodes; each is sorted at most once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from aclc.net import WIDTH, Address, IpSet, Prefix
from aclc.resolve.node_sets import node_set


class AddressIndex:
    """Nodes by own address. A family is sorted when first a part of it is asked for: most policies name no addresses of
    nodes, and only those of one family where they do.

    `span`: from the lowest to the highest address of each family.
    """

    __slots__ = ("_bits", "_keys", "_sorted", "span")

    def __init__(self, addresses: Sequence[Sequence[Address]]) -> None:
        """Take the addresses of each node, in node order."""
        # WHY one integer: `value << bits | node` sorts several times as fast as a pair, in the same order.
        self._bits = bits = len(addresses).bit_length()
        four: list[int] = []
        six: list[int] = []
        for index, own in enumerate(addresses):
            for address in own:
                # WHY not unpacked: a named tuple is unpacked by way of an iterator.
                if address[0] == 4:
                    four.append(address[1] << bits | index)
                else:
                    six.append(address[1] << bits | index)
        self._keys = {4: four, 6: six}
        self._sorted: set[int] = set()
        self.span = IpSet(*(((min(keys) >> bits, max(keys) >> bits),) if keys else () for keys in (four, six)))

    def _between(self, family: int, first: int, last: int) -> list[int]:
        """Give the keys of the addresses in an interval; sorted, unless it is all of them or none."""
        keys = self._keys[family]
        for lowest, highest in self.span.family(family):
            if last < lowest or highest < first:
                break
            if first <= lowest and highest <= last:
                return keys
            if family not in self._sorted:
                self._sorted.add(family)
                keys.sort()
            return keys[bisect_left(keys, first << self._bits) : bisect_left(keys, last + 1 << self._bits)]
        return []

    def entries(self, family: int, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Give the addresses in an interval as (node, value), in any order; every node that has an address counts."""
        bits, nodes = self._bits, (1 << self._bits) - 1
        return ((key & nodes, key >> bits) for key in self._between(family, first, last))

    def within(self, family: int, first: int, last: int) -> list[int]:
        """Give the nodes with an address in the interval, in any order; a node may come up again."""
        nodes = (1 << self._bits) - 1
        return [key & nodes for key in self._between(family, first, last)]

    def has_all(self, family: int, first: int, last: int) -> bool:
        """Tell whether every address of an interval is that of some node."""
        found = self._between(family, first, last)
        size = last - first + 1
        return size <= len(found) and size == len({key >> self._bits for key in found})

    def owner(self, address: Address) -> int | None:
        """Give the node that has this address, the first of several, or None."""
        return min(self.within(address.family, address.value, address.value), default=None)


class RouteIndex:
    """Nodes by approved subnet route. Exit routes are not in it: they count nowhere as overlap (reference §5.4).

    `routes`: the distinct ones, sorted; `extents`: the same as (family, first, last).
    """

    __slots__ = ("__dict__", "_advertisers", "_lengths", "_sorted", "extents", "routes")

    def __init__(self, approved: Sequence[Sequence[Prefix]]) -> None:
        """Take the approved routes of each node, in node order."""
        self._advertisers: dict[Prefix, list[int]] = {}
        for index, routes in enumerate(approved):
            for route in routes:
                if not route.is_default_route:
                    self._advertisers.setdefault(route, []).append(index)
        self.routes: tuple[Prefix, ...] = tuple(sorted(self._advertisers))
        self.extents: tuple[tuple[int, int, int], ...] = tuple(
            [(each.family, each.first, each.last) for each in self.routes]
        )
        self._sorted = {family: [each for each in self.routes if each.family == family] for family in (4, 6)}
        self._lengths = {family: sorted({each.bits for each in self._sorted[family]}) for family in (4, 6)}

    @cached_property
    def addresses(self) -> IpSet:
        """All that the routes hold."""
        return IpSet.from_intervals(self.extents)

    def overlapping(self, prefix: Prefix) -> list[Prefix]:
        """Give the distinct routes that share an address with the prefix: those that cover it, then those inside it.

        Cost: O(distinct route lengths + log routes + found).
        """
        family, found = prefix.family, []
        for bits in self._lengths[family]:
            if bits >= prefix.bits:
                break
            above = prefix.widened(bits)
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
