"""Sets of services: what is open, as (protocol, first port, last port), sorted and disjoint per protocol.

ICMP passes wherever anything does, so it is named only where nothing else is open.
"""

from __future__ import annotations

from collections.abc import Iterable

from aclc.net import DEFAULT_PROTOCOLS
from aclc.reach.graph.space import PORT_PROTOCOLS, Edge

Service = tuple[int, int, int]
"""(protocol, first port, last port); 0 to 65535 for protocols without ports. ICMP stands for both of its versions."""

Services = tuple[Service, ...]

ICMP = 1
PING: Services = ((ICMP, 0, 65535),)


def services_of(edge: Edge) -> Services:
    """Give what an edge opens; never empty, since ping passes under any rule.

    A protocol without ports needs a rule for all ports (reference §5.1).
    """
    found: list[Service] = []
    for protocol in DEFAULT_PROTOCOLS if edge.protocol is None else (edge.protocol,):
        if protocol in {1, 58}:
            continue
        if protocol in PORT_PROTOCOLS:
            found += [(protocol, ports.first, ports.last) for ports in edge.ports]
        elif any(ports == (0, 65535) for ports in edge.ports):
            found.append((protocol, 0, 65535))
    return union(found)


def union(services: Iterable[Service]) -> Services:
    """Give services sorted, what touches joined; ping alone where there is nothing but ping.

    >>> union([(6, 443, 443), (1, 0, 65535), (6, 80, 90), (6, 91, 99)])
    ((6, 80, 99), (6, 443, 443))
    """
    joined: list[Service] = []
    for protocol, first, last in sorted(services):
        if protocol in {1, 58}:
            continue
        if joined and joined[-1][0] == protocol and joined[-1][2] + 1 >= first:
            joined[-1] = (protocol, joined[-1][1], max(joined[-1][2], last))
        else:
            joined.append((protocol, first, last))
    return tuple(joined) or PING


def common(one: Services, other: Services) -> Services:
    """Give what two sets have in common; both are open, so that it is ping at least."""
    found: list[Service] = []
    for protocol, first, last in one:
        for each, low, high in other:
            if each == protocol and max(first, low) <= min(last, high):
                found.append((protocol, max(first, low), min(last, high)))
    return union(found)


def covers(wide: Services, narrow: Services) -> bool:
    """Tell whether everything in `narrow` is in `wide`; ping is in every set."""
    return all(
        protocol == ICMP or any(each == protocol and low <= first and last <= high for each, low, high in wide)
        for protocol, first, last in narrow
    )


def opens_some(opened: Services, wanted: Services) -> bool:
    """Tell whether some of the wanted services are open; ping always is.

    >>> opens_some(((6, 22, 80),), ((6, 80, 90),)), opens_some(((1, 0, 65535),), ((6, 22, 22),))
    (True, False)
    """
    return any(
        protocol == ICMP or any(each == protocol and low <= last and first <= high for each, low, high in opened)
        for protocol, first, last in wanted
    )


def without(services: Services, known: Services) -> Services:
    """Give what is left of services without others; nothing where only ping is.

    >>> without(((6, 20, 90), (17, 53, 53)), ((6, 22, 22), (17, 0, 65535)))
    ((6, 20, 21), (6, 23, 90))
    """
    if services == PING:
        return ()
    left = list(services)
    for protocol, first, last in known:
        cut: list[Service] = []
        for each, low, high in left:
            if each != protocol or high < first or last < low:
                cut.append((each, low, high))
                continue
            cut += [(each, low, first - 1)] if low < first else []
            cut += [(each, last + 1, high)] if last < high else []
        left = cut
    return tuple(sorted(left))
