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
