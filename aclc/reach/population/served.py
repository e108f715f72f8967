"""What the routers of a population serve: few addresses that stand for every subnet route there could be.

A destination that touches a subnet route opens there what it holds, so what matters of a route is which literals touch
it. One address for each way in which literals lie inside each other is enough: a wider route is touched by more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.net import WIDTH, WILDCARD, IpSet, Prefix
from aclc.reach.population.vocabulary import minimal, signatures

EVERYWHERE = IpSet.everything()
OUTSIDE = EVERYWHERE - WILDCARD

UNNAMED = (Prefix(4, 0xCB007100, 24), Prefix(6, 0x20010DB8 << 96, 32))
"""Addresses outside that nobody names, if nobody does: documentation networks, which no policy has a reason to name."""

MOST_PIECES = 5_000


def unnamed(literals: Sequence[Prefix]) -> tuple[Prefix, ...]:
    """Give addresses outside that as few literals name as can be: others are named by these literals and more."""
    found: list[Prefix] = []
    for family, nice in zip((4, 6), UNNAMED, strict=True):
        named = signatures(family, literals, OUTSIDE)
        for signature in minimal(named):
            if named[signature].covers(nice):
                found.append(nice)
            else:
                first, last = max(named[signature].family(family), key=lambda each: each[1] - each[0])
                found.append(Prefix(family, (first + last) // 2, WIDTH[family]))
    return tuple(found)


def stood_for(literals: Sequence[Prefix]) -> Iterator[tuple[Prefix, IpSet]]:
    """Give the addresses that stand for others, and which they stand for; an empty set: whatever nobody names."""
    named = IpSet.of(*literals)
    yield from ((prefix, IpSet()) for prefix in unnamed(literals))
    for prefix in inside(literals):
        rooms = signatures(prefix.family, literals, WILDCARD).values() if named.covers(prefix) else ()
        yield prefix, next((room for room in rooms if room.covers(prefix)), IpSet())


def outside(prefix: Prefix) -> Iterable[Prefix]:
    """Give a prefix without the tailnet's own ranges; whole where it can be, so that its ends stay known."""
    inside = IpSet.of(prefix) & WILDCARD
    return (IpSet.of(prefix) - inside).prefixes() if inside else (prefix,)


def inside(literals: Sequence[Prefix]) -> Iterator[Prefix]:
    """Give routes within the tailnet's own ranges: two addresses for each set of literals that names some of them,
    one where there is one only. Whoever has the one may send to the other.

    The last ones, since nodes take the first ones.
    """
    for family in (4, 6):
        for room in signatures(family, literals, WILDCARD).values():
            blocks = list(room.prefixes())
            wide = [each for each in blocks if not each.is_single]
            if wide:
                yield Prefix(family, wide[-1].last - 1, WIDTH[family] - 1)
            else:
                yield from blocks[-2:]


def beside_exits(destinations: Sequence[Prefix], routers: int) -> tuple[Prefix, ...] | None:
    """Give subnets that exit nodes shall serve too: a destination that touches the subnet opens all of itself there.

    That tells `10.0.0.0/15` from its two halves. One subnet for each way in which destinations lie inside each other is
    enough. None where those are too many for so many routers.
    """
    wanted: list[Prefix] = []
    pieces = 0
    for family in (4, 6):
        named = signatures(family, destinations, EVERYWHERE)
        parts: dict[Prefix, int] = {}
        for signature in named:
            for literal in signature:
                parts[literal] = parts.get(literal, 0) + 1
        for signature, room in named.items():
            widest = max((parts[literal] for literal in signature), default=1)
            if widest > 1:
                beyond = room & OUTSIDE or room
                wanted.append(next(iter(beyond.prefixes())))  # any one: what matters is who names it
                pieces += widest
    return tuple(wanted) if pieces * routers <= MOST_PIECES else None
