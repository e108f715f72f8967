"""The packet filter of one node, worked out the slow way: strings, one node at a time, straight from reference §5.10.

Shares no code with the compiler. Policies are JSON values, nodes `NaiveNode`. Left out, and tested by hand elsewhere:
postures, ipsets, `disable-ipv4`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from itertools import groupby
from typing import Any, NamedTuple

WILDCARD = ["100.64.0.0-100.115.91.255", "100.115.94.0-100.127.255.255", "fd7a:115c:a1e0::/48"]
INTERNET = [
    "0.0.0.0-9.255.255.255",
    "11.0.0.0-100.63.255.255",
    "100.128.0.0-169.253.255.255",
    "169.255.0.0-172.15.255.255",
    "172.32.0.0-192.167.255.255",
    "192.169.0.0-255.255.255.255",
    "2000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]
COMPANIONS = [
    ("tailscale.com/cap/drive", "tailscale.com/cap/drive-sharer"),
    ("tailscale.com/cap/relay", "tailscale.com/cap/relay-target"),
]
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1}
SELF = "autogroup:self"


class NaiveNode(NamedTuple):
    """A machine. `routes` are the approved ones."""

    name: str
    addresses: tuple[str, ...]
    user: str | None = None
    tags: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()

    @property
    def subnets(self) -> list[str]:
        """The approved routes that are not exit routes."""
        return [route for route in self.routes if not route.endswith("/0")]


class NaiveFilters:
    """What each node receives under one policy."""

    def __init__(self, policy: Mapping[str, Any], nodes: Sequence[NaiveNode], roles: Mapping[str, str]) -> None:
        self.policy = policy
        self.nodes = nodes
        self.roles = roles

    def packet_filter(self, node: NaiveNode) -> list[dict[str, Any]]:
        """Give the rules of a node."""
        rules: list[dict[str, Any]] = []
        slots: dict[tuple[tuple[str, ...], int | None], dict[str, Any]] = {}

        def network(sources: list[str], protocol: int | None, entries: list[dict[str, Any]]) -> None:
            if not sources:
                return
            key = (tuple(sources), protocol)
            if key not in slots:
                slots[key] = {"SrcIPs": sources}
                if protocol is not None:
                    slots[key]["IPProto"] = [protocol]
                slots[key]["DstPorts"] = []
                rules.append(slots[key])
            slots[key]["DstPorts"] += entries

        for rule in self.lowered():
            sources = self.sources(rule["src"])
            if rule["via"]:
                if set(rule["via"]) & set(node.tags):
                    for protocol, targets in rule["networks"]:
                        network(sources, protocol, [e for d, ports in targets for e in self.via(node, d, ports)])
                continue
            for is_self, run in groupby(rule["dst"], lambda dst: dst == SELF):
                part = list(run)
                if is_self and (node.tags or node.user is None):
                    continue
                used = self.same_user(node, rule["src"]) if is_self else sources
                for protocol, targets in rule["networks"]:
                    entries = [e for d, ports in targets if d in part for e in self.entries(node, d, ports)]
                    network(used, protocol, entries)
                rules += self.capabilities(node, rule, part, used)
        return [rule for rule in rules if rule.get("DstPorts") != []]

    def lowered(self) -> Iterator[dict[str, Any]]:
        """Give grants, then acls, in one form; `networks`: (protocol, [(dst, ports)])."""
        grants, acls = self.policy.get("grants"), self.policy.get("acls")
        if grants is None and acls is None:
            acls = [{"src": ["*"], "dst": ["*:*"]}]
        for grant in grants or []:
            if grant["src"] and grant["dst"]:
                dst = [each for each in grant["dst"] if each != SELF] + [each for each in grant["dst"] if each == SELF]
                by_protocol: dict[int | None, list[tuple[int, int]]] = {}
                for entry in grant.get("ip", []):
                    name, colon, ports = entry.rpartition(":")
                    by_protocol.setdefault(PROTOCOLS[name] if colon else None, []).append(port_range(ports))
                networks = [(protocol, [(each, ports) for each in dst]) for protocol, ports in by_protocol.items()]
                yield {
                    "src": grant["src"],
                    "dst": dst,
                    "via": grant.get("via", []),
                    "networks": networks,
                    "app": grant.get("app", {}),
                }
        for acl in acls or []:
            joined: dict[str, list[tuple[int, int]]] = {}
            for item in acl["dst"]:
                host, _, ports = item.rpartition(":")
                joined.setdefault(host, []).extend(port_range(each) for each in ports.split(","))
            dst = sorted(joined, key=self.rank)
            protocol = PROTOCOLS[acl["proto"]] if "proto" in acl else None
            if acl["src"] and dst:
                networks = [(protocol, [(each, joined[each]) for each in dst])]
                yield {"src": acl["src"], "dst": dst, "via": [], "networks": networks, "app": {}}

    @staticmethod
    def rank(selector: str) -> int:
        """Give the place of a kind of selector in an acl's dst."""
        if selector == "*":
            return 0
        if "@" in selector:
            return 1
        return {"group": 2, "tag": 3, "autogroup": 5}.get(selector.partition(":")[0], 4)

    def selected(self, node: NaiveNode, selector: str) -> bool:
        """Tell whether an identity selector selects a node."""
        owner = node.user if not node.tags else None
        if selector.startswith("tag:"):
            return selector in node.tags
        if selector.startswith("group:"):
            return owner is not None and owner in self.policy["groups"][selector]
        if selector == "autogroup:member":
            return owner is not None
        if selector == "autogroup:tagged":
            return bool(node.tags)
        if selector in {"autogroup:admin", "autogroup:owner"}:
            wanted = {"autogroup:admin": {"admin", "owner"}, "autogroup:owner": {"owner"}}[selector]
            return owner is not None and self.roles.get(owner) in wanted
        return owner is not None and owner == selector

    def literal(self, selector: str) -> str | None:
        """Give the canonical text of an address, a CIDR or a host; None for everything else."""
        text = self.policy.get("hosts", {}).get(selector, selector)
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            return None
        return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)

    def sources(self, selectors: Sequence[str]) -> list[str]:
        """Give `SrcIPs`."""
        found: set[str] = set()
        for selector in selectors:
            literal = self.literal(selector)
            if selector == "autogroup:danger-all":
                return ["*"]
            if selector == "*":
                found |= {*WILDCARD, *(route for node in self.nodes for route in node.subnets)}
            elif literal is not None:
                found.add(literal)
            else:
                found |= {each for node in self.nodes if self.selected(node, selector) for each in node.addresses}
        return sorted(found)

    def same_user(self, node: NaiveNode, selectors: Sequence[str]) -> list[str]:
        """Give the addresses of the node's own user that are among the sources."""
        return sorted(
            address
            for each in self.nodes
            if each.user == node.user and not each.tags
            if "*" in selectors or any(self.selected(each, selector) for selector in selectors)
            for address in each.addresses
        )

    def touches(self, node: NaiveNode, literal: str) -> bool:
        """Tell whether a literal holds an address of the node or overlaps one of its subnet routes."""
        return any(ip_address(each) in ip_network(literal) for each in node.addresses) or self.routed(node, literal)

    @staticmethod
    def routed(node: NaiveNode, literal: str) -> bool:
        """Tell whether a literal overlaps a subnet route of the node."""
        network = ip_network(literal)
        return any(
            network.version == ip_network(route).version and network.overlaps(ip_network(route))
            for route in node.subnets
        )

    def entries(self, node: NaiveNode, dst: str, ports: list[tuple[int, int]]) -> list[dict[str, Any]]:
        """Give the `DstPorts` of one destination."""
        literal = self.literal(dst)
        if dst == "*":
            addresses = ["*"]
        elif literal is not None:
            addresses = [literal] if self.touches(node, literal) else []
        elif dst == "autogroup:internet":
            addresses = INTERNET if any(route.endswith("/0") for route in node.routes) else []
        elif dst == SELF or self.selected(node, dst):
            addresses = list(node.addresses)
        else:
            addresses = []
        return openings(addresses, ports)

    def via(self, node: NaiveNode, dst: str, ports: list[tuple[int, int]]) -> list[dict[str, Any]]:
        """Give the `DstPorts` of one destination of a `via` grant, on a router with the tag."""
        literal = self.literal(dst)
        if dst == "autogroup:internet":
            return self.entries(node, dst, ports)
        return openings([literal] if literal is not None and self.routed(node, literal) else [], ports)

    def capabilities(
        self, node: NaiveNode, rule: dict[str, Any], part: list[str], sources: list[str]
    ) -> list[dict[str, Any]]:
        """Give the application rules of one grant on a node."""
        if not rule["app"] or (part[0] == SELF and not sources):
            return []
        given = {name: rule["app"][name] for name in sorted(rule["app"])}
        rules = []
        for dst in part:
            prefixes = self.granted(node, dst)
            if prefixes:
                rules.append({"SrcIPs": sources, "CapGrant": [{"Dsts": prefixes, "CapMap": given}]})
        own = [full(each) for each in node.addresses]
        is_source = any(self.is_source(node, each) for each in rule["src"])
        back = sources if part[0] == SELF else self.sources(part)
        for name, companion in COMPANIONS:
            if name in rule["app"] and own and is_source:
                rules.append({"SrcIPs": back, "CapGrant": [{"Dsts": own, "CapMap": {companion: None}}]})
        return rules

    def is_source(self, node: NaiveNode, selector: str) -> bool:
        """Tell whether a node has an address among the sources that a selector means."""
        literal = self.literal(selector)
        if literal is not None:
            return any(ip_address(address) in ip_network(literal) for address in node.addresses)
        return selector in {"*", "autogroup:danger-all"} or self.selected(node, selector)

    def granted(self, node: NaiveNode, dst: str) -> list[str]:
        """Give the `Dsts` of a capability for one destination."""
        literal = self.literal(dst)
        if literal is not None:
            own = [full(each) for each in node.addresses if ip_address(each) in ip_network(literal)]
            return own + ([full(literal)] if self.routed(node, literal) else [])
        if dst in {"*", SELF} or self.selected(node, dst):
            return [full(each) for each in node.addresses]
        return []


def port_range(text: str) -> tuple[int, int]:
    """Read `*`, `22` or `80-90`."""
    if text == "*":
        return 0, 65535
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def openings(addresses: Sequence[str], ports: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Give addresses × ports."""
    return [{"IP": each, "Ports": {"First": first, "Last": last}} for each in addresses for first, last in ports]


def full(text: str) -> str:
    """Give a prefix with its mask."""
    return str(ip_network(text))
