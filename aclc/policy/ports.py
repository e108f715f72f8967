"""Ports and protocols as policies write them: `80`, `22,8000-8999`, `*`, `tcp:443`.

Nothing here knows where a text came from: faults carry offsets into it, and the key of the control plane's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from aclc.net import ALL_PORTS, PortRange
from aclc.records import NamedTuple

MAX_PORT = 65535

MOST_FAULTS = 20
"""Faults of one text beyond these are not told: each quotes the whole text, so half a million would fill the memory."""


class PortFault(NamedTuple):
    """One thing wrong with a port text.

    `refusal`: key of `Dialect.words`. `piece`: the culprit as the control plane quotes it, in lower case. `start`,
    `end`: where it stands in the text.
    """

    refusal: str
    piece: str
    start: int
    end: int


class Ports(NamedTuple):
    """What a port text says: the ranges that could be read, in written order, and what is wrong with the others."""

    ranges: tuple[PortRange, ...]
    faults: tuple[PortFault, ...]


@lru_cache(maxsize=4096)
def parse_ports(text: str) -> Ports:
    """Read a comma list of ports and ranges; equal texts give the same object.

    Rules and order of checks: reference §4.1.
    """
    if not text:
        return Ports((), (PortFault("ports-empty", "", 0, 0),))
    ranges: list[PortRange] = []
    faults: list[PortFault] = []
    start = 0
    for piece in text.split(","):
        read = parse_port_range(piece, start)
        if isinstance(read, PortRange):
            ranges.append(read)
        elif len(faults) < MOST_FAULTS:
            faults.append(read)
        start += len(piece) + 1
    return Ports(tuple(ranges), tuple(faults))


def parse_port_range(text: str, start: int = 0) -> PortRange | PortFault:
    """Read `*`, `80` or `80-90`; offsets of a fault count from `start`."""
    text = text.lower()
    if text == "*":
        return ALL_PORTS
    low, dash, high = text.partition("-")
    first = _port(low)
    last = _port(high) if dash else first
    if "-" in high:
        refusal = "ports-dashes"
    elif first is None:
        refusal = "ports-first"
    elif last is None:
        refusal = "ports-last"
    elif first == 0:
        refusal = "ports-zero"
    elif first > last:
        refusal = "ports-order"
    else:
        return PortRange(first, last)
    return PortFault(refusal, text, start, start + len(text))


def _port(digits: str) -> int | None:
    """Give a number as Go's `ParseUint(…, 10, 16)` reads it: digits only, leading zeros allowed."""
    if not (digits.isascii() and digits.isdigit()):
        return None
    digits = digits.lstrip("0") or "0"
    if len(digits) > len(str(MAX_PORT)):
        return None
    number = int(digits)
    return number if number <= MAX_PORT else None


class UnknownProtocol(NamedTuple):
    """A protocol text that names none."""

    text: str


def parse_protocol(text: str, names: Mapping[str, int]) -> int | UnknownProtocol | None:
    """Give the number of a protocol, named in any letter case or as decimal 0–255; None for none (`""` and 0).

    `names`: lower-case name → number (`Dialect.protocols`). Source: reference §4.2.
    """
    if not text:
        return None
    number = names.get(text.lower())
    if number is not None:
        return number
    if not (text.isascii() and text.isdigit()):
        return UnknownProtocol(text)
    digits = text.lstrip("0")
    if len(digits) > 3 or int(digits or "0") > 255:
        return UnknownProtocol(text)
    return int(digits) if digits else None


class HostPorts(NamedTuple):
    """An acl's `dst` cut in two. `host`: None where there is no colon. `ports_start`: where the ports begin."""

    host: str | None
    ports: str
    ports_start: int


def split_destination(text: str) -> HostPorts:
    """Cut `HOST:PORTS` at the last colon, so that IPv6 needs no brackets; brackets around it stay (reference §2.1)."""
    colon = text.rfind(":")
    return HostPorts(None, "", len(text)) if colon < 0 else HostPorts(text[:colon], text[colon + 1 :], colon + 1)
