"""Which nodes a node knows of, and which of their routes it may use (reference §9).

Two nodes know each other iff one may send the other something: some rule of one lists, among its sources, an address of
the other or something that overlaps one of its subnet routes.

All of it is a matter of sets: everybody in one set of *senders* meets everybody in one set of *receivers*. What a set
meets is added up once; nodes in the same sets form a class, and the rest is done per class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclc.filters.peer_routes import PeerRoutes
from aclc.filters.program import Program
from aclc.net import Prefix
from aclc.policy.selectors import Selector, parse_selector
from aclc.records import NamedTuple
from aclc.resolve.model import Part, Resolved, ResolvedGrant
from aclc.resolve.node_sets import indices_of, node_set
from aclc.resolve.sources import Sources

KEPT = 4096
"""How many views of one set of routes are kept to be used again."""


class PeerRoute(NamedTuple):
    """A peer, as an index, and those of its routes that may be used: at least one, in the order that it has them in."""

    peer: int
    routes: tuple[Prefix, ...]


class _Side:
    """What one set of nodes meets, as senders or as receivers.

    `met`: nodes. `routes`: routes that are open to the set, whoever serves them. `steered`: routes that `via` rules
    open to it, and the routers that they may go through.
    """

    __slots__ = ("met", "routes", "steered")

    def __init__(self) -> None:
        self.met = 0
        self.routes = 0
        self.steered: dict[int, int] = {}


class _Class(NamedTuple):
    """What nodes that are in the same sets have in common; the fields are those of `_Side`."""

    met: int
    routes: int
    steered: tuple[tuple[int, int], ...]


class _Offer(NamedTuple):
    """Who serves a set of routes, and what is left of that for nodes which know only some of the servers."""

    servers: int
    routes: tuple[PeerRoute, ...]
    in_sight: dict[int, tuple[PeerRoute, ...]]


class Peers:
    """Who knows whom on one tailnet.

    Cost: making it is O(rules + members of distinct sets); reading a node is a few unions of bit sets, and its routes
    are worked out once for all nodes that see them alike.
    """

    __slots__ = (
        "_classes",
        "_numbers",
        "_offers",
        "_own_routes",
        "_resolved",
        "_routes",
        "_self_senders",
        "_senders",
        "_sides",
        "_star",
    )

    def __init__(self, resolved: Resolved, program: Program) -> None:
        self._resolved = resolved
        self._routes = PeerRoutes(resolved)
        self._own_routes = [self._routes.set_of(dict.fromkeys(routes)) if routes else 0 for routes in resolved.approved]
        self._senders: dict[Sources, tuple[int, int]] = {}
        self._sides: dict[tuple[str, int], _Side] = {}
        self._star = resolved.source_sets.untested((parse_selector("*"),))
        self._self_senders = 0
        self._meet_by_rules(program)
        self._meet_by_self(program)
        for grant in resolved.grants:
            self._open_routes(grant)
        self._numbers: list[int] = []
        self._classes: list[_Class] = []
        self._classify()
        self._offers: dict[tuple[int, tuple[tuple[int, int], ...]], _Offer] = {}

    def of(self, node: int) -> int:
        """Give the peers of node number `node` as a set; never itself."""
        seen = self._classes[self._numbers[node]].met
        owner = self._resolved.names.owners[node]
        if owner is not None and self._self_senders:
            own = self._resolved.names.user(owner) & ~self._resolved.names.without_address
            if own >> node & 1:
                seen |= own if self._self_senders >> node & 1 else own & self._self_senders
        return seen & ~(1 << node)

    def routes_of(self, node: int) -> tuple[PeerRoute, ...]:
        """Give the peers with routes that node number `node` may use, in node order.

        A route that some rule opens without `via` goes through its primary. One that only `via` rules open goes through
        one of their routers: the primary where it is among them, else the first created. Exit routes have no primary:
        the user of the device chooses.
        """
        return self.routes_through(self.of(node), node)

    def routes_through(self, peers: int, node: int) -> tuple[PeerRoute, ...]:
        """Give what `routes_of` would if these were the peers of the node.

        Nodes that may use the same routes through the same peers usually get the same tuple; the `PeerRoute` objects in
        it are always the same, and live as long as this object.
        """
        shared = self._classes[self._numbers[node]]
        # WHY `own`: a standby sees the primary of its own subnet route (captures grant-p10-2, via-grant-v37).
        usable = shared.routes | self._own_routes[node] & self._routes.subnets
        steered = tuple(each for each in shared.steered if not usable >> each[0] & 1)
        offer = self._offers.get((usable, steered))
        if offer is None:
            offer = self._offers[usable, steered] = self._offer(usable, steered)
        in_sight = offer.servers & peers
        served = offer.in_sight.get(in_sight)
        if served is None:
            served = tuple(each for each in offer.routes if in_sight >> each.peer & 1)
            if len(offer.in_sight) >= KEPT:
                offer.in_sight.clear()
            offer.in_sight[in_sight] = served
        return served

    def json_of(self, node: int) -> dict[str, list[str]]:
        """Give peers by name, in node order, and the routes of each that may be used."""
        nodes = self._resolved.tailnet.nodes
        written: dict[str, list[str]] = {nodes[peer].name: [] for peer in indices_of(self.of(node))}
        for peer, routes in self.routes_of(node):
            written[nodes[peer].name] = [route.cidr for route in routes]
        return written

    def _side(self, kind: str, nodes: int) -> _Side:
        return self._sides.setdefault((kind, nodes), _Side())

    def _senders_of(self, sources: Sources) -> tuple[int, int]:
        """Give the nodes that may send, for themselves or for somebody behind a subnet route, and those routes."""
        found = self._senders.get(sources)
        if found is None:
            routes = self._routes.overlapping(sources)
            found = self._senders[sources] = self._members(sources) | self._routes.routers(routes), routes
        return found

    def _members(self, sources: Sources) -> int:
        """Give the nodes with an address among the sources, what `*` adds to them worked out only once."""
        source_sets = self._resolved.source_sets
        if not self._star.extents <= sources.extents:
            return source_sets.members(sources)
        rest = sources._replace(extents=sources.extents - self._star.extents)
        return source_sets.members(self._star) | source_sets.members(rest)

    def _meet(self, sources: Sources, receivers: int) -> None:
        """Let the receivers have a rule with these sources."""
        senders, routes = self._senders_of(sources)
        self._side("senders", senders).met |= receivers
        side = self._side("receivers", receivers)
        side.met |= senders
        side.routes |= routes

    def _meet_by_rules(self, program: Program) -> None:
        for hit, receivers in enumerate(program.receivers):
            behind: dict[Sources, bool] = {}
            for use in map(program.uses.__getitem__, program.uses_of[hit]):
                sources = program.heads[use.slot].sources
                opens_more = use.blocks is not None or use.destinations is not None
                behind[sources] = behind.get(sources, False) or opens_more
            for sources, opens_more in behind.items():
                # A rule for the node's own addresses is none where it has none (`disable-ipv4` on an IPv4-only node).
                self._meet(sources, receivers if opens_more else receivers & ~self._resolved.names.without_address)

    def _meet_by_self(self, program: Program) -> None:
        """Let users meet themselves by autogroup:self, and whoever has a route over their addresses."""
        for step in program.self_steps:
            self._self_senders |= step.senders
        names = self._resolved.names
        self._self_senders &= ~names.without_address
        for route in indices_of(self._routes.over_nodes(names.members)):
            inside = names.within(self._routes.routes[route]) & names.members
            for owner in dict.fromkeys(names.owners[node] for node in indices_of(inside)):
                own = names.user(owner) if owner is not None else 0
                senders = own & self._self_senders
                if senders:
                    self._meet(self._resolved.source_sets.nodes_alone(senders), own)
                    self._side("senders", senders).routes |= 1 << route

    def _open_routes(self, grant: ResolvedGrant) -> None:
        """Let the senders of a rule use the routes that its destinations lead into."""
        senders, _ = self._senders_of(grant.sources)
        if not senders:
            return
        selectors = [selector for part in grant.parts if not part.is_self for selector in _destinations(part)]
        side = self._side("senders", senders)
        if grant.via is None:
            for selector in selectors:
                side.routes |= self._routes.opened_by(selector)
            return
        if not self._resolved.names.meaning.via_capabilities_show_peers and not any(
            part.networks for part in grant.parts
        ):
            return
        routers = 0
        for tag in grant.via:
            routers |= self._resolved.names.tag(tag)
        for selector in selectors:
            for route in indices_of(self._routes.literally_opened_by(selector)):
                candidates = self._routes.advertisers[route] & routers
                side.steered[route] = side.steered.get(route, 0) | candidates
                # WHY: even with `app` alone, which gives the routers no rule, both know each other (capture grant-k12).
                side.met |= candidates
                self._side("receivers", candidates).met |= senders

    def _classify(self) -> None:
        """Find the nodes that are in the same sets, and what they all meet."""
        everyone = self._resolved.names.everyone
        sides = list(self._sides.values())
        inside: list[list[int]] = [[] for _ in self._resolved.tailnet.nodes]
        always: list[int] = []
        for number, (_, nodes) in enumerate(self._sides):
            if nodes == everyone:
                always.append(number)
                continue
            for node in indices_of(nodes):
                inside[node].append(number)
        known: dict[tuple[int, ...], int] = {}
        for own in inside:
            key = tuple(own)
            number = known.setdefault(key, len(known))
            if number == len(self._classes):
                self._classes.append(_added_up([sides[each] for each in (*always, *key)]))
            self._numbers.append(number)

    def _offer(self, usable: int, steered: tuple[tuple[int, int], ...]) -> _Offer:
        routes = self._routes
        found: dict[int, list[Prefix]] = {}
        for route in indices_of(usable & routes.subnets):
            primary = routes.primary[route]
            if primary is not None:
                found.setdefault(primary, []).append(routes.routes[route])
        through = [(route, routes.advertisers[route]) for route in indices_of(usable & routes.exits)]
        for route, candidates in (*steered, *through):
            for server in indices_of(routes.chosen(route, candidates)):
                found.setdefault(server, []).append(routes.routes[route])
        served = tuple(
            PeerRoute(peer, tuple(each for each in dict.fromkeys(self._resolved.approved[peer]) if each in own))
            for peer, own in sorted(found.items())
        )
        return _Offer(node_set(found), served, {})


def _added_up(sides: Iterable[_Side]) -> _Class:
    met = routes = 0
    steered: dict[int, int] = {}
    for side in sides:
        met |= side.met
        routes |= side.routes
        for route, candidates in side.steered.items():
            steered[route] = steered.get(route, 0) | candidates
    return _Class(met, routes, tuple(sorted(steered.items())))


def _destinations(part: Part) -> Iterator[Selector]:
    """Give every selector that a part sends to; grants with `app` alone have no networks, acls nothing else."""
    yield from dict.fromkeys(
        [*(selector for _, selector in part.dst), *(each.selector for net in part.networks for each in net.targets)]
    )
