"""The writer: what it writes loads as the same tailnet."""

from __future__ import annotations

from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from aclc.net import LAST, WIDTH, Address, Prefix
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Node, Role, Tailnet, User
from aclc.tailnet.times import nanoseconds, time_text
from aclc.tailnet.write import tailnet_json

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
ROLES: list[Role] = ["owner", "admin", "it-admin", "network-admin", "billing-admin", "auditor", "member"]


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    family = draw(st.sampled_from((4, 6)))
    return Address(family, draw(st.integers(0, LAST[family])))


@st.composite
def prefixes(draw: st.DrawFn) -> Prefix:
    family = draw(st.sampled_from((4, 6)))
    bits = draw(st.integers(0, WIDTH[family]))
    return Prefix(family, draw(st.integers(0, LAST[family])) & (LAST[family] ^ (LAST[family] >> bits)), bits)


@st.composite
def tailnets(draw: st.DrawFn) -> Tailnet:
    """Give a tailnet without contradictions: what the loader can make."""
    logins = draw(st.lists(TEXTS, max_size=4, unique=True))
    users = tuple(User(login, draw(st.sampled_from(ROLES))) for login in logins)
    names = draw(st.lists(TEXTS, max_size=5, unique=True))
    pool = draw(st.lists(addresses(), min_size=2 * len(names), max_size=2 * len(names), unique=True))
    nodes = []
    for at, name in enumerate(names):
        owner = draw(st.none() | st.sampled_from(logins)) if logins else None
        advertised = tuple(draw(st.lists(prefixes(), max_size=3, unique=True)))
        approved = tuple(route for route in advertised if draw(st.booleans()))
        nodes.append(
            Node(
                name,
                tuple(sorted(pool[2 * at : 2 * at + draw(st.integers(1, 2))], key=lambda each: each.family)),
                draw(st.sampled_from(("", "7", "n1"))),
                draw(st.none() | st.integers(nanoseconds("0001-01-01T00:00:00Z"), nanoseconds("9999-12-31T23:59:59Z"))),
                owner,
                () if owner else tuple(f"tag:{tag}" for tag in draw(st.lists(TEXTS, min_size=1, max_size=2))),
                advertised,
                draw(st.sampled_from((None, approved))),
                draw(st.booleans()),
                MappingProxyType(draw(st.dictionaries(TEXTS, TEXTS | st.booleans() | st.integers(-9, 9), max_size=2))),
                draw(st.booleans()),
                MappingProxyType(draw(st.dictionaries(TEXTS, st.lists(st.integers(), max_size=1), max_size=1))),
            )
        )
    domains = draw(st.lists(TEXTS, max_size=2, unique=True))
    return Tailnet(draw(st.just("") | TEXTS), tuple(domains), users, tuple(nodes))


@given(tailnets())
def test_what_is_written_loads_as_the_same_tailnet(tailnet: Tailnet) -> None:
    outcome = load_tailnet(Source("t.json", tailnet_json(tailnet)))
    assert () == outcome.diagnostics
    assert outcome.value is not None
    assert tailnet == outcome.value._replace(
        users=tuple(user._replace(place=None) for user in outcome.value.users),
        nodes=tuple(node._replace(place=None) for node in outcome.value.nodes),
    )


@given(st.integers(nanoseconds("0001-01-01T00:00:00Z"), nanoseconds("9999-12-31T23:59:59.999999999Z")))
def test_times_are_exact(moment: int) -> None:
    assert moment == nanoseconds(time_text(moment))


def test_times_with_an_offset_and_more_digits_than_count() -> None:
    assert nanoseconds("2026-01-01T00:00:00Z") == nanoseconds("2026-01-01T02:30:00+02:30")
    assert nanoseconds("2026-01-01T00:00:00Z") == nanoseconds("2025-12-31t23:00:00.0000000009-01:00")
    assert None is nanoseconds("2026-01-01T24:00:00Z")


def test_each_node_has_a_line_of_its_own() -> None:
    tailnet = Tailnet("t", (), (User("a@b"),), (Node("n", (Address(4, 1),), user="a@b"), Node("m", (Address(4, 2),))))
    assert """{"schema_version": 1, "tailnet": "t", "domains": [],
 "users": [
  {"login": "a@b", "role": "member"}
 ],
 "nodes": [
  {"name": "n", "user": "a@b", "addresses": ["0.0.0.1"]},
  {"name": "m", "addresses": ["0.0.0.2"]}
 ]}
""" == tailnet_json(tailnet)
