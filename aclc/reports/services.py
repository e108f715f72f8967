"""Protocols and ports as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

PROTOCOL_NAMES = {1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah", 58: "ipv6-icmp", 132: "sctp"}


PORT_NAMES = {
    20: "FTP",
    21: "FTP",
    22: "SSH",
    25: "mail",
    53: "DNS",
    80: "HTTP",
    123: "time",
    139: "file sharing",
    389: "LDAP",
    443: "HTTPS",
    445: "file sharing",
    465: "mail",
    587: "mail",
    636: "LDAP",
    993: "mail",
    1433: "SQL Server",
    1521: "Oracle",
    2049: "NFS",
    2375: "Docker",
    3306: "MySQL",
    3389: "remote desktop",
    5432: "PostgreSQL",
    5671: "AMQP",
    5672: "AMQP",
    5900: "VNC",
    5985: "WinRM",
    5986: "WinRM",
    6379: "Redis",
    6443: "Kubernetes",
    8883: "MQTT",
    9090: "Prometheus",
    9100: "node metrics",
    9200: "Elasticsearch",
    10250: "Kubernetes",
    11211: "memcached",
    27017: "MongoDB",
}
"""What usually listens on a port of TCP, for readers who do not know the numbers by heart."""

UDP_NAMES = {53: "DNS", 123: "time", 389: "LDAP", 443: "HTTPS", 2049: "NFS", 3389: "remote desktop"}
"""The same for UDP."""


MOST_CLOSED = 4
"""Ports that are shut, up to which those are named instead of all others."""


def _gaps(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the ports between and around sorted ranges."""
    edges = [-1, *(each for first, last in ranges for each in (first, last)), 65536]
    return [(low + 1, high - 1) for low, high in zip(edges[::2], edges[1::2], strict=True) if high - low > 1]


def services_text(services: Iterable[tuple[int, int, int]], *, plain: bool = False) -> str:
    """Give (protocol, first port, last port) triples as text: `tcp 22,80-90 · udp any port`, `any port but tcp 443`.

    TCP and UDP with the same ports are written once, as `tcp+udp`; `any port` stands for all of both. `plain`: ports
    with what usually listens there, `tcp 22 (SSH)`.
    """
    by_protocol: dict[int, list[tuple[int, int]]] = {}
    for protocol, first, last in services:
        by_protocol.setdefault(protocol, []).append((first, last))
    if 6 in by_protocol and 17 in by_protocol:
        closed = {6: _gaps(by_protocol[6]), 17: _gaps(by_protocol[17])}
        if 0 < len({*closed[6], *closed[17]}) <= MOST_CLOSED and all(
            first == last for gaps in closed.values() for first, last in gaps
        ):
            shut = services_text(
                ((number, first, last) for number, gaps in closed.items() for first, last in gaps), plain=plain
            )
            rest = ((number, *ports) for number, ranges in by_protocol.items() for ports in ranges)
            more = services_text(each for each in rest if each[0] not in closed)
            return f"any port but {shut}" + (f" · {more}" if more else "")
    by_ports: dict[str, list[int]] = {}
    for protocol, ranges in by_protocol.items():
        by_ports.setdefault(_ports(protocol, ranges, {}), []).append(protocol)
    texts = []
    for protocols in by_ports.values():
        names = (UDP_NAMES if protocols == [17] else PORT_NAMES) if plain else {}
        ports = _ports(protocols[0], by_protocol[protocols[0]], names)
        texts.append(_one("+".join(PROTOCOL_NAMES.get(each, f"protocol {each}") for each in protocols), ports))
    return " · ".join(texts)


def _one(protocols: str, ports: str) -> str:
    if protocols == "icmp" and not ports:
        return "ping"
    if protocols == "tcp+udp" and ports == "any port":
        return "any port"
    return f"{protocols} {ports}".strip()


def _ports(protocol: int, ranges: list[tuple[int, int]], named: Mapping[int, str]) -> str:
    if protocol not in {6, 17, 132}:
        return ""
    if ranges == [(0, 65535)]:
        return "any port"
    if named:
        names = (named.get(first, "") if first == last else "" for first, last in ranges)
        texts = (str(first) if first == last else f"{first}-{last}" for first, last in ranges)
        return ", ".join(f"{text} ({name})" if name else text for text, name in zip(texts, names, strict=True))
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
