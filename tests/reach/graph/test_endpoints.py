"""Endpoints by address, and what lies behind routers: those with the same routes are looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.net import Address, IpSet, Prefix, parse_address, parse_prefix
from aclc.reach.graph.endpoints import _Behind
from aclc.resolve.node_sets import indices_of
from tests.properties.oracle import World
from tests.properties.strategies import of_worlds, worlds
from tests.reach.engine import view_of

T = TypeVar("T")


def prefix(text: str) -> Prefix:
    found = parse_prefix(text)
    assert found is not None
    return found


def address(text: str) -> Address:
    found = parse_address(text)
    assert found is not None
    return found


ROUTES = [
    prefix(text)
    for text in (
        "10.0.0.0/24",
        "10.0.0.64/26",
        "100.100.0.0/16",
        "8.8.8.0/24",
        "fd7a:115c:a1e0:1::/64",
        "0.0.0.0/0",
        "::/0",
    )
]
OWN = [
    address(text)
    for text in (
        "100.64.0.1",
        "100.100.3.4",
        "10.0.0.70",
        "8.8.8.8",
        "fd7a:115c:a1e0::1",
        "fd7a:115c:a1e0:1::9",
        "2001::5",
    )
]
EXTENTS = [
    (4, 0x0A000040, 0x0A000047),
    (4, 0x08080808, 0x08080808),
    (4, 0x64400000, 0x644000FF),
    (6, 0x2001 << 112, (0x2001 << 112) + 9),
]

ASKED = [
    *ROUTES,
    *(
        prefix(text)
        for text in ("100.64.0.0/10", "100.64.0.2/31", "100.64.0.7", "fd7a:115c:a1e0::/48", "10.0.0.0/8", "8.8.8.8")
    ),
]


def some(each: Sequence[T]) -> list[tuple[T, ...]]:
    """Give every choice of none, one and two."""
    return [chosen for count in range(3) for chosen in combinations(each, count)]


@pytest.mark.parametrize("routes", some(ROUTES)[1:], ids=lambda routes: " ".join(route.cidr for route in routes))
def test_a_router_has_behind_it_what_it_would_have_alone(routes: tuple[Prefix, ...]) -> None:
    cuts = {
        family: sorted(at for each, low, high in EXTENTS for at in (low, high + 1) if each == family)
        for family in (4, 6)
    }
    for told_apart in some(EXTENTS):
        behind = _Behind(routes, IpSet.from_intervals(told_apart), cuts)
        for own in some(OWN):
            alone = list(behind._without(IpSet.of(*(each.prefix for each in own))))
            assert alone == list(behind.spans(own))


@of_worlds
@given(
    world=worlds(),
    ends=st.lists(st.tuples(st.sampled_from(ASKED), st.sampled_from(ASKED)), max_size=4),
)
def test_endpoints_are_found_in_a_set_of_addresses(world: World, ends: list[tuple[Prefix, Prefix]]) -> None:
    addresses = IpSet.from_intervals(
        (one.family, one.first, max(one.last, other.last)) for one, other in ends if one.family == other.family
    )
    view = view_of(world)
    for endpoints in (view.sources, view.targets):
        expected = [
            at
            for at, each in enumerate(endpoints)
            if each.family
            and each.kind in {"own", "outside", "route"}
            and any(low <= each.first and each.last <= high for low, high in addresses.family(each.family))
        ]
        assert expected == indices_of(endpoints.within_set(addresses))
        for extent in addresses.intervals():
            assert endpoints.within(*extent) == endpoints.within_set(IpSet.from_intervals([extent]))
