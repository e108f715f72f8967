"""Nodes by address and by route."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.net import LAST, Address, Prefix
from aclc.resolve.addresses import AddressIndex, RouteIndex
from aclc.resolve.node_sets import indices_of


@st.composite
def prefixes(draw: st.DrawFn) -> Prefix:
    """Give a prefix of either family among few addresses, so that many overlap."""
    family = draw(st.sampled_from([4, 6]))
    bits = draw(st.integers(0, 8)) + (24 if family == 4 else 120) * draw(st.sampled_from([1, 1, 1, 0]))
    value = draw(st.integers(0, 255)) | (10 << 8)
    return Prefix(family, value & (LAST[family] ^ (LAST[family] >> bits)), bits)


@given(st.lists(st.lists(prefixes(), max_size=3), max_size=6), prefixes())
def test_routes_overlap_as_each_of_them_does(approved: list[list[Prefix]], wanted: Prefix) -> None:
    index = RouteIndex(approved)
    subnets = {route for routes in approved for route in routes if not route.is_default_route}
    assert {route for route in subnets if route.overlaps(wanted)} == set(index.overlapping(wanted))
    expected = [
        at for at, routes in enumerate(approved) if any(r.overlaps(wanted) and not r.is_default_route for r in routes)
    ]
    assert expected == indices_of(index.nodes(wanted))
    assert sorted(subnets) == list(index.routes)


@given(st.lists(st.tuples(st.sampled_from([4, 6]), st.integers(0, 40)), unique=True, max_size=20), prefixes())
def test_addresses_are_found_in_a_prefix(pairs: list[tuple[int, int]], wanted: Prefix) -> None:
    addresses = [Address(family, value | (10 << 8)) for family, value in pairs]
    index = AddressIndex([[each] for each in addresses])
    expected = [at for at, each in enumerate(addresses) if wanted.contains(each)]
    assert expected == sorted(index.within(wanted.family, wanted.first, wanted.last))
    assert list(range(len(addresses))) == [index.owner(each) for each in addresses]
    assert index.owner(Address(4, 1)) is None


@given(
    st.lists(st.lists(st.tuples(st.sampled_from([4, 6]), st.integers(0, 20)), max_size=3), max_size=12),
    st.lists(st.tuples(st.sampled_from([4, 6]), st.integers(0, 21), st.integers(0, 8)), min_size=1, max_size=5),
)
def test_addresses_are_found_in_an_interval_whatever_was_asked_before(
    nodes: list[list[tuple[int, int]]], asked: list[tuple[int, int, int]]
) -> None:
    """A family is sorted when first a part of it is asked for; two nodes may have one address."""
    index = AddressIndex([[Address(family, value) for family, value in own] for own in nodes])
    for family, first, more in asked:
        there = [
            (node, value)
            for node, own in enumerate(nodes)
            for each, value in own
            if each == family and first <= value <= first + more
        ]
        assert sorted(there) == sorted(index.entries(family, first, first + more))
        assert sorted(node for node, _ in there) == sorted(index.within(family, first, first + more))
        assert ({value for _, value in there} == set(range(first, first + more + 1))) == index.has_all(
            family, first, first + more
        )
        owners = [node for node, value in there if value == first]
        assert min(owners, default=None) == index.owner(Address(family, first))
    for family in (4, 6):
        values = [value for own in nodes for each, value in own if each == family]
        assert (((min(values), max(values)),) if values else ()) == index.span.family(family)
