"""Sets of services: union, common part and inclusion are those of the packets they stand for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.reach.graph.service_sets import PING, Services, common, covers, union

HIGHEST = 12


@st.composite
def sets(draw: st.DrawFn) -> Services:
    """Give services of three protocols on few ports, so that they often touch."""
    pairs = st.tuples(st.sampled_from([6, 17, 47]), st.integers(0, HIGHEST), st.integers(0, HIGHEST))
    return union((protocol, min(a, b), max(a, b)) for protocol, a, b in draw(st.lists(pairs, max_size=4)))


def packets(services: Services) -> set[tuple[int, int]]:
    return {(protocol, port) for protocol, first, last in services if protocol != 1 for port in range(first, last + 1)}


@given(sets(), sets())
def test_union_opens_what_either_opens(one: Services, other: Services) -> None:
    assert packets(one) | packets(other) == packets(union((*one, *other)))


@given(sets(), sets())
def test_common_opens_what_both_open(one: Services, other: Services) -> None:
    assert packets(one) & packets(other) == packets(common(one, other))


@given(sets(), sets())
def test_covers_means_that_nothing_is_missing(one: Services, other: Services) -> None:
    assert (packets(other) <= packets(one)) == covers(one, other)


def test_nothing_but_ping_is_said_as_ping() -> None:
    assert PING == union([])
    assert PING == common(((6, 1, 1),), ((6, 2, 2),))
