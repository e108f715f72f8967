"""The shortest words for a set: whole words and single names, or one word with exceptions and what it leaves.

Any word may be the one to begin with. Few are tried: from members of whom no word means two it is known what the rest
takes at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import chain, islice
from math import inf

from aclc.reach.words.word_index import Taken, Words
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set

MOST_EXCEPTIONS, MORE_EXCEPTIONS = 3, 12
"""Exceptions that one word may have at most, and where words without any would be very long."""

LONG = 8
"""Words and names beyond which more of them are better than none."""

MOST_TRIED = 100
"""Words with which the search begins at most, those first that promise most."""

NEAR = 8
"""Members of a word that are looked at for one that may stand for it."""


class Short(NamedTuple):
    """A set in words: `words` by number, `names` one by one. `apart`: who is excepted from the first word. `unnamed`:
    members that the words mean besides the set, and that have no name."""

    words: tuple[int, ...]
    names: tuple[str, ...]
    apart: tuple[str, ...] = ()
    unnamed: int = 0


class SingleNames(NamedTuple):
    """How members are named one by one.

    `listed`: some members of a set. `counted`: how many names readers see of those. `one`: what all members have in
    common that go by one name. `dear`: how many words a name counts as.
    """

    listed: Callable[[Iterable[int], int], tuple[str, ...]]
    counted: Callable[[tuple[str, ...]], int]
    one: Callable[[int], str]
    dear: int


class Lexicon(NamedTuple):
    """What may be said. Words are taken in the `families` that a part speaks of, as far as they speak of those who are
    `told`.

    `foreign`: words of the index that only except. `least_of`: None where everybody has a
    name; else gives the members of a word who must be excepted by name: the others may be left out without a word.
    """

    words: Words
    names: SingleNames
    families: Sequence[int]
    foreign: range
    least_of: Callable[[int], int] | None
    told: int = -1

    def mask(self, part: int) -> int:
        """Give whom words speak of where this part is meant."""
        spoken = 0
        for family in self.families:
            spoken |= family if part & family else 0
        return spoken & self.told


def short_words(lexicon: Lexicon, part: int, within: int) -> Short:
    """Give the shortest words for a part of a set; they mean nobody outside of the set (`within`) but `unnamed`.

    Of equals those without exceptions, else those that begin with the word that is preferred. Cost: that of all words
    that mean a member of the part, once for each word that is tried.
    """
    search = _Search(lexicon, part, within)
    shortest, plain = search.plainly()
    search.most_apart = most_exceptions(len(plain.words) + lexicon.names.counted(plain.names))
    if shortest <= 1:
        return plain
    waiting = search.beginnings(shortest)
    heapify(waiting)
    excepted: dict[int, tuple[tuple[str, ...], int]] = {}
    best: tuple[int, float, int | None] = (shortest, -inf, None)
    tried = 0
    # INVARIANT: no words that begin with a waiting one are shorter than its bound.
    while waiting and waiting[0][:2] < best[:2] and tried < MOST_TRIED:
        _, rank, number = heappop(waiting)
        if number in excepted:
            tried += 1
            length = search.length(number, len(excepted[number][0]), best[0])
            best = (length, rank, number) if (length, rank) < best[:2] else best
            continue
        apart = search.excepted(number)
        if apart is not None:
            excepted[number] = apart
            heappush(waiting, (search.at_least(number, len(apart[0])), rank, number))
    first = best[2]
    return plain if first is None else search.begun(first, *excepted[first])


def most_exceptions(count: int) -> int:
    """Give how many exceptions a word may have where that many words and names are needed without any."""
    return min(count * 2 // 3, MORE_EXCEPTIONS) if count > LONG else MOST_EXCEPTIONS


class _Search:
    """One search. `most_apart`: how many exceptions a word may have."""

    most_apart = MOST_EXCEPTIONS

    def __init__(self, lexicon: Lexicon, part: int, within: int) -> None:
        self._lexicon = lexicon
        self._words = words = lexicon.words
        self._names = lexicon.names
        self._part = part
        self._mask = lexicon.mask(part)
        self._members = indices_of(part)
        self._tally = words.tally(self._members)
        self._counts = words.counts(self._tally)
        self._smallest = min((part & each).bit_count() for each in lexicon.families if part & each) if part else 0
        self._sizes = words.sizes(self._mask)
        self._usable = {
            number
            for number in self._words.within(self._counts, within, self._mask)
            if number not in lexicon.foreign or words.prefers(number)
        }
        # Words that mean nobody but members of the part; those who share no member with another one are taken in any
        # case. The kinds of these, and of which such words the others are.
        self._inside = {number for number in self._usable if self._counts[number] == self._sizes[number]}
        meant = Counter(chain.from_iterable(map(words.kinds.__getitem__, self._inside)))
        together = {kind for kind, count in meant.items() if count > 1 and kind in self._tally}
        self._alone = {number for number in self._inside if together.isdisjoint(words.kinds[number])}
        self._alone_at = {kind: number for number in self._alone for kind in words.kinds[number] if kind in self._tally}
        self._not_alone = {kind: count for kind, count in self._tally.items() if kind not in self._alone_at}
        self._inside_at = {kind: self._inside.intersection(words.holders[kind]) for kind in self._not_alone}
        self._taken_alone = sorted((-self._counts[each], words.rank(each), each) for each in self._alone)
        self._standing: Counter[int] = Counter()
        self._stand = 0

    def plainly(self) -> tuple[int, Short]:
        """Give the words that need no exception, and their length."""
        able = self._inside - self._alone
        taken, kinds = self._words.greedy(self._not_alone, self._counts.copy(), able)
        left = self._words.of_kinds(self._members, kinds)
        names = self._names.listed(left, self._part)
        self._choose([number for _, _, number in taken], left)
        order = tuple(number for _, _, number in sorted([*self._taken_alone, *taken]))
        return len(order) + self._names.dear * len(names), Short(order, names)

    def _choose(self, taken: Sequence[int], left: Iterable[int]) -> None:
        """Choose members so that no word and no name means two of them: each needs one of its own."""
        words = self._words
        of_kind = dict(zip(map(words.kind_of.__getitem__, self._members), self._members, strict=True))
        held: set[int] = set()
        named: set[str] = set()
        chosen: list[int] = []
        for number in reversed(taken):
            for kind in islice(filter(of_kind.__contains__, words.kinds[number]), NEAR):
                mine = self._inside_at[kind]
                if held.isdisjoint(mine) and (name := self._names.one(of_kind[kind])) not in named:
                    held |= mine
                    named.add(name)
                    chosen.append(kind)
                    break
        for kind in {number: kind for kind, number in self._alone_at.items()}.values():
            name = self._names.one(of_kind[kind])
            if name not in named:
                named.add(name)
                chosen.append(kind)
        self._stand = len(chosen)
        for member in left:
            kind = words.kind_of[member]
            mine = self._inside_at[kind]
            name = self._names.one(member)
            if held.isdisjoint(mine) and name not in named:
                held |= mine
                named.add(name)
                length = 1 if mine else self._names.dear
                self._stand += length
                chosen += [kind] * length
        self._standing = Counter(chain.from_iterable(map(words.holders.__getitem__, chosen)))

    def beginnings(self, shorter_than: int) -> list[tuple[int, float, int]]:
        """Give the words that may begin shorter ones: the least length of all that begin with each, its rank, its
        number. What is taken in any case makes nothing shorter."""
        at_least = ((self.at_least(number, 0), number) for number in self._usable - self._alone)
        return [(length, self._words.rank(number), number) for length, number in at_least if length < shorter_than]

    def at_least(self, number: int, apart: int) -> int:
        """Give the least length of words that begin with a word from which so many are excepted."""
        rest = 0
        if self._counts[number] < self._smallest or self._keeps_families(number):
            rest = self._stand - self._standing.get(number, 0)
        if number in self._inside:
            return 1 + rest
        return max(1 + max(apart, self._lexicon.least_of is None) + rest, 2)

    def _keeps_families(self, number: int) -> bool:
        """Tell whether what a word leaves speaks of all the families that the part speaks of, so that words mean the
        same for both."""
        return self._lexicon.mask(self._part & ~self._words.sets[number]) == self._mask

    def excepted(self, number: int) -> tuple[tuple[str, ...], int] | None:
        """Give the names of those whom a word means besides the part, and who of them has no name; None where they
        cannot be left out, or the names are too many to say."""
        meant = self._words.sets[number] & self._mask
        missing = indices_of(meant & ~self._part)
        if not missing:
            return (), 0
        held = meant & self._part
        known: dict[int, bool] = {}

        def excepts(other: int) -> bool:
            found = known.get(other)
            if found is None:
                found = known[other] = not self._words.sets[other] & held
            return found

        if self._are_too_many(missing, excepts):
            return None
        tally = self._words.tally(missing)
        counts = self._words.counts(tally)
        taken, kinds = self._words.greedy(tally, counts, list(filter(excepts, counts)), self.most_apart + 1)
        left = self._words.of_kinds(missing, kinds)
        names = [self._words.text(number) for _, _, number in taken]
        unnamed = node_set(left)
        least_of = self._lexicon.least_of
        if least_of is None:
            names += self._names.listed(left, unnamed)
            unnamed = 0
        if len(names) > self.most_apart or (least_of is not None and unnamed and least_of(meant) & unnamed):
            return None
        return tuple(names), unnamed

    def _are_too_many(self, missing: Iterable[int], excepts: Callable[[int], bool]) -> bool:
        """Tell whether there are more members than may be excepted of whom no word and no name means two."""
        held: set[int] = set()
        named: set[str] = set()
        for member in missing:
            mine = list(filter(excepts, self._words.holders[self._words.kind_of[member]]))
            # WHY: where not everybody needs a name, only words count.
            if not held.isdisjoint(mine) or not (mine or self._lexicon.least_of is None):
                continue
            name = self._names.one(member)
            if name not in named:
                held.update(mine)
                named.add(name)
                if len(named) > self.most_apart:
                    return True
        return False

    def length(self, number: int, apart: int, most: int) -> int:
        """Give the length of the words that begin with a word, from which so many are excepted; or more than `most`."""
        taken, touched, kinds = self._rest(number)
        length = 1 + apart + len(taken) + len(self._alone) - len(self._alone & touched)
        if kinds and length + self._names.dear <= most:
            length += self._names.dear * len(self._named(number, kinds))
        elif kinds:
            length += self._names.dear
        return length if number in self._inside else max(length, 2)

    def begun(self, number: int, apart: tuple[str, ...], unnamed: int) -> Short:
        """Give the words that begin with a word, from which some are excepted."""
        taken, touched, kinds = self._rest(number)
        order = sorted([*taken, *(each for each in self._taken_alone if each[2] not in touched)])
        return Short((number, *(each for _, _, each in order)), self._named(number, kinds), apart, unnamed)

    def _named(self, number: int, kinds: Collection[int]) -> tuple[str, ...]:
        """Name the members of some kinds that a word leaves of the part."""
        rest = self._part & ~self._words.sets[number]
        return self._names.listed(self._words.of_kinds(indices_of(rest), kinds), rest) if kinds else ()

    def _rest(self, number: int) -> tuple[list[Taken], set[int], Collection[int]]:
        """Give what covers what a word leaves of the part: the words that are taken, which of those that are taken in
        any case are not after all, and the kinds that no word means."""
        words = self._words
        if not self._keeps_families(number):
            rest = self._part & ~words.sets[number]
            tally: dict[int, int] = words.tally(indices_of(rest))
            counts = words.counts(tally)
            sizes = words.sizes(self._lexicon.mask(rest))
            able = {each for each in self._usable if counts.get(each) == sizes[each]}
            taken, kinds = words.greedy(tally, counts, able)
            return taken, self._alone, kinds
        gone = set(words.kinds[number])
        touched = {self._alone_at[kind] for kind in gone if kind in self._alone_at}
        touched.update(*(self._inside_at[kind] for kind in gone if kind in self._inside_at))
        tally = {kind: count for kind, count in self._not_alone.items() if kind not in gone}
        for other in touched & self._alone:
            for kind in words.kinds[other]:
                if kind in self._tally and kind not in gone:
                    tally[kind] = self._tally[kind]
        counts = words.counts(tally)
        able = {each for each in counts if each in self._inside and each not in touched}
        taken, kinds = words.greedy(tally, counts, able)
        return taken, touched, kinds
