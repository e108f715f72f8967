"""WhoIs: which capabilities a source has on a node (reference §5.1)."""

from __future__ import annotations

from typing import Any

from aclc.filters.capabilities import capabilities
from aclc.filters.node_filter import PacketFilters
from tests.filters.small_tailnets import address, grant, node, resolved, tailnet

NET = tailnet(
    node("alice1", "100.64.0.1", "fd7a:115c:a1e0::1", owner="alice@example.com"),
    node("alice2", "100.64.0.2", owner="alice@example.com"),
    node("bob1", "100.64.0.3", "fd7a:115c:a1e0::3", owner="bob@example.com"),
    node("web", "100.64.0.4", "fd7a:115c:a1e0::4", owner="tag:web", routes=["10.33.0.0/16"]),
    node("four", "100.64.0.5", owner="tag:web"),
)
A, B, DRIVE = "example.com/cap/a", "example.com/cap/b", "tailscale.com/cap/drive"


def on(name: str, source: str, *grants: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """Give what WhoIs says on a node about an address."""
    index = [each.name for each in NET.nodes].index(name)
    found = PacketFilters(resolved(NET, grants=list(grants), **sections))
    return dict(capabilities(found, index, address(source)))


def test_values_of_all_rules_are_joined_in_rule_order() -> None:
    grants = [
        grant(["alice@example.com"], ["tag:web"], app={B: [{"n": 1}, {"n": 2}], A: [{}]}),
        grant(["*"], ["*"], app={B: [{"n": 3}]}),
    ]
    found = on("web", "100.64.0.1", *grants)
    assert [(A, [{}]), (B, [{"n": 1}, {"n": 2}, {"n": 3}])] == list(found.items())
    assert {B: [{"n": 3}]} == on("web", "100.64.0.3", *grants)
    assert {B: [{"n": 3}]} == on("bob1", "100.64.0.1", *grants)


def test_an_empty_list_of_values_stays_one() -> None:
    """Capture grant-h2."""
    assert {A: []} == on("web", "100.64.0.1", grant(["*"], ["*"], app={A: []}))


def test_sources_learn_of_the_companion_on_the_node_they_come_from() -> None:
    share = grant(["alice@example.com"], ["tag:web"], app={DRIVE: [{"shares": ["*"]}]})
    assert {DRIVE: [{"shares": ["*"]}]} == on("web", "100.64.0.1", share)
    assert {"tailscale.com/cap/drive-sharer": None} == on("alice1", "100.64.0.4", share)
    assert {} == on("alice1", "100.64.0.2", share)


def test_a_network_rule_gives_no_capability() -> None:
    assert {} == on("web", "100.64.0.1", grant(["*"], ["*"], ["*"]))


def test_self_grants_to_devices_of_the_same_user_alone() -> None:
    own = grant(["autogroup:member"], ["autogroup:self"], app={A: [{}]})
    assert {A: [{}]} == on("alice1", "100.64.0.2", own)
    assert {} == on("alice1", "100.64.0.3", own)
    assert {} == on("web", "100.64.0.1", own)


def test_what_is_behind_a_router_counts_as_a_source_of_any() -> None:
    anything = grant(["*"], ["tag:web"], app={A: [{}]})
    assert {A: [{}]} == on("web", "10.33.1.1", anything)
    assert {} == on("web", "192.0.2.1", anything)
    assert {A: [{}]} == on("web", "192.0.2.1", grant(["autogroup:danger-all"], ["tag:web"], app={A: [{}]}))


def test_a_literal_source_means_its_own_address_family() -> None:
    four = grant(["100.64.0.1"], ["tag:web"], app={A: [{}]})
    assert {A: [{}]} == on("web", "100.64.0.1", four)
    assert {} == on("web", "fd7a:115c:a1e0::1", four)


def test_a_node_without_ipv6_answers_nothing_for_an_ipv6_source() -> None:
    everything = grant(["*"], ["*"], app={A: [{}]})
    assert {A: [{}]} == on("four", "100.64.0.1", everything)
    assert {} == on("four", "fd7a:115c:a1e0::1", everything)


def test_a_literal_destination_must_hold_the_address_that_is_asked() -> None:
    """One that overlaps a route of the node says nothing about the node itself."""
    assert {A: [{}]} == on("web", "100.64.0.1", grant(["*"], ["100.64.0.4"], app={A: [{}]}))
    assert {} == on("web", "fd7a:115c:a1e0::1", grant(["*"], ["100.64.0.4"], app={A: [{}]}))
    assert {} == on("web", "100.64.0.1", grant(["*"], ["10.33.0.0/24"], app={A: [{}]}))
