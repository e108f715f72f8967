"""Sets of nodes as Python integers: bit i stands for `tailnet.nodes[i]`.

Union, intersection and membership are the integer operators; here is only the way in and out.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress, count

_BITS_OF_DIGITS = bytes.maketrans(b"01", b"\0\1")
_BITS_OF_OCTET = [tuple(bit for bit in range(8) if octet >> bit & 1) for octet in range(256)]
_FEW = 4
"""Up to so many members, taking one out after the other is fastest."""


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
    """Give the indices in a set, ascending. Cost: O(highest index / 8 + count).

    >>> indices_of(9)
    [0, 3]
    """
    members = nodes.bit_count()
    if members > nodes.bit_length() >> 3:
        return list(compress(count(), _bits(nodes)))
    found = []
    if members > _FEW:
        octets = nodes.to_bytes((nodes.bit_length() + 7) >> 3, "little")
        for at in compress(count(), octets):
            first = at << 3
            for bit in _BITS_OF_OCTET[octets[at]]:
                found.append(first + bit)  # noqa: PERF401  # a comprehension for one or two bits costs more
        return found
    while nodes:
        lowest = nodes & -nodes
        found.append(lowest.bit_length() - 1)
        nodes ^= lowest
    return found


def _bits(nodes: int) -> bytes:
    """Give one octet, 0 or 1, per index from 0 to the highest in the set."""
    return bin(nodes)[:1:-1].encode().translate(_BITS_OF_DIGITS)
