"""Which of many sets hold a member: looked up, whatever the number of sets. Sets of sets are integers, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from aclc.resolve.node_sets import indices_of, node_set, union_of


class Membership:
    """Sets by what they hold; bit *i* of an answer stands for `sets[i]`. Equal sets are looked at once."""

    __slots__ = ("__dict__", "_at", "_looked_at", "_sets")

    def __init__(self, sets: Sequence[int]) -> None:
        self._sets = sets
        self._at: dict[int, int] = {}
        self._looked_at = 0

    @cached_property
    def distinct(self) -> list[tuple[int, int]]:
        """Every distinct set, with the numbers of those that are equal to it."""
        found: dict[int, list[int]] = {}
        for number, each in enumerate(self._sets):
            found.setdefault(each, []).append(number)
        return [(members, node_set(numbers)) for members, numbers in found.items()]

    @cached_property
    def _holders(self) -> dict[int, list[int]]:
        """For each member of any set the positions of the distinct sets that hold it."""
        held = union_of(members for members, _ in self.distinct)
        found: dict[int, list[int]] = {member: [] for member in indices_of(held)}
        for at, (members, _) in enumerate(self.distinct):
            for member in indices_of(members):
                found[member].append(at)
        return found

    def classes(self, members: int) -> Iterator[tuple[tuple[int, ...], list[int]]]:
        """Give members that the same sets hold, class by class: numbers of the sets, ascending; members. In the order
        of their first members."""
        found = self._alike(members)
        if len(self.distinct) == len(self._sets):
            yield from found.items()
            return
        equal = [indices_of(numbers) for _, numbers in self.distinct]
        for key, alike in found.items():
            yield tuple(sorted(number for at in key for number in equal[at])), alike

    def kinds(self, members: int) -> Iterator[tuple[int, list[int]]]:
        """Give the same classes, the sets of each as one integer."""
        numbers = [each for _, each in self.distinct]
        for key, alike in self._alike(members).items():
            yield union_of(map(numbers.__getitem__, key)), alike

    def _alike(self, members: int) -> dict[tuple[int, ...], list[int]]:
        """Give members by the positions of the distinct sets that hold them."""
        found: dict[tuple[int, ...], list[int]] = {}
        holders = self._holders
        for member in indices_of(members):
            key = tuple(holders.get(member, ()))
            there = found.get(key)
            if there is None:
                found[key] = [member]
            else:
                there.append(member)
        return found

    def at(self, member: int) -> int:
        """Give the sets that hold a member."""
        found = self._at.get(member)
        if found is None:
            found = 0
            for at in self._holders.get(member, ()):
                found |= self.distinct[at][1]
            self._at[member] = found
        return found

    def at_ends(self, members: int, few: int = 0) -> int:
        """Give the sets that hold the lowest and the highest of some members: only those may hold all of them.

        `few`: where no more hold the lowest one, those.
        """
        if not members:
            return (1 << len(self._sets)) - 1
        found = self._at_end((members & -members).bit_length() - 1)
        return found if found.bit_count() <= few else found & self._at_end(members.bit_length() - 1)

    def _at_end(self, member: int) -> int:
        """Give the sets that hold a member: looked through as long as that costs less than to index them all."""
        found = self._at.get(member)
        if found is None and self._looked_at <= self._members:
            self._looked_at += len(self._octets)
            at, bit = member >> 3, 1 << (member & 7)
            found = 0
            for octets, numbers in self._octets:
                if at < len(octets) and octets[at] & bit:
                    found |= numbers
            self._at[member] = found
        return self.at(member) if found is None else found

    @cached_property
    def _octets(self) -> list[tuple[bytes, int]]:
        """The distinct sets as octets, with the numbers of those that are equal."""
        return [(each.to_bytes((each.bit_length() + 7) >> 3, "little"), numbers) for each, numbers in self.distinct]

    @cached_property
    def _members(self) -> int:
        """How many members all distinct sets have together."""
        return sum(each.bit_count() for each, _ in self.distinct)


class Twins:
    """Numbers of which one stands for two, `i` and `i + shift`, because each of some sets holds both or neither: nearly
    all nodes are reached by both of their addresses or by none."""

    __slots__ = ("_alone", "_both", "_shift")

    def __init__(self, sets: Iterable[int], shift: int) -> None:
        apart = union_of(each ^ each >> shift for each in sets)
        self._both = ~apart & (1 << shift) - 1
        self._shift = shift
        self._alone = frozenset(indices_of(apart & (1 << shift) - 1))

    def one(self, members: int) -> int:
        """Give some members without the second of two."""
        return members & ~(self._both << self._shift)

    def listed(self, members: Sequence[int]) -> list[int]:
        """Give some members with the second of two where the first is; those given come first."""
        shift, alone = self._shift, self._alone
        return [*members, *(each + shift for each in members if each < shift and each not in alone)]

    def both(self, members: int) -> int:
        """Give some members with the second of two where the first is."""
        return members | (members & self._both) << self._shift
