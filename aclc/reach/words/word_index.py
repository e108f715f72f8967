"""Words looked up by whom they mean: the fewest that make up a set, at a cost that is that of the set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heapreplace

from aclc.reach.graph.membership import Membership, Twins
from aclc.resolve.node_sets import indices_of

Candidate = tuple[str, int]
"""Words, and what they stand for."""


FEW = 200
"""Words up to which each is held against a set by itself."""

Taken = tuple[int, int, int]
"""A word that was taken: how many members it added, negative; its rank; its number."""


class WordIndex:
    """Words in order of preference, numbered; of words that stand for equal sets the first counts.

    Members that the same words mean are of one kind. `texts`, `sets`, `kinds`: what each word says, and stands for;
    which kinds it means. `holders`: the words that mean each kind. `kind_of`: the kind of each member. `numbers`: the
    number of each set.
    """

    __slots__ = ("_sizes", "holders", "kind_of", "kinds", "numbers", "sets", "texts")

    def __init__(self, words: Iterable[Candidate], count: int, shift: int = 0) -> None:
        """Take the words; members are below `count`. Words for nobody are left out.

        `shift`: between the two addresses of a node, which nearly all words mean both or neither; 0: there are no such.
        """
        texts: dict[int, str] = {}
        for text, bits in words:
            if bits:
                texts.setdefault(bits, text)
        self.texts, self.sets = list(texts.values()), list(texts)
        self.numbers = {bits: number for number, bits in enumerate(self.sets)}
        self.holders: list[tuple[int, ...]] = []
        self.kind_of = [0] * count
        self.kinds: list[list[int]] = [[] for _ in self.sets]
        twins = Twins(self.sets, shift)
        membership = Membership([twins.one(each) for each in self.sets])
        for kind, (holders, members) in enumerate(membership.classes(twins.one((1 << count) - 1))):
            self.holders.append(holders)
            for member in twins.listed(members):
                self.kind_of[member] = kind
            for number in holders:
                self.kinds[number].append(kind)
        self._sizes: dict[int, list[int]] = {}

    def sizes(self, mask: int) -> list[int]:
        """Give how many members each word has within a mask."""
        found = self._sizes.get(mask)
        if found is None:
            found = self._sizes[mask] = [(bits & mask).bit_count() for bits in self.sets]
        return found


class Words:
    """Words of an index, and some that are preferred to all of them; all are spoken of by number.

    `sets`, `kinds`, `holders`, `kind_of`: as in the index. Where preferred ones part members of one kind, there are
    kinds besides those of the index.
    """

    __slots__ = ("_first", "_index", "_ranks", "_sizes", "_within", "holders", "kind_of", "kinds", "sets")

    def __init__(self, index: WordIndex, first: Sequence[Candidate] = ()) -> None:
        self._index = index
        self._first: dict[int, str] = {}
        self._ranks: dict[int, int] = {}
        self._sizes: dict[int, list[int]] = {}
        self._within: dict[tuple[int, int], set[int]] = {}
        new: dict[int, int] = {}
        for at, (text, bits) in enumerate(first):
            if bits:
                number = index.numbers.get(bits)
                if number is None:
                    number = new.setdefault(bits, len(index.sets) + len(new))
                if number not in self._first:
                    self._first[number] = text
                    self._ranks[number] = at - len(first)
        self.sets, self.kinds, self.holders, self.kind_of = index.sets, index.kinds, index.holders, index.kind_of
        if new:
            self._add(list(new))

    def _add(self, new: Sequence[int]) -> None:
        """Add sets that are not in the index; their members get kinds of their own."""
        index = self._index
        self.sets = [*index.sets, *new]
        self.kinds = [*index.kinds, *([] for _ in new)]
        self.holders = list(index.holders)
        self.kind_of = list(index.kind_of)
        beyond: dict[int, list[int]] = {}
        for number, bits in enumerate(new, len(index.sets)):
            for member in indices_of(bits):
                beyond.setdefault(member, []).append(number)
        known: dict[tuple[int, ...], int] = {}
        more: dict[int, list[int]] = {}
        for member, numbers in beyond.items():
            before = index.kind_of[member]
            kind = known.get((before, *numbers))
            if kind is None:
                kind = known[before, *numbers] = len(self.holders)
                self.holders.append((*index.holders[before], *numbers))
                for number in self.holders[kind]:
                    more.setdefault(number, []).append(kind)
            self.kind_of[member] = kind
        for number, kinds in more.items():
            self.kinds[number] = [*self.kinds[number], *kinds]

    def text(self, number: int) -> str:
        """Give what a word says."""
        return self._first[number] if number in self._first else self._index.texts[number]

    def rank(self, number: int) -> int:
        """Give where a word stands in the order of preference; lower ranks are preferred."""
        return self._ranks.get(number, number)

    def prefers(self, number: int) -> bool:
        """Tell whether a word is one of the preferred ones."""
        return number in self._first

    def sizes(self, mask: int) -> list[int]:
        """Give how many members each word has within a mask."""
        found = self._sizes.get(mask)
        if found is None:
            known = self._index.sizes(mask)
            new = self.sets[len(known) :]
            found = self._sizes[mask] = [*known, *((bits & mask).bit_count() for bits in new)] if new else known
        return found

    def tally(self, members: Iterable[int]) -> Counter[int]:
        """Give how many of some members are of each kind."""
        return Counter(map(self.kind_of.__getitem__, members))

    def counts(self, tally: Mapping[int, int]) -> dict[int, int]:
        """Give for each word how many of the members it means that were tallied; words that mean none are left out."""
        found: dict[int, int] = {}
        holders = self.holders
        for kind, count in tally.items():
            for number in holders[kind]:
                if number in found:
                    found[number] += count
                else:
                    found[number] = count
        return found

    def within(self, words: Iterable[int], within: int, mask: int) -> set[int]:
        """Give those of some words that mean nobody within a mask but members of a set."""
        numbers = set(words)
        if len(numbers) < FEW:
            outside = mask & ~within
            return {number for number in numbers if not self.sets[number] & outside}
        known = self._within.get((within, mask))
        if known is None:
            counts = self.counts(self.tally(indices_of(within & mask)))
            sizes = self.sizes(mask)
            known = self._within[within, mask] = {number for number, count in counts.items() if count == sizes[number]}
        return numbers & known

    def cover(self, found: int, mask: int, usable: Collection[int] | None = None) -> tuple[list[int], list[int]]:
        """Give which words to take for a set, the widest first, and the members that none of them means.

        Words count as far as they lie in a mask, which holds the set; they mean nobody there but the set. Always the
        word is taken that adds most, of equals the one that is preferred. `usable`: None: any. Cost: that of all words
        that mean a member.
        """
        members = indices_of(found)
        tally = self.tally(members)
        counts = self.counts(tally)
        sizes = self.sizes(mask)
        inside = [number for number, count in counts.items() if count == sizes[number]]
        taken, left = self.greedy(tally, counts, inside if usable is None else filter(usable.__contains__, inside))
        return [number for _, _, number in taken], self.of_kinds(members, left)

    def of_kinds(self, members: Iterable[int], kinds: Collection[int]) -> list[int]:
        """Give those of some members that are of some kinds."""
        return [member for member in members if self.kind_of[member] in kinds] if kinds else []

    def greedy(
        self, tally: Mapping[int, int], counts: dict[int, int], words: Iterable[int], most: int | None = None
    ) -> tuple[list[Taken], dict[int, int]]:
        """Give which of some words to take for members, `most` of them at most, and the kinds that are left.

        `tally`: the members by kind; `counts`: how many of them each word means; used up.
        """
        # INVARIANT: what is taken is sorted: what a word adds never grows.
        ranks, kinds, holders = self._ranks, self.kinds, self.holders
        waiting = [(-counts[number], ranks.get(number, number), number) for number in words]
        heapify(waiting)
        left = dict(tally)
        chosen: list[Taken] = []
        while waiting and left and len(chosen) != most:
            adds, rank, number = waiting[0]
            # INVARIANT: an entry's count is at least what its word still adds, so that an exact one on top is the most.
            if counts[number] != -adds:
                if counts[number]:
                    heapreplace(waiting, (-counts[number], rank, number))
                else:
                    heappop(waiting)
                continue
            chosen.append(heappop(waiting))
            for kind in kinds[number]:
                if kind in left:
                    count = left.pop(kind)
                    for holder in holders[kind]:
                        counts[holder] -= count
        return chosen, left
