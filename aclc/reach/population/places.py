"""Where in the tailnet's own address ranges a node may live, as far as literals can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from aclc.net import VIA6, WILDCARD, Address, IpSet, Prefix
from aclc.reach.population.vocabulary import minimal, signatures

HOMES = WILDCARD - IpSet.of(VIA6)
"""The addresses that nodes may have."""


class Places:
    """The parts of these ranges that the same literals name. A place is a number; it has room in both families.

    `least`: places that no other place is named less than; between them they stand for all (mostly one: addresses that
    no literal names). `special`: the others, each named by some literal.
    """

    __slots__ = ("_every", "_named", "_rooms", "_taken", "_taken_pairs", "least", "special")

    def __init__(self, literals: Sequence[Prefix]) -> None:
        named = {family: signatures(family, literals, HOMES) for family in (4, 6)}
        least = {family: minimal(found) for family, found in named.items()}
        self._every = {family: list(found.values()) for family, found in named.items()}
        self._taken_pairs = 0
        self._named: list[frozenset[Prefix]] = []
        self._rooms: list[tuple[IpSet, IpSet]] = []
        self._taken: list[int] = []
        for at in range(max(len(least[4]), len(least[6]))):
            four, six = least[4][at % len(least[4])], least[6][at % len(least[6])]
            self._add(four | six, named[4][four], named[6][six])
        self.least: Sequence[int] = range(len(self._rooms))
        home = least[4][0], least[6][0]
        for family in (4, 6):
            for signature, room in named[family].items():
                if signature not in least[family]:
                    rooms = (room, named[6][home[1]]) if family == 4 else (named[4][home[0]], room)
                    self._add(signature | home[1 if family == 4 else 0], *rooms)
        self.special: Sequence[int] = range(len(self.least), len(self._rooms))

    def _add(self, named: frozenset[Prefix], four: IpSet, six: IpSet) -> None:
        self._named.append(named)
        self._rooms.append((four, six))
        self._taken.append(0)

    def literals_at(self, place: int) -> frozenset[Prefix]:
        """Give the literals that name a place."""
        return self._named[place]

    @property
    def pairs_count(self) -> int:
        """How many `pairs` there are."""
        return len(self._every[4]) * len(self._every[6])

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Give each way to stand to the literals of IPv4 with each way to stand to those of IPv6."""
        return product(range(len(self._every[4])), range(len(self._every[6])))

    def take_pair(self, four: int, six: int) -> tuple[Address, Address]:
        """Give an IPv4 and an IPv6 address of a pair, away from those that `take` gives where there is room."""
        self._taken_pairs += 1
        return _nth(4, self._every[4][four], -1 - self._taken_pairs), _nth(
            6, self._every[6][six], -1 - self._taken_pairs
        )

    def take(self, place: int) -> tuple[Address, Address]:
        """Give the next IPv4 and IPv6 address there; a full room begins anew, so that nodes stand for alternatives."""
        number = self._taken[place]
        self._taken[place] += 1
        four, six = self._rooms[place]
        return _nth(4, four, number), _nth(6, six, number)

    def free(self, taken: IpSet) -> Iterator[tuple[Address, Address]]:
        """Give IPv4 and IPv6 addresses that are not taken, each once, where the fewest literals name them first; ends
        where one of the families has no more."""

        def of_family(family: int) -> Iterator[Address]:
            rooms = dict.fromkeys(four if family == 4 else six for four, six in self._rooms)
            for room in rooms:
                for first, last in (room - taken).family(family):
                    yield from (Address(family, value) for value in range(first, last + 1))

        # WHY not strict: one of the families has room for more.
        return zip(of_family(4), of_family(6), strict=False)


def _nth(family: int, room: IpSet, number: int) -> Address:
    sizes = [last - first + 1 for first, last in room.family(family)]
    number %= sum(sizes)
    for (first, _), size in zip(room.family(family), sizes, strict=True):
        if number < size:
            return Address(family, first + number)
        number -= size
    raise AssertionError("a room is never empty")
