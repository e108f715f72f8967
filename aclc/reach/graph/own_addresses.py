"""The addresses of nodes as endpoints of both sides of a space: numbered by shifting, looked up by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from aclc.net import Address
from aclc.resolve.addresses import AddressIndex
from aclc.resolve.node_sets import node_set


class OwnAddresses:
    """Number i is the first IPv4 address of node i, number N + i its first IPv6 address (N nodes); further ones follow.

    A number whose node lacks the family is in no set. Two nodes may have one address: in a population that stands for
    every tailnet they are alternatives.

    `four`, `six`, `all`: sets of numbers. `further`: (node, address) of the numbers from 2 N on. `end`: the first
    number that is free.
    """

    __slots__ = ("_numbers", "_values", "all", "count", "end", "four", "further", "of", "six")

    def __init__(self, of: Sequence[Sequence[Address]], index: AddressIndex) -> None:
        """Take the addresses of each node, and the index of the same addresses."""
        self.of = of
        self.count = count = len(of)
        self.further: list[tuple[int, Address]] = []
        self._values: dict[int, list[int]] = {}
        self._numbers: dict[int, list[int]] = {}
        sets: dict[int, int] = {}
        for family in (4, 6):
            values, nodes = index.sorted(family)
            sets[family] = node_set(nodes)
            shift = 0 if family == 4 else count
            self._values[family] = values
            self._numbers[family] = [node + shift for node in nodes] if shift else nodes
            if len(nodes) != sets[family].bit_count():
                self._number_further(family, nodes)
        self.four, self.six = sets[4], sets[6] << count
        for number, (_, address) in enumerate(self.further, 2 * count):
            if address.family == 4:
                self.four |= 1 << number
            else:
                self.six |= 1 << number
        self.all = self.four | self.six
        self.end = 2 * count + len(self.further)

    def _number_further(self, family: int, nodes: Sequence[int]) -> None:
        """Give numbers to second addresses of one family, in node order."""
        values = self._values[family]
        numbers = list(self._numbers[family])
        at_value: dict[tuple[int, int], int] = {
            (node, value): at for at, (node, value) in enumerate(zip(nodes, values, strict=True))
        }
        for node, own in enumerate(self.of):
            mine = [address for address in own if address.family == family]
            for address in mine[1:]:
                numbers[at_value[node, address.value]] = 2 * self.count + len(self.further)
                self.further.append((node, address))
        self._numbers[family] = numbers

    def address(self, number: int) -> tuple[int, Address]:
        """Give the node and the address of a number in `all`."""
        count = self.count
        if number >= 2 * count:
            return self.further[number - 2 * count]
        node, family = (number, 4) if number < count else (number - count, 6)
        return node, next(each for each in self.of[node] if each.family == family)

    def within(self, family: int, first: int, last: int) -> list[int]:
        """Give the numbers of addresses inside an interval, in address order."""
        values = self._values[family]
        return self._numbers[family][bisect_left(values, first) : bisect_right(values, last)]

    def distinct(self, family: int, first: int, last: int) -> int:
        """Count the addresses inside an interval; one that two nodes have counts once."""
        values = self._values[family]
        return len(set(values[bisect_left(values, first) : bisect_right(values, last)]))

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
