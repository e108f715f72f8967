"""Rules of the network that open nothing which other rules do not open too: in every tailnet.

All is asked on the canonical population, so what is redundant there is redundant everywhere. Where that cannot be said
(the population does not stand for all, a rule has items that open nothing yet, parts that other rules cannot replace),
a rule is held for needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from aclc.diagnostics import Fix
from aclc.lint.exposure import Exposure
from aclc.net import DEFAULT_PROTOCOLS, IpSet, PortSet
from aclc.policy.model import Policy
from aclc.reach.endpoints import literal_extents
from aclc.reach.facts import least_facts
from aclc.reach.population import ROUTED_OUTSIDE
from aclc.reach.space import PORT_PROTOCOLS, Edge
from aclc.resolve.model import ResolvedGrant
from aclc.resolve.posture import effective_postures
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

_MOST_CLASSES = 2000
"""Kinds of targets that one question may tell apart before it is given up."""

_PINGS = frozenset({1, 58})


class Verdict(NamedTuple):
    """A rule that could go, and the smallest set of rules found that keep all of its access open.

    `swallowed`: by a rule that opens everything. `duplicate`: each opens what the other opens. `subsumed`: one rule
    opens more. `union`: several do together. Numbers are indices into `Resolved.grants`. All the rules of all verdicts
    may go at once.
    """

    kind: Literal["swallowed", "duplicate", "subsumed", "union"]
    grant: int
    keepers: tuple[int, ...]


class Redundancy:
    """Which rules could go. Cost: few operations per rule and edge; more only where rules do overlap."""

    def __init__(self, policy: Policy, exposure: Exposure) -> None:
        self._policy = policy
        self._exposure = exposure
        self._at_target: dict[int, list[Edge]] = {}

    def grant(self, number: int) -> ResolvedGrant:
        """Give a rule."""
        return self._exposure.view.resolved.grants[number]

    def place(self, number: int) -> Place:
        """Give where a rule stands."""
        return self.grant(number).place

    def removal(self, number: int) -> Fix | None:
        """Give the fix that removes a rule; None where the policy is not HuJSON."""
        document = self._policy.document
        if not isinstance(document, HujsonDocument):
            return None
        return Fix("remove the rule", delete(document, self.place(number).path), safe=True)

    @cached_property
    def is_decided(self) -> bool:
        """Whether the canonical population stands for every tailnet (see `Population.doubts`)."""
        policy = self._policy
        if any("disable-ipv4" in entry.attr for entry in policy.node_attrs):
            return False
        if policy.postures and least_facts([policy.postures]) is None:
            return False
        resolved = self._exposure.view.resolved
        routed = IpSet.of(*ROUTED_OUTSIDE)
        sides = (*literal_extents(resolved, "src"), *literal_extents(resolved, "dst"))
        return not IpSet.from_intervals(sides) & routed

    @cached_property
    def _edges(self) -> dict[int, list[Edge]]:
        found: dict[int, list[Edge]] = {}
        for edge in self._exposure.edges:
            found.setdefault(edge.grant, []).append(edge)
        return found

    @cached_property
    def wide(self) -> frozenset[int]:
        """The rules by each of which every device reaches every device on every port."""
        exposure = self._exposure
        return frozenset(
            edge.grant
            for edge in exposure.edges
            if not edge.is_self
            and edge.protocol is None
            and exposure.any_member(edge.src)
            and exposure.any_tagged(edge.src)
            and exposure.any_device(edge.targets)
            and exposure.opens_every_port(edge)
        )

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every rule that could go, in the order of the rules."""
        if len(self._edges) < 2 or not self.is_decided:
            return ()
        found: dict[int, Verdict] = {}
        may_go = [number for number in self._edges if self._may_go(self.grant(number))]
        for number in may_go:
            verdict = self._by_one(number)
            if verdict is not None:
                found[number] = verdict
        kept = dict.fromkeys(number for number in self._edges if number not in found)
        needless: list[int] = []
        for number in reversed(may_go):
            if number not in found and self._is_touched_whole(number, kept):
                del kept[number]
                if self._covered_by(number, kept):
                    needless.append(number)
                else:
                    kept[number] = None
        remaining = sorted(kept)
        for number in needless:
            found[number] = Verdict("union", number, self._smallest(number, remaining))
        return tuple(found[number] for number in sorted(found))

    def _may_go(self, grant: ResolvedGrant) -> bool:
        """Tell whether a rule is about the network only, and all that it names can be judged."""
        if grant.app or grant.via is not None or grant.origin == "default":
            return False
        view = self._exposure.view
        postures = effective_postures(self._policy, grant.src_posture)
        return all(view.sources_of(selector, postures) for selector in grant.src) and all(
            part.is_self or view.targets_of(target.selector)
            for part in grant.parts
            for network in part.networks
            for target in network.targets
        )

    # --- one rule holds another ---

    def _by_one(self, number: int) -> Verdict | None:
        """Give the verdict where a single rule keeps everything open: the widest, else the first."""
        holders = self._touching(number)
        holders.discard(number)
        if number in self.wide:
            holders &= self.wide
        equal: int | None = None
        for other in sorted(holders, key=lambda each: (each not in self.wide, each)):
            if not self._covered_by(number, (other,)):
                continue
            if not (self._may_go(self.grant(other)) and self._covered_by(other, (number,))):
                kind: Literal["swallowed", "subsumed"] = "swallowed" if other in self.wide else "subsumed"
                return Verdict(kind, number, (other,))
            if other < number and equal is None:
                equal = other
        return None if equal is None else Verdict("duplicate", number, (equal,))

    def network_parts_held(self) -> Iterator[tuple[int, int]]:
        """Give each grant with `app` all of whose network part one acl opens, which does not open everything; and that
        acl."""
        if not self._edges or not self.is_decided:
            return
        for number in self._edges:
            grant = self.grant(number)
            if not grant.app or not self._may_go(grant._replace(app=())):
                continue
            for other in sorted(self._touching(number) - self.wide):
                if self.grant(other).origin == "acl" and self._covered_by(number, (other,)):
                    yield number, other
                    break

    def _touching(self, number: int) -> set[int]:
        """Give the rules that open a few chosen packets of every edge of a rule."""
        common = set(self._edges)
        for edge in self._edges[number]:
            for sample in self._samples(edge):
                common &= {other.grant for other in self._opening(edge, *sample)}
                if len(common) < 2:
                    return set()
        return common

    def _is_touched_whole(self, number: int, others: Collection[int]) -> bool:
        """Tell whether some of the other rules open a few chosen packets of every edge of a rule."""
        return all(
            any(other.grant in others and other.grant != number for other in self._opening(edge, *sample))
            for edge in self._edges[number]
            for sample in self._samples(edge)
        )

    def _samples(self, edge: Edge) -> list[tuple[int, int]]:
        """Give pairs of source and target that an edge connects: of the first and the last of each side."""
        found: list[tuple[int, int]] = []
        for sources, targets in self._sides(edge):
            some = {(sources & -sources).bit_length() - 1: None, sources.bit_length() - 1: None}
            some_targets = {(targets & -targets).bit_length() - 1: None, targets.bit_length() - 1: None}
            found += [(source, target) for source in some for target in some_targets]
        return found

    def _opening(self, edge: Edge, source: int, target: int) -> list[Edge]:
        """Give the edges that open one packet that an edge opens, from a source to a target."""
        found = self._at_target.get(target)
        if found is None:
            found = self._at_target[target] = [each for each in self._exposure.edges if each.targets >> target & 1]
        protocol = 6 if edge.protocol is None else edge.protocol
        port = max(1, edge.ports[0].first)
        return [
            each
            for each in found
            if each.src >> source & 1
            and (edge.is_self or not each.is_self)
            and (each.opens(protocol, port) or not edge.opens(protocol, port))
        ]

    # --- coverage ---

    def _covered_by(self, number: int, others: Iterable[int]) -> bool:
        """Tell whether some rules together open all that a rule opens."""
        edges = [edge for other in others for edge in self._edges[other]]
        return all(self._is_covered(edge, edges) for edge in self._edges[number])

    def _smallest(self, number: int, others: Sequence[int]) -> tuple[int, ...]:
        """Give rules of which none can be left out; later ones are left out first."""
        mine = self._edges[number]
        needed = [
            other
            for other in others
            if any(edge.src & each.src and edge.targets & each.targets for edge in self._edges[other] for each in mine)
        ]
        for other in reversed(list(needed)):
            rest = [each for each in needed if each != other]
            if self._covered_by(number, rest):
                needed = rest
        return tuple(needed)

    def _sides(self, edge: Edge) -> list[tuple[int, int]]:
        """Give sources and targets of an edge per family; none for a family that it does not connect."""
        view = self._exposure.view
        src = edge.src & view.member_sources if edge.is_self else edge.src
        pairs = zip(view.sources.families, view.targets.families, strict=True)
        sides = [(src & sources, edge.targets & targets) for sources, targets in pairs]
        return [(sources, targets) for sources, targets in sides if sources and targets]

    def _is_covered(self, edge: Edge, others: Sequence[Edge]) -> bool:
        for sources, targets in self._sides(edge):
            classes: list[tuple[int, list[Edge]]] = [(targets, [])]
            for other in others:
                if not other.src & sources or not other.targets & targets or (other.is_self and not edge.is_self):
                    continue
                split: list[tuple[int, list[Edge]]] = []
                for members, opening in classes:
                    inside = members & other.targets
                    if inside:
                        split.append((inside, [*opening, other]))
                    if inside != members:
                        split.append((members & ~inside, opening))
                classes = split
                if len(classes) > _MOST_CLASSES:
                    return False
            if not all(_lets_all_in(edge, sources, opening) for _, opening in classes):
                return False
        return True


def _lets_all_in(edge: Edge, sources: int, opening: Sequence[Edge]) -> bool:
    """Tell whether edges to the same targets let all of some sources in on all that an edge opens."""
    pinging = 0
    for each in opening:
        pinging |= each.src
    if sources & ~pinging:
        return False
    protocols = DEFAULT_PROTOCOLS if edge.protocol is None else (edge.protocol,)
    wanted = PortSet.of(*edge.ports)
    for protocol in protocols:
        if protocol in _PINGS:
            continue
        speaking = [
            each
            for each in opening
            if (protocol in DEFAULT_PROTOCOLS if each.protocol is None else each.protocol == protocol)
        ]
        if protocol not in PORT_PROTOCOLS:
            if (0, 65535) in edge.ports:
                let_in = 0
                for each in speaking:
                    if (0, 65535) in each.ports:
                        let_in |= each.src
                if sources & ~let_in:
                    return False
            continue
        cuts = {cut for each in speaking for ports in each.ports for cut in (ports.first, ports.last + 1)}
        for first, last in wanted.ranges:
            starts = sorted({first, last + 1, *(cut for cut in cuts if first < cut <= last)})
            for low, after in pairwise(starts):
                let_in = 0
                for each in speaking:
                    if any(ports.first <= low and after - 1 <= ports.last for ports in each.ports):
                        let_in |= each.src
                if sources & ~let_in:
                    return False
    return True
