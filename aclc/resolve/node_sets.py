"""Sets of nodes as Python integers: bit i stands for `tailnet.nodes[i]`.

Union, intersection and membership are the integer operators; here is only the way in and out, and the union of many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import compress, count
from struct import unpack

_BITS_OF_DIGITS = bytes.maketrans(b"01", b"\0\1")
_BITS_OF_OCTET = [tuple(bit for bit in range(8) if octet >> bit & 1) for octet in range(256)]
_FEW = 20
"""Up to so many members, taking one out after the other is fastest."""
_MANY = 16
"""From so many members on, a set is put together octet by octet, or bit by bit where most of it is filled."""


def node_set(indices: Collection[int]) -> int:
    """Give the set that holds these indices, in any order, repeats allowed. Cost: O(highest index / 8 + count).

    >>> node_set([3, 0, 3])
    9
    """
    if len(indices) < _MANY:
        nodes = 0
        for index in indices:
            nodes |= 1 << index
        return nodes
    highest = max(indices)
    if highest >> 5 < len(indices):
        digits = bytearray(b"0") * (highest + 1)
        for index in indices:
            digits[index] = 49
        digits.reverse()
        return int(digits, 2)
    octets = bytearray((highest >> 3) + 1)
    for index in indices:
        octets[index >> 3] |= 1 << (index & 7)
    return int.from_bytes(octets, "little")


def union_of(sets: Iterable[int]) -> int:
    """Give what any of some sets holds.

    >>> union_of([1, 4])
    5
    """
    found = 0
    for each in sets:
        found |= each
    return found


def indices_of(nodes: int) -> list[int]:
    """Give the indices in a set, ascending. Cost: O(highest index / 8 + count).

    >>> indices_of(9)
    [0, 3]
    """
    members, length = nodes.bit_count(), nodes.bit_length()
    if members > length >> 3:
        return list(compress(count(), _bits(nodes)))
    found = []
    if members <= _FEW:
        while nodes:
            highest = nodes.bit_length() - 1
            found.append(highest)
            nodes ^= 1 << highest
        found.reverse()
    elif members > length >> 6:
        octets = nodes.to_bytes((length + 7) >> 3, "little")
        for at in compress(count(), octets):
            first = at << 3
            for bit in _BITS_OF_OCTET[octets[at]]:
                found.append(first + bit)  # noqa: PERF401  # a comprehension for one or two bits costs more
    else:
        size = (length + 63) >> 6
        words = unpack(f"<{size}Q", nodes.to_bytes(size << 3, "little"))
        for at in compress(count(), words):
            word, before = words[at], (at << 6) - 1
            while word:
                lowest = word & -word
                found.append(before + lowest.bit_length())
                word ^= lowest
    return found


def _bits(nodes: int) -> bytes:
    """Give one octet, 0 or 1, per index from 0 to the highest in the set."""
    return bin(nodes)[:1:-1].encode().translate(_BITS_OF_DIGITS)
