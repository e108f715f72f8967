"""Protocols and ports as people write them."""

from __future__ import annotations

from collections.abc import Iterable

PROTOCOL_NAMES = {1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah", 58: "ipv6-icmp", 132: "sctp"}


def services_text(services: Iterable[tuple[int, int, int]]) -> str:
    """Give (protocol, first port, last port) triples as text: `tcp 22,80-90 · udp any port`.

    TCP and UDP with the same ports are written once, as `tcp+udp`; `any port` stands for all of both.
    """
    by_protocol: dict[int, list[tuple[int, int]]] = {}
    for protocol, first, last in services:
        by_protocol.setdefault(protocol, []).append((first, last))
    by_ports: dict[str, list[str]] = {}
    for protocol, ranges in by_protocol.items():
        name = PROTOCOL_NAMES.get(protocol, f"protocol {protocol}")
        by_ports.setdefault(_ports(protocol, ranges), []).append(name)
    return " · ".join(_one("+".join(names), ports) for ports, names in by_ports.items())


def _one(protocols: str, ports: str) -> str:
    if protocols == "icmp" and not ports:
        return "ping"
    if protocols == "tcp+udp" and ports == "any port":
        return "any port"
    return f"{protocols} {ports}".strip()


def _ports(protocol: int, ranges: list[tuple[int, int]]) -> str:
    if protocol not in {6, 17, 132}:
        return ""
    if ranges == [(0, 65535)]:
        return "any port"
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
