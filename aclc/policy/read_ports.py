"""Read where ports stand: `dst` of acls, `ip` of grants, and protocols.

Whatever was read without a finding is remembered by its text.
"""

from __future__ import annotations

from collections.abc import Sequence

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.net import ALL_PORTS, PortRange, parse_address, parse_prefix
from aclc.policy.fields import BLANKS, UNSUPPORTED, Fields, in_string
from aclc.policy.model import AclDestination, Json, PortSpec
from aclc.policy.ports import (
    MOST_FAULTS,
    PortFault,
    Ports,
    UnknownProtocol,
    parse_port_range,
    parse_ports,
    parse_protocol,
    split_destination,
)
from aclc.policy.read_selectors import PREFIXES, Selectors, unbracketed
from aclc.policy.selectors import INVALID
from aclc.source import Path, Place, Span

DST_WITHOUT_PORT = Code("VAL001", "dst-missing-port", Severity.ERROR)
BAD_PORT = Code("VAL003", "bad-port", Severity.ERROR)
BAD_PROTOCOL = Code("VAL006", "bad-proto", Severity.ERROR)

_SERVICES = {"ssh": 22, "dns": 53, "domain": 53, "http": 80, "https": 443, "smb": 445, "rdp": 3389, "postgres": 5432}


class PortItems:
    """Reads one policy's destinations with ports, `ip` items and protocols."""

    def __init__(self, fields: Fields, selectors: Selectors) -> None:
        self.fields = fields
        self.selectors = selectors
        self._destinations: dict[str, AclDestination] = {}
        self._specs: dict[str, PortSpec] = {}

    def destinations(self, values: Sequence[Json], path: Path) -> tuple[AclDestination, ...]:
        """Give the `HOST:PORTS` items of an acl's `dst`."""
        try:
            return tuple([self._destinations[value] for value in values])
        except (KeyError, TypeError):
            return tuple(self._destination(value, (*path, index)) for index, value in enumerate(values))

    def specs(self, values: Sequence[Json], path: Path) -> tuple[PortSpec, ...]:
        """Give the `PROTO:PORTS` items of a grant's `ip`."""
        try:
            return tuple([self._specs[value] for value in values])
        except (KeyError, TypeError):
            return tuple(self._port_spec(value, (*path, index)) for index, value in enumerate(values))

    def protocol(self, value: str | int, path: Path) -> int | None:
        """Give the protocol number that `proto` names."""
        text = protocol_text(value)
        protocol = parse_protocol(text, self.fields.dialect.protocols)
        if not isinstance(protocol, UnknownProtocol):
            self._check_zeros(text, Place(self.fields.document, path).span)
            return protocol
        found = self._unknown_protocol(text, Place(self.fields.document, path).span)
        # The words are known for a protocol written as a string only.
        self._report(found if type(value) is str else found._replace(control=None))
        return None

    def _check_zeros(self, text: str, span: Span) -> None:
        """Report a protocol number with leading zeros, `0` itself included, where these are refused."""
        dialect = self.fields.dialect
        if text.startswith("0") and not dialect.protocol_leading_zeros:
            bare = text.lstrip("0")
            self._report(
                BAD_PROTOCOL.at(
                    span,
                    f"protocol number {shown(text)} begins with a zero",
                    help=f"write `{bare}`" if bare else "leave it out for all protocols",
                    control=dialect.control("protocol-zero", name=go_quoted(text)),
                )
            )

    def check_fit(self, protocol: int | None, destinations: tuple[AclDestination, ...], path: Path) -> None:
        """Warn of ports beside a protocol that has none."""
        if protocol is None or protocol in self.fields.dialect.protocols_with_ports:
            return
        for index, destination in enumerate(destinations):
            if destination.ports and destination.ports != (ALL_PORTS,):
                start = len(destination.text) - len(split_destination(destination.text).ports)
                self._report(
                    self._portless(protocol, self.fields.part((*path, index), start, len(destination.text)), "`:*`")
                )

    def _destination(self, value: Json, path: Path) -> AclDestination:
        if type(value) is not str:
            self.fields.wrong_type(value, "a destination", "a string", path)
            return AclDestination(INVALID, (), "")
        known = self._destinations.get(value)
        if known is not None:
            return known
        before = len(self.fields.found)
        start = len(value) - len(value.lstrip(BLANKS))
        destination = self._parsed_destination(value.strip(BLANKS), path, start)
        if len(self.fields.found) == before:
            self._destinations[value] = destination
        return destination

    def _parsed_destination(self, text: str, path: Path, start: int) -> AclDestination:
        split = split_destination(text)
        ports = parse_ports(split.ports)
        if text.startswith("[") and not self.fields.dialect.bracketed_ipv6:
            self._check_brackets(text, split.host or "", path, start)
        if split.host is None or _lacks_ports(text, split.host, ports):
            self._report_missing_ports(text, ports.faults, path)
            return AclDestination(self.selectors.read_one(unbracketed(text), path, start), (), text)
        if "," in split.host:
            self._report(
                BAD_PORT.at(
                    self.fields.part(path, start, start + len(split.host)),
                    f"{shown(split.host)} is more than one host",
                    help="give each destination its own string",
                    control=self._dst_refusal(text, "hostport-comma"),
                )
            )
            return AclDestination(INVALID, (), text)
        for fault in ports.faults:
            offset = start + split.ports_start
            span = self.fields.part(path, offset + fault.start, offset + fault.end)
            control = self._dst_words(text, self._port_words(fault, split.ports))
            self._report(self._bad_port(fault, span, control))
        host = unbracketed(split.host)
        selector = self.selectors.read_one(host, path, start + (host != split.host))
        return AclDestination(selector, () if ports.faults else ports.ranges, text)

    def _report_missing_ports(self, text: str, faults: tuple[PortFault, ...], path: Path) -> None:
        control = None
        if ":" not in text:
            control = self._dst_refusal(text, "hostport-colon")
        elif faults:
            control = self._dst_words(text, self._port_words(faults[0], text.rpartition(":")[2]))
        place = Place(self.fields.document, path)
        dialect = self.fields.dialect
        bracketed = text
        if ":" in text and parse_address(text) is not None:
            bracketed = f"[{text}]" if dialect.bracketed_ipv6 else f"{text}/128"
        self._report(
            DST_WITHOUT_PORT.at(
                place,
                f"destination {shown(text)} has no ports",
                severity=Severity.WARNING if dialect.dst_without_ports else None,
                help=f"name them behind a colon, as in `{bracketed}:443`, or `{bracketed}:*` for all",
                fix=Fix(
                    "allow all ports",
                    (Edit(self.fields.part(path, 0, 1 << 30), in_string(f"{bracketed}:*")),),
                    safe=False,
                ),
                control=control,
            )
        )

    def _check_brackets(self, text: str, host: str, path: Path, start: int) -> None:
        """Report an IPv6 address in brackets, where these are refused."""
        prefix = parse_prefix(unbracketed(host))
        if prefix is None or prefix.family != 6:
            return
        plain = f"{prefix.cidr}{text[len(host) :]}"
        self._report(
            UNSUPPORTED.at(
                self.fields.part(path, start, start + len(text)),
                "brackets around an IPv6 address are not supported",
                help=f"write {shown(plain)}",
                fix=Fix(
                    f"write {plain}",
                    (Edit(self.fields.part(path, start, start + len(text)), in_string(plain)),),
                    safe=True,
                ),
                control=self.fields.dialect.control("brackets", selector=go_quoted(host)),
            )
        )

    def _dst_refusal(self, text: str, refusal: str) -> str | None:
        return self._dst_words(text, self.fields.dialect.control(refusal))

    def _dst_words(self, text: str, reason: str | None) -> str | None:
        return None if reason is None else self.fields.dialect.control("acl-dst", dst=go_quoted(text), reason=reason)

    def _port_words(self, fault: PortFault, ports: str) -> str | None:
        dialect = self.fields.dialect
        if fault.piece.isascii() and fault.piece.isdigit() and fault.refusal == "ports-first":
            out_of_range = dialect.control("ports-range")
            if out_of_range is not None:
                return out_of_range
        return dialect.control(fault.refusal, piece=go_quoted(fault.piece), list=go_quoted(ports.lower()))

    def _bad_port(self, fault: PortFault, span: Span, control: str | None) -> Diagnostic:
        message, advice = _port_complaint(fault)
        taken = self.fields.dialect.dst_without_ports and fault.refusal == "ports-zero"
        severity = Severity.WARNING if taken else None
        fix = None
        if fault.refusal == "ports-order":
            low, _, high = fault.piece.partition("-")
            fix = Fix(f"write {high}-{low}", (Edit(span, f"{high}-{low}"),), safe=False)
        return BAD_PORT.at(span, message, help=advice, fix=fix, control=control, severity=severity)

    def _port_spec(self, value: Json, path: Path) -> PortSpec:
        if type(value) is not str:
            self.fields.wrong_type(value, "an item of `ip`", "a string", path)
            return PortSpec(None, ())
        known = self._specs.get(value)
        if known is not None:
            return known
        before = len(self.fields.found)
        spec = self._parsed_spec(value, path)
        if len(self.fields.found) == before:
            self._specs[value] = spec
        return spec

    def _parsed_spec(self, text: str, path: Path) -> PortSpec:
        """Read `PROTO:PORTS`, `PORTS` or `*`; checks in the control plane's order: ports before protocol."""
        dialect = self.fields.dialect
        if not text:
            self._report(
                BAD_PORT.at(
                    Place(self.fields.document, path),
                    "empty string where protocol and ports are wanted",
                    help='write `"*"` for everything',
                    control=dialect.control("ip-empty"),
                )
            )
            return PortSpec(None, ())
        head, colon, tail = text.rpartition(":")
        if "," in head:
            self._report(
                BAD_PORT.at(
                    self.fields.part(path, 0, len(head)),
                    f"{shown(head)} is more than one protocol",
                    help="give each its own item",
                    control=dialect.control("hostport-comma"),
                )
            )
            return PortSpec(None, ())
        start = len(head) + len(colon)
        ranges, faults = parse_ports(tail) if dialect.grant_port_lists else _single(tail)
        if faults and tail and dialect.grant_ports_from_zero:
            ranges, faults = _from_zero(tail)
        for fault in faults:
            span = self.fields.part(path, start + fault.start, start + fault.end)
            self._report(self._bad_spec(fault, span, text, path))
        protocol = None
        if colon:
            if not head:
                self._report(
                    BAD_PROTOCOL.at(
                        self.fields.part(path, 0, 1),
                        f"{shown(text)} has a colon but no protocol",
                        help=f"write {shown(tail)}, or a protocol before the colon",
                        control=dialect.control("ip-empty-protocol"),
                    )
                )
            elif head != "*":
                number = parse_protocol(head, dialect.protocols)
                if isinstance(number, UnknownProtocol):
                    self._report(self._unknown_protocol(head.lower(), self.fields.part(path, 0, len(head))))
                else:
                    self._check_zeros(head, self.fields.part(path, 0, len(head)))
                    protocol = number
        if protocol is not None and protocol not in dialect.protocols_with_ports and ranges not in ((), (ALL_PORTS,)):
            self._report(self._portless(protocol, self.fields.part(path, start, len(text)), f"`{head}:*`"))
        return PortSpec(protocol, () if faults else ranges)

    def _bad_spec(self, fault: PortFault, span: Span, text: str, path: Path) -> Diagnostic:
        control = self._port_words(fault, fault.piece)
        head, colon, tail = text.rpartition(":")
        if not colon and parse_protocol(text, self.fields.dialect.protocols).__class__ is int:
            return BAD_PORT.at(
                span,
                f"{shown(text)} is a protocol, not ports",
                help=f"write `{text}:*`",
                fix=Fix(f"write {text}:*", (Edit(span, in_string(f"{text}:*")),), safe=False),
                control=control,
            )
        pieces = [piece.strip() for piece in tail.split(",")]
        if len(pieces) > 1 and not parse_ports(",".join(pieces)).faults:
            items = ", ".join(f'"{in_string(head)}{colon}{piece}"' for piece in pieces)
            return BAD_PORT.at(
                span,
                f"{shown(fault.piece)} is more than one port",
                help=f"give each its own item: `{items}`",
                fix=Fix("give each its own item", (Edit(Place(self.fields.document, path).span, items),), safe=False),
                control=control,
            )
        return self._bad_port(fault, span, control)

    def _unknown_protocol(self, text: str, span: Span) -> Diagnostic:
        dialect = self.fields.dialect
        names = ", ".join(f"`{name}`" for name in dialect.protocols)
        out_of_range = dialect.control("protocol-range") if text.isascii() and text.isdigit() else None
        return BAD_PROTOCOL.at(
            span,
            f"protocol {shown(text)} is not known",
            help="leave it out for all protocols" if text == "*" else f"use a number from 0 to 255, or one of {names}",
            control=out_of_range or dialect.control("protocol", name=go_quoted(text)),
        )

    def _portless(self, protocol: int, span: Span, everything: str) -> Diagnostic:
        names = {number: name for name, number in reversed([*self.fields.dialect.protocols.items()])}
        name = names.get(protocol, str(protocol))
        control = self.fields.dialect.control("protocol-ports", name=go_quoted(name))
        return BAD_PROTOCOL.at(
            span,
            f"protocol `{name}` has no ports",
            help=f"write {everything}: only tcp, udp and sctp have ports",
            severity=Severity.WARNING if control is None else Severity.ERROR,
            control=control,
        )

    def _report(self, diagnostic: Diagnostic) -> None:
        self.fields.found.append(diagnostic)


def protocol_text(value: str | int) -> str:
    """Give the text of a protocol that may be written as a number; one far out of range is not printed in full."""
    if isinstance(value, str):
        return value.strip(BLANKS)
    return str(value) if abs(value) < 1 << 64 else str(1 << 64)


def _lacks_ports(text: str, host: str, ports: Ports) -> bool:
    """Tell whether what stands before the last colon is only the first part of a selector."""
    if ports.faults and host in PREFIXES:
        return True
    whole = parse_prefix(unbracketed(text))
    return whole is not None and whole.family == 6 and parse_prefix(unbracketed(host)) is None


def _single(text: str) -> Ports:
    """Read one port or range, where lists are not taken."""
    read = parse_port_range(text)
    return Ports((), (read,)) if isinstance(read, PortFault) else Ports((read,), ())


def _from_zero(text: str) -> Ports:
    """Read a comma list of ports and ranges, of which a range may begin at 0."""
    ranges: list[PortRange] = []
    faults: list[PortFault] = []
    start = 0
    for piece in text.split(","):
        low, dash, high = piece.partition("-")
        read = parse_port_range(f"1-{high}" if dash and low and not low.strip("0") else piece, start)
        if isinstance(read, PortRange):
            ranges.append(PortRange(0, read.last) if dash and not low.strip("0") else read)
        elif len(faults) < MOST_FAULTS:
            faults.append(read)
        start += len(piece) + 1
    return Ports(tuple(ranges), tuple(faults))


def _port_complaint(fault: PortFault) -> tuple[str, str | None]:
    """Give message and advice for a bad port."""
    piece = fault.piece
    if fault.refusal == "ports-empty":
        return "nothing follows the colon where ports are wanted", "write `:*` for all ports"
    if not piece:
        return "a port is missing between commas", "remove the surplus comma"
    if any(blank in piece for blank in " \t"):
        return f"port {shown(piece)} has blanks in it", "write ports without blanks"
    if fault.refusal == "ports-dashes":
        return f"port range {shown(piece)} has more than one dash", "a range is `FIRST-LAST`"
    low, _, high = piece.partition("-")
    if fault.refusal == "ports-zero":
        return f"port range {shown(piece)} begins at 0, which is no port", "for all ports write `*`"
    if fault.refusal == "ports-order":
        return f"port range {shown(piece)} ends before it begins", f"write `{high}-{low}`"
    culprit = high if fault.refusal == "ports-last" else low
    if not culprit:
        return f"port range {shown(piece)} is not complete", "a range is `FIRST-LAST`; for all ports write `*`"
    if culprit.isascii() and culprit.isdigit():
        return f"port {shown(culprit)} is above 65535", None
    service = _SERVICES.get(piece)
    if service is not None:
        return f"{shown(piece)} is not a port number", f"names of services are not known here: write `{service}`"
    return f"{shown(culprit)} is not a port number", "ports are numbers from 1 to 65535, ranges such as `80-90`, or `*`"
