"""The shortest words = those that are found by trying every word to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.reach.words.cover import greedy_cover
from aclc.reach.words.short_words import Lexicon, SingleNames, most_exceptions, short_words
from aclc.reach.words.word_index import Candidate, WordIndex, Words
from aclc.resolve.node_sets import indices_of

MEMBERS = 16
FAMILIES = (0b0101_0101_1111_1111, 0b1010_1010_0000_0000)

sets = st.integers(0, (1 << MEMBERS) - 1)
word_lists = st.lists(sets, max_size=9)

Said = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]
"""Words, names, who is excepted, who is unnamed."""


def name(member: int) -> str:
    """Give what a member goes by; two go by one name."""
    return f"n{member // 2 if member < 4 else member}"


def listed(members: Iterable[int], found: int) -> tuple[str, ...]:
    """Name members one by one; the other family is said where the set speaks of one only."""
    note = "" if all(found & each for each in FAMILIES) else " only"
    return tuple(dict.fromkeys(f"{name(member)}{note}" for member in members))


def least_of(bits: int) -> int:
    """Give some members of a set that must be excepted by name."""
    return bits & 0b0011_0011_0011_0011


def trying_everything(
    words: Sequence[Candidate],
    foreign: Sequence[Candidate],
    part: int,
    within: int,
    told: int,
    least: Callable[[int], int] | None,
) -> Said:
    """Give the shortest words: each word in turn begins, and what is shorter than all before is kept."""
    dear = 1 if least is None else 3
    spoken = 0
    for family in FAMILIES:
        spoken |= family & told if part & family else 0
    known = [(text, bits & spoken) for text, bits in words]
    usable = [(text, bits) for text, bits in known if bits and not bits & ~within]
    known += [(text, bits & spoken) for text, bits in foreign]

    def cover(found: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        speaks = 0
        for family in FAMILIES:
            speaks |= family & told if found & family else 0
        inside = [(text, bits & speaks) for text, bits in usable if bits & speaks and not bits & speaks & ~found]
        taken, left = greedy_cover(found, [bits for _, bits in inside])
        return tuple(inside[each][0] for each in taken), listed(indices_of(left), found)

    best: Said = (*cover(part), (), 0)
    shortest = len(best[0]) + dear * len(best[1])
    most = most_exceptions(len(best[0]) + len(best[1]))
    for text, bits in usable if shortest > 1 else ():
        held = bits & part
        if not held or (held != bits and shortest == 2):
            continue
        others = [each for each in known if not each[1] & held]
        taken, left = greedy_cover(bits & ~part, [each for _, each in others])
        apart = [others[each][0] for each in taken]
        if least is None:
            apart += listed(indices_of(left), left)
            left = 0
        if len(apart) > most or (least is not None and left and least(bits) & left):
            continue
        rest, names = cover(part & ~bits)
        length = 1 + len(apart) + len(rest) + dear * len(names)
        if length < shortest:
            best, shortest = ((text, *rest), names, tuple(apart), left), length
    return best


@given(
    first=word_lists,
    general=word_lists,
    foreign=word_lists,
    part=sets,
    more=sets,
    told=sets | st.just(-1),
    all_named=...,
    few=st.sampled_from([0, 200]),
)
def test_the_search_finds_what_trying_everything_finds(
    first: list[int], general: list[int], foreign: list[int], part: int, more: int, told: int, all_named: bool, few: int
) -> None:
    mine = [(f"mine{at}", bits) for at, bits in enumerate(first)]
    known = [(f"word{at}", bits) for at, bits in enumerate(general)]
    others = [(f"other{at}", bits) for at, bits in enumerate(foreign)]
    part &= told
    within = (part | more) & told
    index = WordIndex([*known, *others], MEMBERS)
    foreign_from = len({bits for _, bits in known if bits})
    words = Words(index, mine)
    least = None if all_named else least_of
    lexicon = Lexicon(
        words,
        SingleNames(listed, len, name, 1 if all_named else 3),
        FAMILIES,
        range(foreign_from, len(index.sets)),
        least,
        told,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aclc.reach.words.word_index.FEW", few)
        found = short_words(lexicon, part, within)
    expected = trying_everything([*mine, *known], others, part, within, told, least)
    assert expected == (tuple(map(words.text, found.words)), found.names, found.apart, found.unnamed)


@given(first=word_lists, general=word_lists, found=sets, mask=sets)
def test_a_cover_is_that_of_the_sets_themselves(first: list[int], general: list[int], found: int, mask: int) -> None:
    mine = [(f"mine{at}", bits) for at, bits in enumerate(first)]
    known = [(f"word{at}", bits) for at, bits in enumerate(general)]
    mask |= found
    words = Words(WordIndex(known, MEMBERS), mine)
    inside = [(text, bits & mask) for text, bits in (*mine, *known) if bits & mask and not bits & mask & ~found]
    taken, left = greedy_cover(found, [bits for _, bits in inside])
    chosen, rest = words.cover(found, mask)
    assert ([inside[each][0] for each in taken], indices_of(left)) == (list(map(words.text, chosen)), rest)
