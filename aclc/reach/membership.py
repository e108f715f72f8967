"""Which of many sets hold a member: looked up, whatever the number of sets. Sets of sets are integers, too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from aclc.resolve.node_sets import indices_of, node_set


class Membership:
    """Sets by what they hold; bit *i* of an answer stands for `sets[i]`. Equal sets are looked at once."""

    __slots__ = ("__dict__", "_at", "_sets")

    def __init__(self, sets: Sequence[int]) -> None:
        self._sets = sets
        self._at: dict[int, int] = {}

    @cached_property
    def distinct(self) -> list[tuple[int, int]]:
        """Every distinct set, with the numbers of those that are equal to it."""
        found: dict[int, list[int]] = {}
        for number, each in enumerate(self._sets):
            found.setdefault(each, []).append(number)
        return [(members, node_set(numbers)) for members, numbers in found.items()]

    @cached_property
    def _holders(self) -> dict[int, list[int]]:
        """For each member the positions of the distinct sets that hold it."""
        found: dict[int, list[int]] = {}
        for at, (members, _) in enumerate(self.distinct):
            for member in indices_of(members):
                holders = found.get(member)
                if holders is None:
                    found[member] = [at]
                else:
                    holders.append(at)
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

    def at_ends(self, members: int) -> int:
        """Give the sets that hold the lowest and the highest of some members: only those may hold all of them."""
        if not members:
            return (1 << len(self._sets)) - 1
        return self.at((members & -members).bit_length() - 1) & self.at(members.bit_length() - 1)
