"""Rules of the network that open nothing which other rules do not open too: in every tailnet.

All is asked on the canonical population, so what is redundant there is redundant everywhere. Where that cannot be said
(the population does not stand for all, a rule has items that open nothing yet, parts that other rules cannot replace),
a rule is held for needed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Literal

from aclc.diagnostics import Fix
from aclc.lint.exposure import Exposure, exposure_of
from aclc.lint.rule import Context, shared
from aclc.net import ALL_PORTS, DEFAULT_PROTOCOLS, TCP, IpSet, PortSet
from aclc.policy.model import Policy
from aclc.reach.graph.endpoints import literal_extents
from aclc.reach.graph.space import PORT_PROTOCOLS, Edge
from aclc.reach.population.facts import least_facts
from aclc.reach.population.served import UNNAMED
from aclc.records import NamedTuple
from aclc.resolve.model import ResolvedGrant
from aclc.resolve.node_sets import indices_of, node_set
from aclc.resolve.posture import effective_postures
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

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
    """Which rules could go. Cost: few operations per rule; more only where rules do overlap.

    Sets of edges are integers, too (`EdgeIndex`): who lets in at a target is one look-up, whatever the number of rules.
    """

    def __init__(self, policy: Policy, exposure: Exposure) -> None:
        self._policy = policy
        self._exposure = exposure

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
        routed = IpSet.of(*UNNAMED)
        sides = (*literal_extents(resolved, "src"), *literal_extents(resolved, "dst"))
        return not IpSet.from_intervals(sides) & routed

    @cached_property
    def _edges(self) -> dict[int, list[Edge]]:
        found: dict[int, list[Edge]] = {}
        for edge in self._exposure.edges:
            found.setdefault(edge.grant, []).append(edge)
        return found

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """For each rule its edges, as a set of numbers in the index."""
        found: dict[int, list[int]] = {}
        for number, edge in enumerate(self._exposure.edges):
            found.setdefault(edge.grant, []).append(number)
        return {grant: node_set(numbers) for grant, numbers in found.items()}

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
        kept = self._all_of(number for number in self._edges if number not in found)
        needless: list[int] = []
        for number in reversed(may_go):
            if number not in found and self._is_covered_by(number, kept & ~self._numbers[number]):
                kept &= ~self._numbers[number]
                needless.append(number)
        for number in needless:
            found[number] = Verdict("union", number, self._smallest(number, kept))
        return tuple(found[number] for number in sorted(found))

    def _all_of(self, grants: Iterable[int]) -> int:
        """Give the edges of some rules."""
        found = 0
        for grant in grants:
            found |= self._numbers[grant]
        return found

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
        equal: int | None = None
        for other in self._widest_first(number):
            if not self._is_covered_by(number, self._numbers[other]):
                continue
            if not (self._may_go(self.grant(other)) and self._is_covered_by(other, self._numbers[number])):
                kind: Literal["swallowed", "subsumed"] = "swallowed" if other in self.wide else "subsumed"
                return Verdict(kind, number, (other,))
            if other < number and equal is None:
                equal = other
        return None if equal is None else Verdict("duplicate", number, (equal,))

    def _widest_first(self, number: int) -> Iterator[int]:
        """Give the rules that may hold another one: those that open everything, then the rest; of a rule that opens
        everything only such."""
        yield from sorted((self.wide & self._unlike) - {number})
        if number not in self.wide:
            yield from sorted(self._holders(number) - self.wide)

    @cached_property
    def _unlike(self) -> frozenset[int]:
        """The rules without those that open the same as an earlier one: what is true of that one is true of them."""
        first: dict[object, int] = {}
        for number, edges in self._edges.items():
            opened = tuple((edge.src, edge.targets, edge.protocol, edge.ports, edge.is_self) for edge in edges)
            first.setdefault((opened, self._may_go(self.grant(number)), self.grant(number).origin), number)
        return frozenset(first.values())

    @cached_property
    def _edges_unlike(self) -> int:
        return self._all_of(self._unlike)

    def network_parts_held(self) -> Iterator[tuple[int, int]]:
        """Give each grant with `app` all of whose network part one acl opens, which does not open everything; and that
        acl."""
        if not self._edges or not self.is_decided:
            return
        for number in self._edges:
            grant = self.grant(number)
            if not grant.app or not self._may_go(grant._replace(app=())):
                continue
            for other in sorted(self._holders(number) - self.wide):
                if self.grant(other).origin == "acl" and self._is_covered_by(number, self._numbers[other]):
                    yield number, other
                    break

    def _holders(self, number: int) -> set[int]:
        """Give the other rules that may each open all that a rule opens: all of its sources, to a few of its targets,
        on one of its ports. Of equal ones, the first."""
        found: set[int] | None = None
        edges = self._exposure.edges
        for edge in self._edges[number]:
            for sources, targets in self._sides(edge):
                for target in _ends(targets):
                    speaking = self._speaking(edge, target) & self._edges_unlike
                    there = {edges[at].grant for at in indices_of(speaking)} - {number}
                    found = there if found is None else found & there
                    if not found:
                        return found
                found = {other for other in found or () if not sources & ~self._edges[other][0].src}
        return found or set()

    # --- coverage ---

    def _sides(self, edge: Edge) -> list[tuple[int, int]]:
        """Give sources and targets of an edge per family; none for a family that it does not connect."""
        view = self._exposure.view
        src = edge.src & view.member_sources if edge.is_self else edge.src
        pairs = zip(view.sources.families, view.targets.families, strict=True)
        sides = [(src & sources, edge.targets & targets) for sources, targets in pairs]
        return [(sources, targets) for sources, targets in sides if sources and targets]

    def _speaking(self, edge: Edge, target: int) -> int:
        """Give the edges to a target that open one of the services of an edge to that target."""
        protocol = TCP if edge.protocol is None else edge.protocol
        port = max(1, edge.ports[0].first)
        found = self._exposure.index.at_target(target)
        if not edge.is_self:
            found &= ~self._exposure.index.is_self
        return found & self._exposure.index.opening(protocol, port) if edge.opens(protocol, port) else found

    def _is_covered_by(self, number: int, others: int) -> bool:
        """Tell whether some edges together open all that a rule opens."""
        return all(
            self._is_given(edge, sources, others)
            or (
                self._may_be_covered(edge, sources, targets, others)
                and self._is_covered(edge, sources, targets, others)
            )
            for edge in self._edges[number]
            for sources, targets in self._sides(edge)
        )

    def _is_given(self, edge: Edge, sources: int, others: int) -> bool:
        """Tell whether a single one of some edges opens all that an edge opens."""
        index = self._exposure.index
        given = index.giving(edge) & others
        return any(not sources & ~each.src and each.is_self <= edge.is_self for each in index.of(indices_of(given)))

    def _may_be_covered(self, edge: Edge, sources: int, targets: int, others: int) -> bool:
        """Tell whether some edges let all sources of an edge in to a few of its targets on one of its ports: most are
        told to be needed by that."""
        for target in _ends(targets):
            left = sources
            for other in self._exposure.index.of(indices_of(self._speaking(edge, target) & others)):
                left &= ~other.src
                if not left:
                    break
            if left:
                return False
        return True

    def _is_covered(self, edge: Edge, sources: int, targets: int, others: int) -> bool:
        """Tell whether some edges together open all that an edge opens."""
        if not self._may_be_covered(edge, sources, targets, others):
            return False
        return all(_lets_all_in(edge, sources, opening) for opening in self._classes(edge, targets, others))

    def _classes(self, edge: Edge, targets: int, others: int) -> list[list[Edge]]:
        """Give, for each kind of target that some edges tell apart, those of them that could do for an edge there."""
        if not edge.is_self:
            others &= ~self._exposure.index.is_self
        kinds = dict.fromkeys(self._exposure.index.at_target(target) & others for target in indices_of(targets))
        return [self._exposure.index.of(indices_of(kind)) for kind in kinds]

    def _smallest(self, number: int, others: int) -> tuple[int, ...]:
        """Give rules that together open all that a rule opens, none of which can be left out; later ones are left out
        first."""
        answers: list[tuple[int, dict[int, int]]] = []
        for edge in self._edges[number]:
            for sources, targets in self._sides(edge):
                for opening in self._classes(edge, targets, others):
                    for let_in in _let_in(edge, opening):
                        by_rule: dict[int, int] = {}
                        for each in let_in:
                            by_rule[each.grant] = by_rule.get(each.grant, 0) | each.src & sources
                        answers.append((sources, {rule: src for rule, src in by_rule.items() if src}))
        asked: dict[int, list[tuple[int, dict[int, int]]]] = {}
        for answer in answers:
            for rule in answer[1]:
                asked.setdefault(rule, []).append(answer)
        needed = []
        for rule in sorted(asked, reverse=True):
            if all(_is_whole(sources, by_rule, rule) for sources, by_rule in asked[rule]):
                for _, by_rule in asked[rule]:
                    del by_rule[rule]
            else:
                needed.append(rule)
        return tuple(reversed(needed))


def _ends(members: int) -> set[int]:
    """Give the first and the last member of a set."""
    return {(members & -members).bit_length() - 1, members.bit_length() - 1}


def _is_whole(wanted: int, by_rule: dict[int, int], without: int) -> bool:
    """Tell whether rules hold all that is wanted without one of them."""
    left = wanted
    for rule, src in by_rule.items():
        if rule != without:
            left &= ~src
            if not left:
                return True
    return False


def _lets_all_in(edge: Edge, sources: int, opening: Sequence[Edge]) -> bool:
    """Tell whether edges to the same targets let all of some sources in on all that an edge opens."""
    for let_in in _let_in(edge, opening):
        left = sources
        for each in let_in:
            left &= ~each.src
            if not left:
                break
        if left:
            return False
    return True


def _let_in(edge: Edge, opening: Sequence[Edge]) -> Iterator[Sequence[Edge]]:
    """Give, for each service of an edge that others may tell apart, those of some edges that open it: ping, every
    protocol, every interval of its ports."""
    yield opening
    protocols = DEFAULT_PROTOCOLS if edge.protocol is None else (edge.protocol,)
    for protocol in protocols:
        if protocol in _PINGS:
            continue
        speaking = [
            each
            for each in opening
            if (protocol in DEFAULT_PROTOCOLS if each.protocol is None else each.protocol == protocol)
        ]
        if protocol not in PORT_PROTOCOLS:
            if ALL_PORTS in edge.ports:
                yield [each for each in speaking if ALL_PORTS in each.ports]
            continue
        cuts = sorted({cut for each in speaking for ports in each.ports for cut in (ports.first, ports.last + 1)})
        for first, last in PortSet.of(*edge.ports).ranges:
            starts = [first, *cuts[bisect_right(cuts, first) : bisect_right(cuts, last)], last + 1]
            for low, after in pairwise(starts):
                yield [
                    each
                    for each in speaking
                    if any(ports.first <= low and after - 1 <= ports.last for ports in each.ports)
                ]


@shared
def redundancy_of(context: Context) -> Redundancy:
    """Give which rules of the network open nothing of their own, in every tailnet."""
    return Redundancy(context.policy, exposure_of(context))
