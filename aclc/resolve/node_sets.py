"""Sets of nodes as Python integers: bit i stands for `tailnet.nodes[i]`.

Union, intersection and membership are the integer operators; here is only the way in and out.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress, count

_BITS_OF_DIGITS = bytes.maketrans(b"01", b"\0\1")


def node_set(indices: Collection[int]) -> int:
    """Give the set that holds these indices, in any order, repeats allowed. Cost: O(highest index / 8 + count).

    >>> node_set([3, 0, 3])
    9
    """
    if len(indices) < 8:
        nodes = 0
        for index in indices:
            nodes |= 1 << index
        return nodes
    octets = bytearray((max(indices) >> 3) + 1)
    for index in indices:
        octets[index >> 3] |= 1 << (index & 7)
    return int.from_bytes(octets, "little")


def indices_of(nodes: int) -> list[int]:
    """Give the indices in a set, ascending. Cost: O(highest index), or less for very few members.

    >>> indices_of(9)
    [0, 3]
    """
    if nodes.bit_count() > 4 + (nodes.bit_length() >> 9):
        return list(compress(count(), _bits(nodes)))
    found = []
    while nodes:
        lowest = nodes & -nodes
        found.append(lowest.bit_length() - 1)
        nodes ^= lowest
    return found


def _bits(nodes: int) -> bytes:
    """Give one octet, 0 or 1, per index from 0 to the highest in the set."""
    return bin(nodes)[:1:-1].encode().translate(_BITS_OF_DIGITS)
