"""Equal lists of sources are equal values, whatever they were written as."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.filters.sources import SourceTexts
from aclc.net import parse_prefix
from aclc.policy.selectors import parse_selector
from tests.filters.small_tailnets import node, resolved, tailnet

NET = tailnet(
    node("a", "100.64.0.1", "fd7a:115c:a1e0::1", owner="alice@example.com"),
    node("b", "100.64.0.2", owner="bob@example.com"),
    node("c", "100.64.0.3", owner="tag:c", routes=["100.64.0.2/32", "10.0.0.0/8"]),
    node("d", "fd7a:115c:a1e0::4", owner="tag:c"),
)
RESOLVED = resolved(NET, tagOwners={"tag:c": []}, groups={"group:b": ["bob@example.com"]}, acls=[])
TEXTS = SourceTexts(RESOLVED.names)
SELECTORS = [
    "alice@example.com",
    "bob@example.com",
    "group:b",
    "tag:c",
    "100.64.0.1",
    "fd7a:115c:a1e0::1",
    "100.64.0.2",
    "100.64.0.3",
    "100.64.0.2/31",
    "10.0.0.0/8",
    "*",
    "autogroup:member",
    "autogroup:danger-all",
]
lists = st.lists(st.sampled_from(SELECTORS), max_size=5)


@given(lists, lists)
def test_content_decides(left: list[str], right: list[str]) -> None:
    one, other = (
        RESOLVED.source_sets.of(tuple(parse_selector(text) for text in selectors)) for selectors in (left, right)
    )
    assert (TEXTS.write(one) == TEXTS.write(other)) == (one == other)
    assert sorted(set(TEXTS.write(one))) == TEXTS.write(one)
    assert bool(one) == bool(TEXTS.write(one))


@given(lists)
def test_members_are_the_nodes_whose_addresses_are_in(selectors: list[str]) -> None:
    sources = RESOLVED.source_sets.of(tuple(parse_selector(text) for text in selectors))
    addresses = RESOLVED.source_sets.ip_set(sources)
    expected = sum(
        1 << at for at, own in enumerate(RESOLVED.names.addresses) if any(addresses.contains(each) for each in own)
    )
    assert expected == RESOLVED.source_sets.members(sources)
    for text in TEXTS.write(sources):
        prefix = parse_prefix(text)
        assert prefix is None or addresses.covers(prefix)
