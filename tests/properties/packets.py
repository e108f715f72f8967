"""Packets to try on a world: some aimed at what one of its rules says, some at the corners of what it names.

They come from a random generator rather than from hypothesis: a hundred draws an example would cost more than the
compiler, and a failing packet needs no shrinking.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from typing import Any, NamedTuple

from tests.properties.oracle import (
    Rule,
    Span,
    World,
    address,
    edges,
    literal,
    routes,
    rules,
    selects,
    span,
    within,
)
from tests.properties.strategies import HOSTS, LITERALS, ROUTES

Json = Any

FAR = (
    "203.0.113.7",
    "8.8.8.8",
    "1.1.1.1",
    "169.254.1.1",
    "2001:db8::1",
    "2600::1",
    "fd00:2::1",
    "100.115.92.0",
    "100.115.93.255",
    "0.0.0.0",
    "255.255.255.255",
)
PORTS = (0, 1, 21, 22, 23, 79, 80, 90, 91, 443, 7999, 8000, 8999, 65534, 65535)
PROTOCOLS = (6, 6, 6, 17, 132, 1, 58, 47, 50)


class Packet(NamedTuple):
    """The first packet of a flow, arriving at a node."""

    source: str
    target: str
    protocol: int
    port: int
    node: str


@cache
def text(family: int, number: int) -> str:
    """Give an address as text."""
    return str(IPv4Address(number) if family == 4 else IPv6Address(number))


def corners(family: int, first: int, last: int) -> list[str]:
    """Give the first and last address of a span, and their outer neighbours."""
    top = (1 << (32 if family == 4 else 128)) - 1
    return [text(family, each) for each in (first - 1, first, last, last + 1) if 0 <= each <= top]


CORNERS = [each for name in (*LITERALS, *HOSTS.values(), *ROUTES, "100.64.0.0/10") for each in corners(*span(name))]


class Aim:
    """Chooses packets for one world."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chooser = random.Random(seed)
        self.nodes = world.tailnet["nodes"]
        self.rules = [rule for rule in rules(world) if rule.openings and rule.src]
        self.own = [each for node in self.nodes for each in node["addresses"]]
        self.routes = {node["name"]: routes(world, node) for node in self.nodes}

    def packet(self) -> Packet:
        """Give a packet: two of three are aimed at a rule."""
        if self.rules and self.chooser.randrange(3):
            return self.at_rule(self.chooser.choice(self.rules))
        return self.anywhere()

    def at_rule(self, rule: Rule) -> Packet:
        """Give a packet that a rule may be about, or may just miss."""
        opening = self.chooser.choice(rule.openings)
        source = self.chooser.choice(self.named(self.chooser.choice(rule.src)))
        target = self.like(source, self.named(opening.dst))
        ports = [*opening.ports, max(opening.ports[0] - 1, 0), min(opening.ports[1] + 1, 65535)]
        protocol = self.chooser.choice([*opening.protocols, *opening.protocols, self.chooser.choice(PROTOCOLS)])
        return Packet(source, target, protocol, self.chooser.choice(ports), self.receiver(target))

    def anywhere(self) -> Packet:
        """Give a packet between corners of whatever the pools name."""
        source = self.chooser.choice(self.chooser.choice([self.own, self.own, CORNERS, FAR]))
        target = self.like(source, self.chooser.choice([self.own, CORNERS, CORNERS, FAR]))
        protocol, port = self.chooser.choice(PROTOCOLS), self.chooser.choice(PORTS)
        return Packet(source, target, protocol, port, self.receiver(target))

    def like(self, source: str, targets: Sequence[str]) -> str:
        """Give one of the targets, of the same family where there is one."""
        return self.chooser.choice([each for each in targets if address(each)[0] == address(source)[0]] or targets)

    def receiver(self, target: str) -> str:
        """Give the name of a node whose filter knows an address, else of any."""
        known = [node for node in self.nodes if target in node["addresses"] or self.serves(node, target)]
        return str(self.chooser.choice(known or self.nodes)["name"])

    def serves(self, node: Json, target: str) -> bool:
        """Tell whether a node has an approved route to an address."""
        return any(within(address(target), route) for route in self.routes[node["name"]])

    def named(self, selector: str) -> Sequence[str]:
        """Give addresses that a selector may mean; never empty."""
        nets = literal(self.world, selector)
        if nets:
            return self.inside(nets[0])
        if selector.startswith("ipset:"):
            return [each for edge in edges(self.world, selector) for each in corners(*edge, edge[1])] or FAR
        if selector in {"*", "autogroup:danger-all", "autogroup:internet"}:
            behind = [each for found in self.routes.values() for route in found for each in corners(*route)]
            return self.chooser.choice([self.own, behind or FAR, FAR])
        selected = [node for node in self.nodes if selector == "autogroup:self" or selects(self.world, selector, node)]
        return [each for node in selected for each in node["addresses"]] or self.own

    def inside(self, net: Span) -> Sequence[str]:
        """Give the corners of a prefix, and what lies in it: nodes, ends of routes."""
        ends = [each for found in self.routes.values() for route in found for each in corners(*route)]
        return [*corners(*net), *(each for each in (*self.own, *ends) if within(address(each), net))]


def packets(world: World, seed: int, count: int) -> list[Packet]:
    """Give `count` packets for a world."""
    aim = Aim(world, seed)
    return [aim.packet() for _ in range(count)]
