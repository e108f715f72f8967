"""Read selectors, looking at those that are meant as addresses.

Whatever was read without a finding is remembered by its text, so a policy of thousands of rules parses each text once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.net import has_host_bits, parse_address, parse_prefix
from aclc.policy.fields import BLANKS, Fields
from aclc.policy.model import Json
from aclc.policy.ports import parse_ports
from aclc.policy.selectors import INVALID, Selector, parse_selector
from aclc.source import Path, Span

DST_WITH_PORT = Code("VAL002", "dst-has-port", Severity.ERROR)
HOST_BITS = Code("VAL024", "cidr-host-bits", Severity.WARNING)
BAD_ADDRESS = Code("VAL025", "bad-ip", Severity.ERROR)
ZERO_MASK = Code("VAL038", "host-with-zero-mask", Severity.ERROR)

PREFIXES = frozenset({"tag", "group", "autogroup", "ipset", "svc", "host", "posture", "user", "localpart"})
"""What stands before the first colon of a selector."""

# What somebody meant as an address: digits and dots, or hexadecimal groups (with at least two colons).
_LIKE_ADDRESS = r"[0-9]+(?:\.[0-9]+)+(?:/.*|-[0-9.]+)?\Z|[0-9]+(?:\.[0-9]+)*/[0-9]*\Z"
_LIKE_ADDRESS_6 = r"[0-9A-Fa-f:.]+(?:%\w*)?(?:/.*)?\Z"


class Selectors:
    """Reads one policy's selectors. `host_names`: the keys of `hosts`, which may look like anything."""

    def __init__(self, fields: Fields, host_names: frozenset[str]) -> None:
        self.fields = fields
        self.host_names = host_names
        self._remembered: dict[str, Selector] = {}
        self._bare: dict[str, Selector] = {}  # those that stand where ports behind them are noticed

    def read(
        self, values: Sequence[Json], path: Path, *, ports_stand_in: str | None = None, refusal: str = ""
    ) -> tuple[Selector, ...]:
        """Give the selectors of a list.

        Args:
            values: items as the file has them.
            path: where the list stands.
            ports_stand_in: advice on ports written behind a selector; None where they are not looked for.
            refusal: key of `Dialect.words` for what is no address, where these words are known.
        """
        known = self._remembered if ports_stand_in is None else self._bare
        try:
            return tuple([known[value] for value in values])
        except (KeyError, TypeError):
            return tuple(
                self._item(value, (*path, index), ports_stand_in, refusal) for index, value in enumerate(values)
            )

    def _item(self, value: Json, path: Path, ports_stand_in: str | None, refusal: str) -> Selector:
        if type(value) is not str:
            self.fields.wrong_type(value, "a selector", "a string", path)
            return INVALID
        remembered = self._remembered if ports_stand_in is None else self._bare
        known = remembered.get(value)
        if known is not None:
            return known
        before = len(self.fields.found)
        text, start = value.strip(BLANKS), len(value) - len(value.lstrip(BLANKS))
        if ports_stand_in is not None:
            bare = self._without_ports(text, path, start, ports_stand_in)
            text, start = bare, start + text.index(bare)
        selector = self.read_one(text, path, start, refusal)
        if len(self.fields.found) == before:
            remembered[value] = selector
        return selector

    def read_one(self, text: str, path: Path, start: int, refusal: str = "") -> Selector:
        """Give the selector that `text` spells; `start` is where it stands in the string at `path`.

        Reports what was meant as an address but is none.
        """
        selector = parse_selector(text)
        if selector.kind == "prefix" and "/" in text:
            if has_host_bits(text):
                self.host_bits(text, self.fields.part(path, start, start + len(text)))
        elif selector.kind == "host" and text not in self.host_names and like_address(text):
            self._report(
                BAD_ADDRESS.at(
                    self.fields.part(path, start, start + len(text)),
                    f"{shown(text)} is not an IP address, nor a CIDR, nor a name in `hosts`",
                    help=address_advice(text),
                    control=self.fields.dialect.control(refusal, selector=go_quoted(text)),
                )
            )
            return INVALID
        return selector

    def host_bits(self, text: str, span: Span) -> None:
        """Report a CIDR with bits set below its mask."""
        prefix = parse_prefix(text)
        assert prefix is not None, text
        address = text.partition("/")[0]
        if prefix.is_default_route:
            width = 32 if prefix.family == 4 else 128
            self._report(
                ZERO_MASK.at(
                    span,
                    f"{shown(text)} means every IPv{prefix.family} address",
                    help=f"for the one address write `{address}/{width}`",
                    fix=Fix(f"write {address}/{width}", (Edit(span, f"{address}/{width}"),), safe=False),
                )
            )
            return
        self._report(
            HOST_BITS.at(
                span,
                f"{shown(text)} has bits set below its mask, so it means `{prefix.cidr}`",
                help=f"write `{prefix.cidr}`, or `{address}` for the one address",
                fix=Fix(f"write {prefix.cidr}", (Edit(span, prefix.cidr),), safe=True),
            )
        )

    def _without_ports(self, text: str, path: Path, start: int, ports_stand_in: str) -> str:
        """Report ports behind a selector that takes none, and give the selector's text without them."""
        head, colon, tail = text.rpartition(":")
        if (
            not colon
            or head in PREFIXES
            or text in self.host_names
            or parse_prefix(text) is not None
            or parse_ports(tail).faults
        ):
            return text
        self._report(
            DST_WITH_PORT.at(
                self.fields.part(path, start + len(head), start + len(text)),
                f"{shown(text)} has ports, which have no place here",
                help=ports_stand_in.format(ports=tail),
            )
        )
        return unbracketed(head)

    def _report(self, diagnostic: Diagnostic) -> None:
        self.fields.found.append(diagnostic)


def like_address(text: str) -> bool:
    """Tell whether `text`, which is no address, was probably meant as one."""
    if text[:1] == "[" or text.count(":") < 2:
        return text[:1] == "[" or re.match(_LIKE_ADDRESS, text) is not None
    return re.match(_LIKE_ADDRESS_6, text) is not None


def address_advice(text: str) -> str:
    """Give what to do about a text that was meant as an address."""
    address, slash, mask = text.partition("/")
    if "[" in text or "]" in text:
        return "square brackets stand only around an IPv6 address, with the ports behind them"
    if "%" in text:
        return "a zone has no meaning in a tailnet: leave it out"
    if slash and parse_address(address) is not None:
        width = 128 if ":" in address else 32
        return f"the mask is a number from 0 to {width}" if mask else "a number of bits must follow the slash"
    if "-" in text:
        return "only ipsets take a range of addresses: use CIDRs"
    parts = address.split(".")
    if ":" not in address and len(parts) != 4:
        return "an IPv4 address has four parts"
    if ":" not in address:
        return "each part of an IPv4 address is a number from 0 to 255 without leading zeros"
    return "an IPv6 address has eight groups of up to four hexadecimal digits, or `::` once"


def unbracketed(host: str) -> str:
    """Give an IPv6 address without its brackets; anything else as it is."""
    if host.startswith("[") and host.endswith("]") and ":" in host and parse_prefix(host[1:-1]) is not None:
        return host[1:-1]
    return host
