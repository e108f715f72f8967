"""The addresses of nodes as endpoints of both sides of a space: numbered by shifting."""

from __future__ import annotations

from collections.abc import Sequence

from aclc.net import LAST, Address, IpSet
from aclc.resolve.addresses import AddressIndex
from aclc.resolve.node_sets import node_set


class OwnAddresses:
    """Number i is the first IPv4 address of node i, number N + i its first IPv6 address (N nodes); further ones follow.

    A number whose node lacks the family is in no set. Two nodes may have one address: in a population that stands for
    every tailnet they are alternatives.

    `four`, `six`, `all`: sets of numbers. `further`: (node, address) of the numbers from 2 N on. `end`: the first
    number that is free. `span`: from the lowest to the highest address of each family.
    """

    __slots__ = ("_further_at", "_index", "all", "count", "end", "four", "further", "of", "six", "span")

    def __init__(self, of: Sequence[Sequence[Address]], index: AddressIndex) -> None:
        """Take the addresses of each node, and the index of the same addresses."""
        self.of = of
        self.count = count = len(of)
        self.further: list[tuple[int, Address]] = []
        self._index = index
        self.span = index.span
        self._further_at: dict[tuple[int, int], int] = {}
        sets: dict[int, int] = {}
        for family in (4, 6):
            nodes = index.within(family, 0, LAST[family])
            sets[family] = node_set(nodes)
            if len(nodes) != sets[family].bit_count():
                self._number_further(family)
        self.four, self.six = sets[4], sets[6] << count
        for number, (_, address) in enumerate(self.further, 2 * count):
            if address.family == 4:
                self.four |= 1 << number
            else:
                self.six |= 1 << number
        self.all = self.four | self.six
        self.end = 2 * count + len(self.further)

    def _number_further(self, family: int) -> None:
        """Give numbers to second addresses of one family, in node order."""
        for node, own in enumerate(self.of):
            mine = [address for address in own if address.family == family]
            for address in mine[1:]:
                self._further_at[node, address.value] = 2 * self.count + len(self.further)
                self.further.append((node, address))

    def address(self, number: int) -> tuple[int, Address]:
        """Give the node and the address of a number in `all`."""
        count = self.count
        if number >= 2 * count:
            return self.further[number - 2 * count]
        node, family = (number, 4) if number < count else (number - count, 6)
        return node, next(each for each in self.of[node] if each.family == family)

    def within(self, family: int, first: int, last: int) -> list[int]:
        """Give the numbers of addresses inside an interval, in any order."""
        shift = 0 if family == 4 else self.count
        if not self.further:
            nodes = self._index.within(family, first, last)
            return [node + shift for node in nodes] if shift else nodes
        return [
            self._further_at.get((node, value), node + shift)
            for node, value in self._index.entries(family, first, last)
        ]

    def within_set(self, addresses: IpSet) -> int:
        """Give the numbers of addresses inside a set."""
        found = 0
        for family, whole in ((4, self.four), (6, self.six)):
            span = self.span.family(family)
            inside = (addresses & self.span).family(family)
            if inside == span:
                found |= whole
            else:
                found |= node_set([number for each in inside for number in self.within(family, *each)])
        return found

    def fills(self, family: int, first: int, last: int) -> bool:
        """Tell whether every address of an interval is that of some node."""
        return self._index.has_all(family, first, last)

    def of_nodes(self, nodes: int) -> int:
        """Give the addresses of a set of nodes."""
        found = (nodes | nodes << self.count) & self.all
        for number, (node, _) in enumerate(self.further, 2 * self.count):
            found |= (nodes >> node & 1) << number
        return found

    def nodes_in(self, numbers: int) -> int:
        """Give the nodes that a set of numbers belongs to; numbers beyond `end` do not count."""
        everyone = (1 << self.count) - 1
        nodes = numbers & everyone | numbers >> self.count & everyone
        for number, (node, _) in enumerate(self.further, 2 * self.count):
            nodes |= (numbers >> number & 1) << node
        return nodes


def own_addresses(policies: Sequence[tuple[Sequence[Sequence[Address]], AddressIndex]]) -> OwnAddresses:
    """Give the addresses that nodes have under any of the policies: one of them may take IPv4 away."""
    of, index = policies[0]
    if any(other != of for other, _ in policies[1:]):
        everyone = zip(*(each for each, _ in policies), strict=True)
        of = [tuple(dict.fromkeys(address for own in views for address in own)) for views in everyone]
        index = AddressIndex(of)
    return OwnAddresses(of, index)
