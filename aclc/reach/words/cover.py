"""Covering a set by few others: the widest first, always the one that adds most."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush


def greedy_cover(wanted: int, sets: Sequence[int], most: int | None = None) -> tuple[list[int], int]:
    """Give which sets to take, by number and `most` of them at most, and what of `wanted` none of them holds.

    Each time the set is taken that adds most, of equals the first. Members outside of `wanted` do not count. Cost: a
    set is counted anew only where it may still be the best: what a set adds never grows.

    >>> greedy_cover(0b1111, [0b0001, 0b0111, 0b0110, 0b1001])
    ([1, 3], 0)
    """
    # INVARIANT: an entry's count is at least what its set still adds, so that an exact one on top is the most, and of
    # equals the first: whatever comes before it was counted anew and put back.
    waiting = [(-(bits & wanted).bit_count(), number) for number, bits in enumerate(sets)]
    heapify(waiting)
    chosen: list[int] = []
    left = wanted
    while waiting and left and len(chosen) != most:
        at_most, number = heappop(waiting)
        adds = (sets[number] & left).bit_count()
        if adds == -at_most:
            if not adds:
                break
            chosen.append(number)
            left &= ~sets[number]
        elif adds:
            heappush(waiting, (-adds, number))
    return chosen, left
