"""Ports and protocols as texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.dialects.tailscale import TAILSCALE
from aclc.net import ALL_PORTS, PortRange
from aclc.policy.ports import PortFault, UnknownProtocol, parse_ports, parse_protocol, split_destination


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("*", [ALL_PORTS]),
        ("22", [(22, 22)]),
        ("0022", [(22, 22)]),
        ("65535", [(65535, 65535)]),
        ("1-65535", [(1, 65535)]),
        ("22,80,443", [(22, 22), (80, 80), (443, 443)]),
        ("80,22,80", [(80, 80), (22, 22), (80, 80)]),
        ("22,8000-8999,*", [(22, 22), (8000, 8999), ALL_PORTS]),
    ],
)
def test_ports(text: str, ranges: list[tuple[int, int]]) -> None:
    """Each piece is its own range, in written order, repeats kept."""
    assert (tuple(PortRange(*each) for each in ranges), ()) == parse_ports(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ("ports-empty", "", 0, 0)),
        ("ssh", ("ports-first", "ssh", 0, 3)),
        ("SSH", ("ports-first", "ssh", 0, 3)),
        ("65536", ("ports-first", "65536", 0, 5)),
        ("99999999999999999999", ("ports-first", "99999999999999999999", 0, 20)),
        ("-1", ("ports-first", "-1", 0, 2)),
        ("+1", ("ports-first", "+1", 0, 2)),
        ("٤٣", ("ports-first", "٤٣", 0, 2)),
        ("80-", ("ports-last", "80-", 0, 3)),
        ("80-x", ("ports-last", "80-x", 0, 4)),
        ("80-90-100", ("ports-dashes", "80-90-100", 0, 9)),
        ("0", ("ports-zero", "0", 0, 1)),
        ("0-100", ("ports-zero", "0-100", 0, 5)),
        ("90-80", ("ports-order", "90-80", 0, 5)),
        ("22, 80", ("ports-first", " 80", 3, 6)),
        ("22,", ("ports-first", "", 3, 3)),
    ],
)
def test_bad_ports(text: str, fault: tuple[str, str, int, int]) -> None:
    """A bad piece is named with its place in the text."""
    assert (PortFault(*fault),) == parse_ports(text).faults


def test_each_bad_piece_is_a_fault_of_its_own() -> None:
    """The good pieces are given all the same."""
    ports = parse_ports("22,ssh,443,0")
    assert (PortRange(22, 22), PortRange(443, 443)) == ports.ranges
    assert ["ssh", "0"] == [fault.piece for fault in ports.faults]


@given(st.integers(1, 65535), st.integers(1, 65535))
def test_every_range_reads_back(first: int, last: int) -> None:
    """What a range prints is read as that range."""
    low, high = sorted((first, last))
    assert ((PortRange(low, high),), ()) == parse_ports(f"{low}-{high}")


@given(st.text(alphabet="0123456789-,*: aA", max_size=12))
def test_no_text_raises_and_faults_lie_in_it(text: str) -> None:
    """Faults never point outside the text, and there is a range or a fault for each piece."""
    ports = parse_ports(text)
    assert len(ports.ranges) + len(ports.faults) == len(text.split(","))
    assert all(0 <= fault.start <= fault.end <= len(text) for fault in ports.faults)


@pytest.mark.parametrize(
    ("text", "number"),
    [("tcp", 6), ("TCP", 6), ("ipv6-icmp", 58), ("6", 6), ("006", 6), ("255", 255), ("0", None), ("", None)],
)
def test_protocols(text: str, number: int | None) -> None:
    """Names count in any letter case; 0 names none."""
    assert number == parse_protocol(text, TAILSCALE.protocols)


@pytest.mark.parametrize("text", ["*", "256", "-1", "fc", "tcp ", "6.0", "٦", "1" * 5000])
def test_unknown_protocols(text: str) -> None:
    """Whatever is neither a name nor a number to 255 is unknown."""
    assert UnknownProtocol(text) == parse_protocol(text, TAILSCALE.protocols)


@pytest.mark.parametrize(
    ("text", "host", "ports"),
    [
        ("tag:web:80", "tag:web", "80"),
        ("fd00:1::/64:443", "fd00:1::/64", "443"),
        ("[fd7a::1]:80", "[fd7a::1]", "80"),
        ("100.64.0.1", None, ""),
        ("web:", "web", ""),
    ],
)
def test_destination_is_cut_at_the_last_colon(text: str, host: str | None, ports: str) -> None:
    """Brackets are not looked at here."""
    split = split_destination(text)
    assert (host, ports) == (split.host, split.ports)
    assert ports == text[split.ports_start :]
