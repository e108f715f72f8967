"""Faults of the capturing: gaps that aclc must have, each with its reason. One that is cured fails the run."""

from __future__ import annotations

from collections.abc import Iterable, Set
from fnmatch import fnmatchcase
from typing import NamedTuple

from tests.conformance.compare import Gap


class Fault(NamedTuple):
    """Gaps in these columns of a capture are the capture's own.

    `capture`: a glob of ids. `nodes`: empty where the policy as a whole was compared. Every (node, column) must be a
    gap.
    """

    capture: str
    nodes: tuple[str, ...]
    columns: tuple[str, ...]
    reason: str


IPV6_OF_LATER = "its IPv6 literal is the address of a node in the tailnet file, but was not when it was captured"

KNOWN_FAULTS = (
    Fault(
        "acl-k03",
        ("beedrill", "bulbasaur", "ivysaur", "venusaur"),
        ("routes",),
        "squirtle's route was noted down before it was approved, and in use when the nodes were asked",
    ),
    Fault("policytest-allpass-grants-only-tag-src-ipv6-literal-dst", ("weedle",), ("peers",), IPV6_OF_LATER),
    Fault(
        "policytest-allpass-grants-only-tag-src-ipv6-literal-dst",
        ("beedrill",),
        ("filter set", "filter order", "peers"),
        IPV6_OF_LATER,
    ),
    Fault("sshtest-malformed-dst-bare-ipv6", (), ("verdict", "words", "sshTests"), IPV6_OF_LATER),
    Fault(
        "nodeattrs-interaction-h3-*",
        ("server",),
        ("filter order",),
        "addresses were rewritten after it was captured: its sources stand in the order of the old ones",
    ),
)


def fault_of(gap: Gap) -> Fault | None:
    """Give the fault that a gap belongs to."""
    for fault in KNOWN_FAULTS:
        at_home = gap.node in fault.nodes if gap.node is not None else not fault.nodes
        if fnmatchcase(gap.capture, fault.capture) and gap.column in fault.columns and at_home:
            return fault
    return None


def cured(gaps: Iterable[Gap], compared: Set[str]) -> list[Fault]:
    """Give the faults that claim a gap which is none, among captures that were compared."""
    there = {(gap.capture, gap.node, gap.column) for gap in gaps}
    return [
        fault
        for fault in KNOWN_FAULTS
        for capture in sorted(compared)
        if fnmatchcase(capture, fault.capture)
        and any((capture, node, column) not in there for node in fault.nodes or (None,) for column in fault.columns)
    ]
