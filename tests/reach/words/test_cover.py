"""Covering by few sets: the fast way = the plain one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.reach.words.cover import greedy_cover


def plain(wanted: int, sets: list[int]) -> tuple[list[int], int]:
    """Take the set that adds most, of equals the first, until none adds anything."""
    chosen: list[int] = []
    while wanted:
        adds = [(each & wanted).bit_count() for each in sets]
        if not any(adds):
            break
        chosen.append(adds.index(max(adds)))
        wanted &= ~sets[chosen[-1]]
    return chosen, wanted


@given(st.integers(0, 2**24 - 1), st.lists(st.integers(0, 2**24 - 1), max_size=12))
def test_the_fast_way_takes_what_the_plain_one_takes(wanted: int, sets: list[int]) -> None:
    assert plain(wanted, sets) == greedy_cover(wanted, sets)


def test_of_equals_the_first_is_taken() -> None:
    assert ([1], 0) == greedy_cover(0b11, [0b01, 0b11, 0b11])


def test_what_nothing_holds_is_left() -> None:
    assert ([0], 0b100) == greedy_cover(0b111, [0b011, 0b010])
    assert ([], 0b1) == greedy_cover(0b1, [])
    assert ([], 0) == greedy_cover(0, [0b1])
