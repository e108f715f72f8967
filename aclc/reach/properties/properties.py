"""Do the promises hold? Each broken one comes with a witness: a source, a destination, a port, and the lines that
allow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise, permutations

from aclc.net import DEFAULT_PROTOCOLS, INTERNET, Address, PortRange, PortSet
from aclc.policy.selectors import Selector
from aclc.reach.graph.space import PORT_PROTOCOLS, Edge, View
from aclc.reach.population.principals import Principal
from aclc.reach.powers.pivots import Closure, Pivots, Step
from aclc.reach.properties.promised_services import Service
from aclc.reach.properties.property_file import Property
from aclc.reach.questions.inquiry import serves_subnet
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set
from aclc.source import Span

FUNNEL = "funnel"
"""The node attribute that lets a node open itself to everybody on the internet."""


class Witness(NamedTuple):
    """Why a property does not hold. `source`, `target`: numbers of endpoints, None where the count alone says it.

    `service`: (protocol, port). `edge`: what allows it; None for an access that is missing. `steps`: the way to where
    the packet is sent from; without a source, to the machine that is taken over: the target, or the router before it.
    `reached`: how many nodes, for at-most. `funnel`: where a node attribute lets the whole internet in.
    """

    source: int | None
    target: int | None
    service: tuple[int, int]
    edge: Edge | None
    steps: tuple[Step, ...] = ()
    reached: int = 0
    funnel: Span | None = None


class Goal(NamedTuple):
    """Targets that shall not be reached. `address`: the one that they are all about, where it is one."""

    targets: int
    address: Address | None = None


class Judge:
    """Holds properties against one view."""

    def __init__(self, view: View) -> None:
        self.view = self._view = view
        self._pivots: Pivots | None = None
        self._itselves: dict[tuple[int, Address | None], int] = {}

    def broken(self, promise: Property) -> Witness | None:
        """Give a witness against a property, None where it holds. Assumptions hold.

        A machine reaching itself is no reach, by way of others neither: no policy takes that away. A side that names
        nothing here holds for never, only and isolated, and for always too. Properties that compare with another policy
        are not for here.
        """
        match promise.kind:
            case "never":
                return self._never(self._sources(promise.sides[0]), promise.sides[1], promise)
            case "only":
                everybody = self._view.sources.families[0] | self._view.sources.families[1]
                return self._never(everybody & ~self._sources(promise.sides[0]), promise.sides[1], promise)
            case "isolated":
                return self._plainest(
                    found
                    for one, other in permutations(promise.sides, 2)
                    if (found := self._never(self._sources(one), other, promise)) is not None
                )
            case "always":
                return self._always(promise)
            case "at-most":
                return self._at_most(promise)
            case "exposed":
                return self._exposed(promise)
            case _:
                raise ValueError(promise.kind)

    def empty_side(self, promise: Property) -> tuple[Selector, ...] | None:
        """Give a side of a property that means no source, or no target, where it should: then nothing is said here."""
        for number, side in enumerate(promise.sides):
            means_sources = number == 0 and promise.kind != "exposed"
            if promise.kind == "isolated":
                meant = self._sources(side) or self._targets(side)
            elif promise.kind == "exposed" and number:
                continue
            elif means_sources:
                meant = self._sources(side)
            else:
                meant = self._relied_on(side) if promise.kind == "always" else self._targets(side)
            if not meant:
                return side
        return None

    @property
    def pivots(self) -> Pivots:
        """The pivots of the view, worked out when first needed."""
        if self._pivots is None:
            self._pivots = Pivots(self._view)
        return self._pivots

    def _sources(self, selectors: Sequence[Selector]) -> int:
        found = 0
        for selector in selectors:
            found |= Principal(selector.text, selector).sources(self._view)
        return found

    def _targets(self, selectors: Sequence[Selector]) -> int:
        found = 0
        for selector in selectors:
            found |= Principal(selector.text, selector).targets(self._view)
        return found

    def _never(self, sources: int, to: Sequence[Selector], promise: Property) -> Witness | None:
        address = Principal(to[0].text, to[0]).address(self._view) if len(to) == 1 else None
        return self._reached_by(sources, Goal(self._targets(to), address), promise)

    def _reached_by(self, sources: int, goal: Goal, promise: Property) -> Witness | None:
        """Give a way from some sources to some targets, over other machines where the property says so."""
        found = self._plainest(self._reaches(sources, goal, promise.services))
        return self._over_machines(sources, goal, promise) if found is None and promise.transitive else found

    def _plainest(self, found: Iterable[Witness]) -> Witness | None:
        """Give the first witness of those whose nodes carry fewest tags beyond one; None where there is none.

        What needs no node with several tags is no matter of who applies them.
        """
        best: tuple[int, Witness] | None = None
        for each in found:
            spare = self._spare_tags(each)
            if best is None or spare < best[0]:
                best = spare, each
            if not spare:
                break
        return None if best is None else best[1]

    def _spare_tags(self, witness: Witness) -> int:
        view = self._view
        ends = (view.sources.items, witness.source), (view.targets.items, witness.target)
        nodes = {items[at].node for items, at in ends if at is not None}
        return sum(max(len(view.resolved.tailnet.nodes[node].tags) - 1, 0) for node in nodes if node is not None)

    def _over_machines(self, sources: int, goal: Goal, promise: Property) -> Witness | None:
        """Give a way over machines that are taken over, from another machine than the one that is reached.

        Cost: a closure, and one more for each machine that is on both sides and reached over others.
        """
        view = self._view
        every = self.pivots.closure(view.sources.nodes_in(sources & view.sources.own))
        led_to = view.targets.of_nodes(self.pivots.led_to(every.nodes)) | self._behind_routers(every.nodes)
        reached = led_to | self._reached(self.pivots.sources(every), promise.services)
        by_others: dict[int, int] = {}
        for target in indices_of(goal.targets & reached):
            others = view.sources.nodes_in(sources & view.sources.own & ~self._itself(target, goal.address))
            by_others[others] = by_others.get(others, 0) | 1 << target
        for others, some in by_others.items():
            closure = every if others == every.levels[0] else self.pivots.closure(others)
            found = self._taken(closure, some)
            if found is not None:
                return found
            for found in self._reaches(self.pivots.sources(closure), goal._replace(targets=some), promise.services):
                return found._replace(steps=self._way(closure, found))
        return None

    def _taken(self, closure: Closure, targets: int) -> Witness | None:
        """Give a way to a machine that is one of some targets, or a router with one behind it.

        A router that the way begins at counts where another beginning leads to it.
        """
        view, start = self._view, closure.levels[0]
        fallen = targets & (view.targets.of_nodes(closure.nodes) | self._behind_routers(closure.nodes))
        nodes = view.targets.nodes_in(fallen)
        for node in (*indices_of(nodes & ~start), *indices_of(nodes & start & self.pivots.led_to(closure.nodes))):
            way = closure
            if start >> node & 1:
                way = self.pivots.closure(start & ~view.sources.nodes_in(same_machine(view, node)))
            if way.nodes >> node & 1:
                target = indices_of(fallen & view.targets.at_nodes(1 << node))[0]
                return Witness(None, target, (6, 22), None, self.pivots.path(way, node))
        return None

    def _behind_routers(self, nodes: int) -> int:
        """Give what lies behind the subnet routes of some nodes. What lies behind exit nodes is nobody's to take."""
        return self._in_subnets & self._view.targets.at_nodes(nodes)

    @cached_property
    def _in_subnets(self) -> int:
        """Targets behind subnet routes of their routers."""
        view = self._view
        return node_set([at for at in indices_of(view.targets.pieces) if serves_subnet(view, at)])

    def _way(self, closure: Closure, found: Witness) -> tuple[Step, ...]:
        """Give the steps to where a packet is sent from: a machine, or what lies behind a router that is taken over."""
        endpoint = self._view.sources.items[found.source or 0]
        if endpoint.node is not None:
            return self.pivots.path(closure, endpoint.node)
        for level in closure.levels:
            for node in indices_of(level):
                for route in self._view.resolved.approved[node]:
                    is_here = route.family == endpoint.family and route.first <= endpoint.first <= route.last
                    if is_here and not route.is_default_route:
                        return (*self.pivots.path(closure, node), Step("route", node, node, None, None))
        return ()

    def _reaches(self, sources: int, goal: Goal, services: Sequence[Service]) -> Iterator[Witness]:
        """Give one witness for each edge that lets some source reach some target."""
        view = self._view
        for edge in view.edges:
            src, dst = edge.src & sources, edge.targets & goal.targets
            if not src or not dst:
                continue
            service = _common(edge, services)
            if service is None:
                continue
            for target in indices_of(dst):
                endpoint = view.targets.items[target]
                fits = src & view.sources.families[0 if endpoint.family == 4 else 1]
                if endpoint.node is not None and fits and edge.is_self:
                    fits &= view.same_owner(view.sources, endpoint.node)
                fits &= ~self._itself(target, goal.address)
                if fits:
                    yield Witness((fits & -fits).bit_length() - 1, target, service, edge)
                    break

    def _itself(self, target: int, asked: Address | None = None) -> int:
        """Give the sources that are the machine at a target itself: what they send there never leaves them.

        `asked`: the one address that is asked about, where it is one.
        """
        found = self._itselves.get((target, asked))
        if found is None:
            endpoint = self._view.targets.items[target]
            if endpoint.kind == "own" and endpoint.node is not None:
                found = same_machine(self._view, endpoint.node)
            elif endpoint.kind == "route" and endpoint.first == endpoint.last:
                found = _having(self._view, Address(endpoint.family, endpoint.first))
            else:
                found = _having(self._view, asked) if asked is not None else 0
            self._itselves[target, asked] = found
        return found

    def _relied_on(self, selectors: Sequence[Selector]) -> int:
        """Give the targets of "always": private addresses beyond exit nodes that it names are nothing to rely on."""
        view = self._view
        targets = self._targets(selectors)
        if not targets & ~view.targets.own or any(each.kind == "any" for each in selectors):
            return targets
        beyond = [(at, view.targets.items[at]) for at in indices_of(targets & view.targets.pieces & ~self._in_subnets)]
        private = [at for at, piece in beyond if not INTERNET.contains(Address(piece.family, piece.first))]
        return targets & ~node_set(private)

    def _always(self, promise: Property) -> Witness | None:
        view = self._view
        sources, targets = self._sources(promise.sides[0]), self._relied_on(promise.sides[1])
        edges_at: dict[int, list[int]] = {at: [] for at in indices_of(targets)}
        for number, edge in enumerate(view.edges):
            for target in indices_of(edge.targets & targets):
                edges_at[target].append(number)
        alike: dict[tuple[int, ...], list[int]] = {}
        for target, key in edges_at.items():
            own = (-1 - target,) if any(view.edges[number].is_self for number in key) else ()
            alike.setdefault((*key, *own, view.targets.items[target].family - 10_000), []).append(target)
        for members in alike.values():
            endpoint = view.targets.items[members[0]]
            wanted = sources & view.sources.families[0 if endpoint.family == 4 else 1]
            is_own = endpoint.node is not None and endpoint.kind == "own"
            same = view.same_owner(view.sources, endpoint.node) if is_own and endpoint.node is not None else 0
            edges = [view.edges[number] for number in edges_at[members[0]]]
            opened = [(edge, edge.src & same if edge.is_self else edge.src) for edge in edges]
            for protocol, first, last in _spelled_out(promise.services) if wanted else ():
                for low, _ in _pieces(first, last, edges):
                    let_in = 0
                    for edge, src in opened:
                        if edge.opens(protocol, low):
                            let_in |= src
                    found = self._missing(wanted & ~let_in, members)
                    if found is not None:
                        return Witness(*found, (protocol, low), None)
        return None

    def _missing(self, missing: int, targets: Sequence[int]) -> tuple[int, int] | None:
        """Give a source, of those that are not let in, and a target that is not the source itself."""
        for target in targets if missing else ():
            left = missing & ~self._itself(target)
            if left:
                return (left & -left).bit_length() - 1, target
        return None

    def _at_most(self, promise: Property) -> Witness | None:
        view = self._view
        sources = self._sources(promise.sides[0])
        seen: set[int] = set()
        for node in indices_of(view.sources.nodes_in(sources & view.sources.own)):
            own = view.sources.of_nodes(1 << node)
            if promise.transitive:
                closure = self.pivots.closure(1 << node)
                reached = self._reached(self.pivots.sources(closure), promise.services) | self.pivots.targets(closure)
            else:
                reached = self._reached(own, promise.services)
            others = view.targets.nodes_in(reached & view.targets.own)
            others &= ~view.sources.nodes_in(same_machine(view, node))
            if others not in seen:
                seen.add(others)
                if others.bit_count() > promise.most:
                    return Witness((own & -own).bit_length() - 1, None, (6, 0), None, (), others.bit_count())
        for source in indices_of(sources & ~view.sources.own):
            others = view.targets.nodes_in(self._reached(1 << source, promise.services) & view.targets.own)
            if others.bit_count() > promise.most:
                return Witness(source, None, (6, 0), None, (), others.bit_count())
        return None

    def _reached(self, sources: int, services: Sequence[Service]) -> int:
        view = self._view
        found = 0
        for edge in view.edges:
            if edge.src & sources and _common(edge, services) is not None:
                targets = edge.targets
                if edge.is_self:
                    own = 0
                    for node in indices_of(view.sources.nodes_in(edge.src & sources & view.sources.own)):
                        own |= view.same_owner(view.targets, node)
                    targets &= own
                for mine, theirs in zip(view.sources.families, view.targets.families, strict=True):
                    if edge.src & sources & mine:
                        found |= targets & theirs
        return found

    def _exposed(self, promise: Property) -> Witness | None:
        """Tell whether somebody reaches something without being meant by name: a device shared in, any address outside,
        or the internet through Funnel.

        Whoever a rule names by login or group is meant, and so is whoever the property excepts.
        """
        view = self._view
        what, who = promise.sides
        targets = view.live if any(each.kind == "any" for each in what) else self._targets(what)
        if "funnel" not in promise.openings:
            found = self._funnelled(targets)
            if found is not None:
                return found
        foreign = view.sources.of_nodes(view.resolved.names.shared)
        if "internet" not in promise.openings:
            foreign |= (view.sources.families[0] | view.sources.families[1]) & ~view.sources.own
        meant = view.sources_behind_routes | self._sources(who)
        for grant in view.resolved.grants:
            for selector in grant.src:
                if selector.kind in {"user", "group"}:
                    meant |= view.sources_of(selector)
        return self._reached_by(foreign & ~meant, Goal(targets), promise)

    def _funnelled(self, targets: int) -> Witness | None:
        """Give a node that may open itself to the whole internet, whatever the rules say."""
        view = self._view
        for entry in view.resolved.policy.node_attrs:
            if FUNNEL in entry.attr:
                nodes = 0
                for target in entry.target:
                    nodes |= view.resolved.names.matching(target)
                found = view.targets.of_nodes(nodes & ~view.resolved.names.shared) & targets
                if found:
                    return Witness(None, indices_of(found)[0], (6, 443), None, funnel=entry.place.span)
        return None


def same_machine(view: View, node: int) -> int:
    """Give the sources that are a node itself, or another one in its place: nodes of a population that have an address
    in common are alternatives."""
    same = 1 << node
    for address in view.resolved.names.addresses[node]:
        same |= view.sources.nodes_in(node_set(view.sources.holding(address)))
    return view.sources.of_nodes(same)


def _having(view: View, address: Address) -> int:
    """Give the sources that have an address: nodes, and what lies outside where it has no other address."""
    found = 0
    for number in view.sources.holding(address):
        source = view.sources.items[number]
        if source.node is not None:
            found |= view.sources.of_nodes(1 << source.node)
        elif source.first == source.last:
            found |= 1 << number
    return found


def _common(edge: Edge, services: Sequence[Service]) -> tuple[int, int] | None:
    """Give a protocol and port that the edge opens and that is asked about; None where there is none."""
    for asked, first, last in services:
        if asked is None and (first, last) == (0, 65535):
            spoken = edge.protocol if edge.protocol is not None else 6
            ports = edge.ports[0].first if spoken in PORT_PROTOCOLS and edge.ports else 0
            return spoken, ports
        protocol = asked if asked is not None else edge.protocol if edge.protocol in PORT_PROTOCOLS else 6
        if protocol in {1, 58}:
            return protocol, 0
        if edge.protocol not in {None, protocol} or (edge.protocol is None and protocol not in DEFAULT_PROTOCOLS):
            continue
        if protocol not in PORT_PROTOCOLS:
            if edge.opens(protocol, 0):
                return protocol, 0
            continue
        opened = PortSet.of(*edge.ports) & PortSet.of(PortRange(first, last))
        if opened:
            return protocol, opened.ranges[0][0]
    return None


def _spelled_out(services: Sequence[Service]) -> list[tuple[int, int, int]]:
    """Give services with `any` as TCP and UDP, which is what a rule with bare ports opens."""
    found: list[tuple[int, int, int]] = []
    for protocol, first, last in services:
        found += [(6, first, last), (17, first, last)] if protocol is None else [(protocol, first, last)]
    return found


def _pieces(first: int, last: int, edges: Sequence[Edge]) -> list[tuple[int, int]]:
    """Cut an interval of ports where some edge begins or ends."""
    starts = {first}
    for edge in edges:
        for ports in edge.ports:
            starts.update(start for start in (ports.first, ports.last + 1) if first < start <= last)
    ordered = [*sorted(starts), last + 1]
    return [(low, after - 1) for low, after in pairwise(ordered)]
