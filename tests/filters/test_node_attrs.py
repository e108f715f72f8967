"""Capabilities that the policy puts on nodes (reference §7.1)."""

from __future__ import annotations

from typing import Any

from aclc.filters.node_attrs import FUNNEL_COMPANIONS, NodeAttributes
from aclc.tailnet.model import Tailnet
from tests.filters.small_tailnets import node, resolved, tailnet

NET = tailnet(
    node("alice1", "100.64.0.1", "fd7a:115c:a1e0::1", owner="alice@example.com", posture={"node:os": "macos"}),
    node("bob1", "100.64.0.2", owner="bob@example.com", posture={"node:os": "linux"}),
    node("web", "100.64.0.3", owner="tag:web"),
    node("guest", "100.64.0.4", owner="eve@stranger.net", shared=True),
    roles={"alice@example.com": "owner", "bob@example.com": "admin"},
)


def attributes(*entries: dict[str, Any], net: Tailnet = NET, **sections: Any) -> dict[str, dict[str, Any]]:
    """Give the capabilities of every node that has any, by name."""
    found = NodeAttributes(resolved(net, nodeAttrs=list(entries), **sections))
    return {each.name: dict(found.of(at)) for at, each in enumerate(net.nodes) if found.of(at)}


def test_entries_add_up_and_names_are_sorted() -> None:
    found = attributes(
        {"target": ["*"], "attr": ["nextdns:abc", "magicdns-aaaa"]},
        {"target": ["tag:web"], "attr": ["magicdns-aaaa", "custom"]},
    )
    both = ["magicdns-aaaa", "nextdns:abc"]
    assert {"alice1": both, "bob1": both, "web": ["custom", *both]} == {name: list(own) for name, own in found.items()}
    assert set(found["web"].values()) == {None}


def test_every_kind_of_target() -> None:
    found = attributes(
        {"target": ["alice@example.com"], "attr": ["user"]},
        {"target": ["group:g"], "attr": ["group"]},
        {"target": ["tag:web"], "attr": ["tag"]},
        {"target": ["autogroup:member"], "attr": ["member"]},
        {"target": ["autogroup:tagged"], "attr": ["tagged"]},
        {"target": ["autogroup:admin"], "attr": ["admin"]},
        {"target": ["autogroup:owner"], "attr": ["owner"]},
        {"target": ["h"], "attr": ["host"]},
        {"target": ["100.64.0.0/30"], "attr": ["prefix"]},
        {"target": ["fd7a:115c:a1e0::1"], "attr": ["address"]},
        {"target": [], "attr": ["nobody"]},
        groups={"group:g": ["bob@example.com"]},
        hosts={"h": "100.64.0.3"},
    )
    assert {
        "alice1": ["address", "admin", "member", "owner", "prefix", "user"],
        "bob1": ["admin", "group", "member", "prefix"],
        "web": ["host", "prefix", "tag", "tagged"],
    } == {name: list(own) for name, own in found.items()}


def test_funnel_brings_its_companions() -> None:
    found = attributes({"target": ["tag:web"], "attr": ["funnel"]})
    assert {"web": dict.fromkeys(sorted(("funnel", *FUNNEL_COMPANIONS)))} == found


def test_what_every_node_has_anyway_is_left_out() -> None:
    """Captures nodeattrs-attr-c7, c8 and c9."""
    assert {} == attributes({"target": ["*"], "attr": ["https://tailscale.com/cap/is-admin"]})


def test_random_client_ports_are_for_every_node_of_the_tailnet() -> None:
    """A node that is shared in takes its attributes from its own tailnet."""
    expected = {"randomize-client-port": None}
    assert {"alice1": expected, "bob1": expected, "web": expected} == attributes(randomizeClientPort=True)


def test_the_shape_of_the_cgnat_route_is_for_macs() -> None:
    """A node whose operating system the tailnet file does not tell may be one."""
    always, never = {"one-cgnat?v=true": None}, {"one-cgnat?v=false": None}
    assert {"alice1": always, "web": always} == attributes(OneCGNATRoute="mac-always")
    assert {"alice1": never, "web": never} == attributes(OneCGNATRoute="mac-never")


def test_the_values_of_app_are_joined_in_file_order() -> None:
    connectors = "tailscale.com/app-connectors"
    found = attributes(
        {"target": ["tag:web"], "app": {connectors: [{"name": "one"}]}},
        {"target": ["*"], "attr": ["x"], "app": {connectors: [{"name": "two"}, {"name": "three"}]}},
    )
    assert [{"name": "one"}, {"name": "two"}, {"name": "three"}] == found["web"][connectors]
    assert [{"name": "two"}, {"name": "three"}] == found["bob1"][connectors]


def test_a_pool_of_addresses_is_no_capability() -> None:
    assert {} == attributes({"target": ["autogroup:member"], "ipPool": ["100.81.0.0/16"]})


def test_a_node_that_is_denied_ipv4_is_still_named_by_its_ipv4_address() -> None:
    found = attributes({"target": ["100.64.0.1"], "attr": ["disable-ipv4"]})
    assert {"alice1": {"disable-ipv4": None}} == found


def test_nodes_with_the_same_attributes_share_them() -> None:
    found = NodeAttributes(resolved(NET, nodeAttrs=[{"target": ["autogroup:member"], "attr": ["x"]}]))
    assert found.of(0) is found.of(1)
