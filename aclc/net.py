"""Addresses, prefixes, ports and protocols: the only arithmetic on them in aclc.

An address is its family (4 or 6) and an integer. Sets are sorted, disjoint, merged intervals, both ends inclusive, the
two families apart. Text is made only here, in the spelling of Go's `netip`, which is what control planes and clients
print.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from aclc.records import NamedTuple

WIDTH = {4: 32, 6: 128}
"""Bits of an address, by family."""

LAST = {4: (1 << 32) - 1, 6: (1 << 128) - 1}
"""The highest address, by family."""

Interval = tuple[int, int]


class Address(NamedTuple):
    """One IP address. An IPv4 address written as IPv4-mapped IPv6 stays IPv6 (Go's netip does not unmap)."""

    family: int
    value: int

    def __str__(self) -> str:
        return address_text(self.family, self.value)

    @property
    def prefix(self) -> Prefix:
        """The prefix that holds just this address."""
        return Prefix(self.family, self.value, WIDTH[self.family])


class Prefix(NamedTuple):
    """A CIDR block; the bits of `first` below the mask are zero."""

    family: int
    first: int
    bits: int

    @property
    def last(self) -> int:
        """The highest address in it."""
        return self.first | (LAST[self.family] >> self.bits)

    @property
    def is_single(self) -> bool:
        """Whether it holds one address."""
        return self.bits == WIDTH[self.family]

    @property
    def cidr(self) -> str:
        """Its text with the mask always written: `10.0.0.1/32`."""
        return f"{address_text(self.family, self.first)}/{self.bits}"

    def __str__(self) -> str:
        """Its text as packet filters have it: a single address is bare, everything else CIDR."""
        return address_text(self.family, self.first) if self.is_single else self.cidr

    def contains(self, address: Address) -> bool:
        """Tell whether the address lies in it."""
        return self.family == address.family and self.first <= address.value <= self.last

    def covers(self, other: Prefix) -> bool:
        """Tell whether every address of `other` lies in it (equal counts)."""
        return self.family == other.family and self.bits <= other.bits and self.first == other.first & self.mask

    def overlaps(self, other: Prefix) -> bool:
        """Tell whether some address lies in both."""
        return self.covers(other) or other.covers(self)

    def widened(self, bits: int) -> Prefix:
        """Give the prefix of `bits` bits, no more than its own, that it is a part of."""
        last = LAST[self.family]
        return Prefix(self.family, self.first & (last ^ (last >> bits)), bits)

    @property
    def mask(self) -> int:
        """The network mask as an integer."""
        return LAST[self.family] ^ (LAST[self.family] >> self.bits)

    @property
    def is_default_route(self) -> bool:
        """Whether it is `0.0.0.0/0` or `::/0`: a route to it makes an exit node."""
        return self.bits == 0


_V4 = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}\Z")
_V6 = re.compile(r"[0-9A-Fa-f:.]{2,45}\Z")


def parse_address(text: str) -> Address | None:
    """Give the address that `text` spells, or None. No zone, no leading zeros in IPv4 parts, no blanks, no mask."""
    if ":" not in text:
        if not _V4.match(text):
            return None
        value = 0
        for part in text.split("."):
            number = int(part)
            if number > 255:
                return None
            value = value << 8 | number
        return Address(4, value)
    if not _V6.match(text) or ("." in text and not _V4.match(text[text.rfind(":") + 1 :])):
        return None
    # WHY not at the head: a policy that writes no IPv6 address need not wait for it.
    from socket import AF_INET6, inet_pton

    try:
        return Address(6, int.from_bytes(inet_pton(AF_INET6, text), "big"))
    except OSError:
        return None


def parse_prefix(text: str) -> Prefix | None:
    """Give the prefix that `text` spells as CIDR or as a single address, or None. Bits below the mask are dropped."""
    head, slash, tail = text.partition("/")
    address = parse_address(head)
    if address is None:
        return None
    width = WIDTH[address.family]
    if not slash:
        return Prefix(address.family, address.value, width)
    if (
        not (tail.isascii() and tail.isdigit())
        or len(tail) > 3
        or (tail[0] == "0" and tail != "0")
        or int(tail) > width
    ):
        return None
    return address.prefix.widened(int(tail))


def has_host_bits(text: str) -> bool:
    """Tell whether `text` is a CIDR whose address has bits set below its mask (`192.168.55.1/24`)."""
    address, prefix = parse_address(text.partition("/")[0]), parse_prefix(text)
    return address is not None and prefix is not None and address.value != prefix.first


def parse_range(text: str) -> tuple[Address, Address] | None:
    """Give the two ends of `a-b`, both of one family and in order, or None."""
    low, dash, high = text.partition("-")
    if not dash:
        return None
    first, last = parse_address(low), parse_address(high)
    if first is None or last is None or first.family != last.family or first.value > last.value:
        return None
    return first, last


def address_text(family: int, value: int) -> str:
    """Give the text of an address, as Go's netip prints it.

    IPv6 is in lower case, the longest run of two or more zero groups is shortened (the first of equal runs), and only
    IPv4-mapped addresses have a dotted tail.
    """
    if family == 4:
        return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"
    if value >> 32 == 0xFFFF:
        return f"::ffff:{address_text(4, value & 0xFFFFFFFF)}"
    if value >> 32 == 0 and value > 0xFFFF:
        # WHY: the C library prints ::/96 with a dotted tail, Go does not.
        return f"::{value >> 16:x}:{value & 0xFFFF:x}"
    from socket import AF_INET6, inet_ntop

    return inet_ntop(AF_INET6, value.to_bytes(16, "big"))


def interval_text(family: int, first: int, last: int) -> str:
    """Give an interval as a packet filter has it: bare address, CIDR where it is one, else `a-b`."""
    if first == last:
        return address_text(family, first)
    size = last - first + 1
    if size & (size - 1) == 0 and first & (size - 1) == 0:
        return f"{address_text(family, first)}/{WIDTH[family] - size.bit_length() + 1}"
    return f"{address_text(family, first)}-{address_text(family, last)}"


def interval_prefixes(family: int, first: int, last: int) -> Iterator[Prefix]:
    """Give the fewest prefixes that make up an interval, in address order. At most 2 × width of them."""
    while first <= last:
        size = first & -first if first else 1 << WIDTH[family]
        while first + size - 1 > last:
            size >>= 1
        yield Prefix(family, first, WIDTH[family] - size.bit_length() + 1)
        first += size


class IpSet(NamedTuple):
    """A set of addresses: per family sorted, disjoint, non-touching intervals. Equal sets are equal values.

    Build with `IpSet.of`, `IpSet.everything` or the operators; the constructor trusts what it is given.
    """

    v4: tuple[Interval, ...] = ()
    v6: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, *prefixes: Prefix) -> IpSet:
        """Give the union of prefixes."""
        return cls.from_intervals((prefix.family, prefix.first, prefix.last) for prefix in prefixes)

    @classmethod
    def from_intervals(cls, intervals: Iterable[tuple[int, int, int]]) -> IpSet:
        """Give the union of (family, first, last) intervals, in any order. Cost: O(n log n)."""
        four: list[Interval] = []
        six: list[Interval] = []
        for family, first, last in intervals:
            (four if family == 4 else six).append((first, last))
        return cls(_merged(four), _merged(six))

    @classmethod
    def everything(cls) -> IpSet:
        """Give `0.0.0.0/0` and `::/0`."""
        return cls(((0, LAST[4]),), ((0, LAST[6]),))

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    def family(self, family: int) -> tuple[Interval, ...]:
        """Give the intervals of family 4 or 6."""
        return self.v4 if family == 4 else self.v6

    def intervals(self) -> Iterator[tuple[int, int, int]]:
        """Give (family, first, last), IPv4 first, in address order."""
        for first, last in self.v4:
            yield 4, first, last
        for first, last in self.v6:
            yield 6, first, last

    def prefixes(self) -> Iterator[Prefix]:
        """Give the fewest prefixes that make up the set, IPv4 first, in address order."""
        for family, first, last in self.intervals():
            yield from interval_prefixes(family, first, last)

    def __or__(self, other: IpSet) -> IpSet:
        return IpSet(_merged([*self.v4, *other.v4]), _merged([*self.v6, *other.v6]))

    def __and__(self, other: IpSet) -> IpSet:
        return IpSet(_common(self.v4, other.v4), _common(self.v6, other.v6))

    def __sub__(self, other: IpSet) -> IpSet:
        return IpSet(
            _common(self.v4, _complement(other.v4, LAST[4])),
            _common(self.v6, _complement(other.v6, LAST[6])),
        )

    def contains(self, address: Address) -> bool:
        """Tell whether the address is in the set. Cost: O(log n)."""
        return _holds(self.family(address.family), address.value, address.value)

    def covers(self, prefix: Prefix) -> bool:
        """Tell whether every address of the prefix is in the set. Cost: O(log n)."""
        return _holds(self.family(prefix.family), prefix.first, prefix.last)

    def overlaps(self, prefix: Prefix) -> bool:
        """Tell whether some address of the prefix is in the set. Cost: O(log n)."""
        intervals = self.family(prefix.family)
        index = bisect_right(intervals, (prefix.last, LAST[6] + 1)) - 1
        return index >= 0 and intervals[index][1] >= prefix.first

    def texts(self) -> Iterator[str]:
        """Give each interval as `interval_text` does, IPv4 first, in address order."""
        for family, first, last in self.intervals():
            yield interval_text(family, first, last)


def _merged(intervals: list[Interval]) -> tuple[Interval, ...]:
    intervals.sort()
    result: list[Interval] = []
    for first, last in intervals:
        if result and first <= result[-1][1] + 1:
            if last > result[-1][1]:
                result[-1] = (result[-1][0], last)
        else:
            result.append((first, last))
    return tuple(result)


def _complement(intervals: tuple[Interval, ...], top: int) -> tuple[Interval, ...]:
    result: list[Interval] = []
    at = 0
    for first, last in intervals:
        if first > at:
            result.append((at, first - 1))
        at = last + 1
    if at <= top:
        result.append((at, top))
    return tuple(result)


def _common(left: tuple[Interval, ...], right: tuple[Interval, ...]) -> tuple[Interval, ...]:
    result: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        first, last = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if first <= last:
            result.append((first, last))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(result)


def _holds(intervals: tuple[Interval, ...], first: int, last: int) -> bool:
    index = bisect_right(intervals, (first, LAST[6] + 1)) - 1
    return index >= 0 and intervals[index][0] <= first and last <= intervals[index][1]


def _parsed(text: str) -> Prefix:
    prefix = parse_prefix(text)
    assert prefix is not None, text
    return prefix


CGNAT = _parsed("100.64.0.0/10")
"""The addresses that control planes give to nodes (IPv4)."""

CHROMEOS_VM = _parsed("100.115.92.0/23")
"""The part of CGNAT that is never given to nodes; left out of `*`."""

# WHY numbers: nothing is needed to read them.
TAILNET_ULA = Prefix(6, 0xFD7A_115C_A1E0 << 80, 48)
"""The addresses that control planes give to nodes (IPv6)."""

WILDCARD = IpSet.of(CGNAT, TAILNET_ULA) - IpSet.of(CHROMEOS_VM)
"""What `*` means as a source, before subnet routes are added."""

VIA6 = Prefix(6, 0xFD7A_115C_A1E0_0B1A << 64, 64)
"""The part of the tailnet's range that stands for IPv4 networks behind 4via6 routers; never given to nodes."""

INTERNET = IpSet.of(_parsed("0.0.0.0/0"), Prefix(6, 1 << 125, 3)) - IpSet.of(
    *(_parsed(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"))
)
"""What `autogroup:internet` means as a destination of an exit node."""


class PortRange(NamedTuple):
    """Ports from `first` to `last`, inclusive, 0 … 65535."""

    first: int
    last: int

    def __str__(self) -> str:
        if self == ALL_PORTS:
            return "*"
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


ALL_PORTS = PortRange(0, 65535)


class PortSet(NamedTuple):
    """A set of ports: sorted, disjoint, non-touching ranges."""

    ranges: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, *ranges: PortRange) -> PortSet:
        """Give the union of port ranges."""
        return cls(_merged([(each.first, each.last) for each in ranges]))

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __or__(self, other: PortSet) -> PortSet:
        return PortSet(_merged([*self.ranges, *other.ranges]))

    def __and__(self, other: PortSet) -> PortSet:
        return PortSet(_common(self.ranges, other.ranges))

    def __sub__(self, other: PortSet) -> PortSet:
        return PortSet(_common(self.ranges, _complement(other.ranges, 65535)))

    def contains(self, port: int) -> bool:
        """Tell whether the port is in the set."""
        return _holds(self.ranges, port, port)

    def covers(self, wanted: PortRange) -> bool:
        """Tell whether every port of the range is in the set."""
        return _holds(self.ranges, wanted.first, wanted.last)


ICMP, TCP, UDP, ICMPV6, SCTP = 1, 6, 17, 58, 132
"""IP protocol numbers that the semantics names."""

DEFAULT_PROTOCOLS = (TCP, UDP, ICMP, ICMPV6)
"""What a filter rule without `IPProto` stands for."""
