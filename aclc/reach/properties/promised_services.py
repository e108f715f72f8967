"""The services of a promise: what stands behind `on`, as in rules of the aclc language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclc.diagnostics import did_you_mean, shown
from aclc.dialects.tailscale import TAILSCALE
from aclc.policy.language_document import NO_SERVICES, Services
from aclc.records import NamedTuple

Service = tuple[int | None, int, int]
"""(protocol, first port, last port); protocol None: with some ports, any protocol that has ports; with all, any."""

ANY_SERVICE: tuple[Service, ...] = ((None, 0, 65535),)

HIGHEST_PORT = 65535

_SERVICE = re.compile(
    r"(?:(?P<protocol>[A-Za-z][A-Za-z0-9-]*|[0-9]{1,3}(?=:))\s*:?\s*)?"
    r"(?:\*|(?P<first>[0-9]{1,9})(?:\s*-\s*(?P<last>[0-9]{1,9}))?)?"
)
_PORTS = r"(?P<ports>[0-9]+(?:-[0-9]+)?|\*)"
_OTHER_ORDERS = (
    re.compile(rf"{_PORTS}\s*[/:\s]\s*(?P<protocol>[A-Za-z][A-Za-z0-9-]*)"),
    re.compile(rf"(?P<protocol>[A-Za-z][A-Za-z0-9-]*)\s*/\s*{_PORTS}"),
)
_PORT_WORD = re.compile(rf"ports?\s*:?\s*{_PORTS}")
_SEVERAL = re.compile(
    r"(?P<protocol>[A-Za-z][A-Za-z0-9-]*)?\s*(?P<ports>[0-9]+(?:-[0-9]+)?(?:[\s;+]+[0-9]+(?:-[0-9]+)?)+)"
)
_USUAL = {"ssh": "tcp 22", "http": "tcp 80", "https": "tcp 443", "rdp": "tcp 3389", "smtp": "tcp 25"}
_FORMS = "write `on tcp 22`, `on tcp 80-90, udp 53` or `on icmp`"


class Item(NamedTuple):
    """One item of a list, and what it says. `start`, `end`: where it stands in the list."""

    start: int
    end: int
    services: tuple[Service, ...]


class Fault(NamedTuple):
    """What is wrong with an item of a list, and what to do. `start`, `end`: which part of the list it is about."""

    start: int
    end: int
    message: str
    help: str


def parse_services(text: str, named: Services = NO_SERVICES) -> tuple[Service, ...] | None:
    """Give what `tcp 80-90, udp 53, icmp` says, None where it cannot be read; `named`: what names stand for."""
    read = read_services(text, named)
    return None if isinstance(read, Fault) else tuple(service for item in read for service in item.services)


def read_services(text: str, named: Services = NO_SERVICES) -> tuple[Item, ...] | Fault:
    """Give the items of `tcp 80-90, udp 53, icmp`, else the first thing that is wrong with them.

    As in rules of the aclc language: a bare number goes on with the protocol before it, at the head it is of any
    protocol that has ports; after a name, or a protocol without ports, it needs a protocol.
    """
    found: list[Item] = []
    protocol: int | None = None
    may_go_on = True
    for start, name in items_of(text):
        end = start + len(name)
        if name in named:
            inner = [parse_services(item) for item in named[name]]
            if not inner or None in inner:
                return Fault(start, end, f"{shown(name)} stands for no services", "name it with some, or leave it out")
            found.append(Item(start, end, tuple(service for each in inner for service in each or ())))
            may_go_on = False
            continue
        match = _SERVICE.fullmatch(name)
        if match is None or not name:
            return _unreadable(start, name, named)
        if match["protocol"]:
            known = protocol_number(match["protocol"].lower())
            if known is None:
                return _unreadable(start, name, named)
            protocol = None if known < 0 else known
            may_go_on = protocol is None or protocol in TAILSCALE.protocols_with_ports
        elif not may_go_on:
            return Fault(start, end, f"{shown(name)} is of no protocol here", f"write it: `tcp {name}`")
        if match["first"] is None:
            found.append(Item(start, end, ((protocol, 0, HIGHEST_PORT),)))
            continue
        at = start + match.start("first")
        if not may_go_on:
            return Fault(at, end, f"{shown(match['protocol'] or '')} has no ports", f"write `{match['protocol']}`")
        first, last = int(match["first"]), int(match["last"] or match["first"])
        if max(first, last) > HIGHEST_PORT:
            return Fault(at, end, f"{shown(text[at:end])} is no port", f"ports go up to {HIGHEST_PORT}")
        if first > last:
            return Fault(
                at, end, f"the ports {shown(text[at:end])} end before they begin", f"did you mean `{last}-{first}`?"
            )
        found.append(Item(start, end, ((protocol, first, last),)))
    return tuple(found)


def items_of(text: str) -> Iterator[tuple[int, str]]:
    """Give the items of a list, which commas part, each with where it begins; empty ones too."""
    at = 0
    for part in text.split(","):
        yield at + len(part) - len(part.lstrip()), part.strip()
        at += len(part) + 1


def _unreadable(start: int, name: str, named: Services) -> Fault:
    """Say what is wrong with an item that names no service, and what was meant perhaps."""
    end = start + len(name)
    if not name:
        return Fault(max(start - 1, 0), max(start, 1), "a service is missing beside the comma", _FORMS)
    message = f"{shown(name)} names no services"
    if (match := _PORT_WORD.fullmatch(name)) is not None:
        return Fault(start, end, message, f"did you mean `{match['ports']}`, or `tcp {match['ports']}`?")
    for form in _OTHER_ORDERS:
        match = form.fullmatch(name)
        if match is not None and protocol_number(match["protocol"].lower()) is not None:
            return Fault(start, end, message, f"did you mean `{match['protocol'].lower()} {match['ports']}`?")
    if (match := _SEVERAL.fullmatch(name)) is not None:
        ports = ", ".join(re.split(r"[\s;+]+", match["ports"]))
        meant = f"{match['protocol']} {ports}" if match["protocol"] else ports
        return Fault(start, end, message, f"did you mean `{meant}`?")
    if name.lower() in _USUAL:
        return Fault(start, end, message, f"did you mean `{_USUAL[name.lower()]}`?")
    word = re.split(r"[\s:/]", name, maxsplit=1)[0]
    near = did_you_mean(word, (*named, "any", *TAILSCALE.protocols)) if not word.isdigit() else None
    if near is not None:
        of_word = f"there is no protocol {shown(word)}"
        return Fault(start, start + len(word), message if word == name else of_word, f"did you mean `{near}`?")
    return Fault(start, end, message, _FORMS)


def protocol_number(name: str) -> int | None:
    """Give the number of a protocol, -1 for any, None where there is no such."""
    if name == "any":
        return -1
    if name.isdigit():
        return int(name) if 0 < int(name) < 256 else None
    return TAILSCALE.protocols.get(name)
