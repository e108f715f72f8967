"""Peers and their routes are what a slow reading of reference §9 gives, pair by pair, from the filters as sent."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network, summarize_address_range
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aclc.filters.packet_filter_json import compact
from aclc.filters.peers import Peers
from aclc.filters.peers_bytes import PeerWriter
from aclc.filters.program import Program
from tests.filters.naive_filter import SELF, NaiveFilters, NaiveNode
from tests.filters.small_tailnets import node, resolved, tailnet
from tests.filters.test_naive_agreement import ROLES, nodes, policies

Network = Any


class NaivePeers:
    """Who knows whom, one pair of nodes at a time."""

    def __init__(self, policy: dict[str, Any], given_nodes: Sequence[NaiveNode], online: Sequence[bool]) -> None:
        self.filters = NaiveFilters(policy, given_nodes, ROLES)
        self.nodes = given_nodes
        self.online = dict(zip(given_nodes, online, strict=True))
        self.rules = list(self.filters.lowered())

    def peers(self, viewer: NaiveNode) -> dict[str, list[str]]:
        return {
            each.name: [route for route in dict.fromkeys(each.routes) if self.shows(viewer, each, route)]
            for each in self.nodes
            if each != viewer and (self.reach(viewer, each) or self.reach(each, viewer) or self.steer(viewer, each))
        }

    def reach(self, sender: NaiveNode, receiver: NaiveNode) -> bool:
        return any(self.sends(sender, rule["SrcIPs"]) for rule in self.filters.packet_filter(receiver))

    @staticmethod
    def sends(sender: NaiveNode, sources: Sequence[str]) -> bool:
        listed = [network for text in sources for network in networks(text)]
        return any(ip_address(address) in network for network in listed for address in sender.addresses) or any(
            overlap(network, route) for network in listed for route in sender.subnets
        )

    def steer(self, one: NaiveNode, other: NaiveNode) -> bool:
        """Tell whether a `via` grant without a network rule makes two nodes peers."""
        return any(
            self.sends(sender, self.filters.sources(rule["src"]))
            and set(router.tags) & set(rule["via"])
            and any(self.leads_literally(dst, route) for dst in rule["dst"] for route in router.routes)
            for sender, router in ((one, other), (other, one))
            for rule in self.rules
            if rule["via"] and rule["dst"]
        )

    def leads_literally(self, dst: str, route: str) -> bool:
        literal = self.filters.literal(dst)
        if route.endswith("/0"):
            return dst == "autogroup:internet"
        return literal is not None and overlap(ip_network(literal), route)

    def leads(self, viewer: NaiveNode, dst: str, route: str) -> bool:
        """Tell whether a destination, as the viewer may use it, overlaps a route."""
        if dst == "*" or self.leads_literally(dst, route):
            return True
        reached = [
            each
            for each in self.nodes
            if (
                not each.tags and not viewer.tags and each.user == viewer.user if dst == SELF else self.is_in(each, dst)
            )
        ]
        return not route.endswith("/0") and any(
            ip_address(address) in ip_network(route) for each in reached for address in each.addresses
        )

    def is_in(self, each: NaiveNode, dst: str) -> bool:
        return dst != "autogroup:internet" and self.filters.literal(dst) is None and self.filters.selected(each, dst)

    def is_open(self, viewer: NaiveNode, route: str) -> bool:
        """Tell whether a route is open to a viewer without `via`."""
        for rule in self.rules:
            for dst in rule["dst"] if rule["src"] and not rule["via"] else ():
                senders = (
                    (self.filters.same_user(viewer, rule["src"]) if not viewer.tags else [])
                    if dst == SELF
                    else self.filters.sources(rule["src"])
                )
                own_only = dst == SELF
                if own_only and not any(address in senders for address in viewer.addresses):
                    continue
                if self.sends(viewer, senders) and self.leads(viewer, dst, route):
                    return True
        if route.endswith("/0"):
            return False
        return route in viewer.routes or any(
            overlap(network, route)
            for rule in self.filters.packet_filter(viewer)
            for text in rule["SrcIPs"]
            for network in networks(text)
        )

    def shows(self, viewer: NaiveNode, router: NaiveNode, route: str) -> bool:
        advertisers = [each for each in self.nodes if route in each.routes]
        online = [each for each in advertisers if self.online[each]]
        if self.is_open(viewer, route):
            return route.endswith("/0") or online[:1] == [router]
        tags = {
            tag
            for rule in self.rules
            if rule["via"] and self.sends(viewer, self.filters.sources(rule["src"]))
            if any(self.leads_literally(dst, route) for dst in rule["dst"])
            for tag in rule["via"]
        }
        if route.endswith("/0"):
            return bool(tags & set(router.tags))
        candidates = [each for each in online if tags & set(each.tags)]
        return candidates[:1] == [router]


def networks(text: str) -> list[Network]:
    """Give what one string of `SrcIPs` stands for."""
    if text == "*":
        return [ip_network("0.0.0.0/0"), ip_network("::/0")]
    if "-" in text:
        first, _, last = text.partition("-")
        return list(summarize_address_range(ip_address(first), ip_address(last)))
    return [ip_network(text)]


def overlap(network: Network, route: str) -> bool:
    """Tell whether a network and a route have an address in common."""
    other = ip_network(route)
    return bool(network.version == other.version and network.overlaps(other))


@given(policies(), nodes(), st.lists(st.booleans(), min_size=7, max_size=7))
def test_bit_sets_give_what_pairs_give(
    policy: dict[str, Any], given_nodes: list[NaiveNode], online: list[bool]
) -> None:
    """Nodes were created in the order of the file, so the first online one is the primary."""
    net = tailnet(
        *(
            node(
                each.name,
                *each.addresses,
                owner=each.user or " ".join(each.tags),
                routes=each.routes,
                created=number,
                online=online[number],
            )
            for number, each in enumerate(given_nodes)
        ),
        roles=ROLES,
    )
    found = resolved(net, **policy)
    peers = Peers(found, Program(found))
    naive = NaivePeers(policy, given_nodes, online[: len(given_nodes)])
    assert [naive.peers(each) for each in given_nodes] == [peers.json_of(at) for at in range(len(given_nodes))]
    writer = PeerWriter(peers, net)
    assert [compact(peers.json_of(at)).encode() for at in range(len(given_nodes))] == [
        writer.write(at) for at in range(len(given_nodes))
    ]
