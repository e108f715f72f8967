"""Where the rules speak of both ends of a test, and what each source reaches through that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from aclc.net import ALL_PORTS, DEFAULT_PROTOCOLS, ICMP, ICMPV6, SCTP, TCP, UDP, PortRange
from aclc.policy_tests.world import Party, Reach, World
from aclc.records import NamedTuple
from aclc.resolve.model import Item, ResolvedGrant
from aclc.resolve.node_sets import indices_of
from aclc.resolve.posture import allowed_by_posture
from aclc.source import Span

PORTED = frozenset({TCP, UDP, SCTP})
"""Protocols that have ports."""

_PINGS = frozenset({ICMP, ICMPV6})
_NAMES = {TCP: "tcp", UDP: "udp", SCTP: "sctp", ICMP: "icmp", ICMPV6: "icmpv6"}


class Probe(NamedTuple):
    """One question to the rules: may `source` send to `target`?

    `protocols`: to be let through over one of them is enough. `attributes`: the posture that the test gives its source.
    """

    source: Party
    target: Party
    protocols: tuple[int, ...]
    port: int
    attributes: Mapping[str, Any]


class Opening(NamedTuple):
    """A place in a rule that speaks of both ends of a probe.

    `sources`, `targets`: those of the probe that it means; for `autogroup:self` the targets still hang on the source.
    `of_group`: a test of a group asks, and whose own nodes it means is not known.
    `fit`: whether protocol and port are open here; `opened`: what is, in words. `is_guarded`: a posture keeps the
    test's source out.
    """

    grant: ResolvedGrant
    item: Item
    sources: Reach
    targets: Reach
    fit: Literal["yes", "no", "maybe"]
    opened: str
    is_self: bool
    is_guarded: bool
    of_group: bool

    @property
    def span(self) -> Span:
        """Where the rule says so; the start of the policy where it has no rules, so that all is open."""
        place = self.grant.place
        return place.span.within(0, 0) if self.grant.origin == "default" else place.at("dst", self.item.dst).span

    def reached_from(self, source: int, world: World) -> Reach:
        """Give the targets that are reached from a source, were it not for protocol, port and posture."""
        targets = self.targets & world.own_nodes(source) if self.is_self else self.targets
        if self.sources.surely >> source & 1 and not (self.is_self and self.of_group):
            return targets
        is_source = (self.sources.surely | self.sources.maybe) >> source & 1
        return Reach(0, targets.surely | targets.maybe) if is_source else Reach()


class Reached(NamedTuple):
    """What one source reaches of a probe's targets: for certain, and perhaps. The two are disjoint."""

    source: int
    surely: int
    maybe: int


def openings(world: World, probe: Probe) -> Iterator[Opening]:
    """Give the places in rules that speak of both ends, in the order of the rules. Cost: one pass over the rules,
    a look at those alone that may mean the source."""
    global_only = world.policy.meaning.tests_see_global_rules
    for grant, any_sources in zip(world.resolved.grants, world.any_sources, strict=True):
        if not any_sources & probe.source.nodes or (global_only and grant.via is not None):
            continue
        sources = world.sources(grant.src, probe.source)
        if sources == Reach():
            continue
        is_guarded = not allowed_by_posture(world.policy, grant.src_posture, probe.attributes)
        for part in grant.parts:
            if global_only and part.is_self:
                continue
            for network in part.networks:
                for target in network.targets:
                    if part.is_self:
                        targets = Reach(probe.target.nodes)
                    elif grant.via is not None:
                        targets = world.routed_targets(target.selector, probe.target)
                    else:
                        targets = world.targets(target.selector, probe.target)
                    if targets != Reach():
                        fit, at = _fit(network.protocol, target.ports, probe)
                        opened = _opened(network.protocol, target.ports)
                        item = target.items[at]
                        of_group = probe.source.selector.kind == "group"
                        yield Opening(grant, item, sources, targets, fit, opened, part.is_self, is_guarded, of_group)


def reached(world: World, probe: Probe, found: Iterable[Opening]) -> Iterator[Reached]:
    """Give what each source of a probe reaches through openings that fit and that no posture guards."""
    through = [each for each in found if not each.is_guarded and each.fit != "no"]
    for source in indices_of(probe.source.nodes):
        surely = maybe = 0
        for opening in through:
            targets = opening.reached_from(source, world)
            if opening.fit == "yes":
                surely |= targets.surely
            maybe |= targets.surely | targets.maybe
        yield Reached(source, surely, maybe & ~surely)


def _fit(protocol: int | None, ports: Sequence[PortRange], probe: Probe) -> tuple[Literal["yes", "no", "maybe"], int]:
    """Tell whether a rule's protocol and ports let a probe through, and which of its ports does."""
    open_protocols = DEFAULT_PROTOCOLS if protocol is None else (protocol,)
    if _PINGS.issuperset(probe.protocols):
        # WHY maybe: a client lets ping in wherever anything is open, whether the tests know that is not known.
        return ("yes" if _PINGS.intersection(open_protocols) else "maybe"), 0
    asked = [each for each in probe.protocols if each in open_protocols]
    for at, ports_open in enumerate(ports if asked else ()):
        if ports_open == ALL_PORTS or (PORTED.issuperset(asked) and ports_open.first <= probe.port <= ports_open.last):
            return "yes", at
    return "no", 0


def _opened(protocol: int | None, ports: Iterable[PortRange]) -> str:
    """Say what a rule opens: `tcp 80, 443`."""
    listed = ", ".join(dict.fromkeys("every port" if each == ALL_PORTS else str(each) for each in ports))
    if protocol is None:
        return listed if listed.startswith("every") else f"port {listed}"
    return f"{protocol_name(protocol)} {listed}"


def protocol_name(number: int) -> str:
    """Give the word for a protocol."""
    return _NAMES.get(number, f"protocol {number}")
