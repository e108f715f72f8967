"""The two partitions of addresses that policies can tell apart: where packets come from, and where they arrive.

A source is one address of a node, or an interval of foreign addresses that no literal divides. A target is a pair: the
node at which a packet arrives, and where it goes from there (the node itself, an interval behind a subnet router, the
internet behind an exit node). IPv4 and IPv6 are apart: every endpoint has one family.

Endpoints are numbered so that sets of nodes become sets of endpoints by shifting (`OwnAddresses`); after the addresses
of nodes come the intervals, those of one node in a row.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeVar

from aclc.net import INTERNET, WILDCARD, Address, IpSet, Prefix, interval_prefixes
from aclc.policy.selectors import Selector
from aclc.reach.graph.own_addresses import OwnAddresses
from aclc.records import NamedTuple
from aclc.resolve.model import Part, Resolved
from aclc.resolve.names import Names
from aclc.resolve.node_sets import indices_of, node_set

T = TypeVar("T")

Kind = Literal["own", "outside", "route", "internet", "elsewhere"]
"""`own`: an address of the node. `outside`: a source that is no node. `route`: behind a subnet route of the node, or
behind an exit node where a literal opens it. `internet`, `elsewhere`: behind an exit node, public or not, and told
apart by no literal that opens the node."""


class Endpoint(NamedTuple):
    """Addresses `first` to `last` of a family at `node` (None: outside the tailnet).

    For the kinds `internet` and `elsewhere` the two are one address that stands for all.
    """

    kind: Kind
    node: int | None
    family: int
    first: int
    last: int


Extent = tuple[int, int, int]
"""(family, first, last)."""

Side = Literal["src", "dst"]

Span = tuple[Kind, int, int, int]
"""Kind, family, first and last address of what lies behind a router."""

Cuts = dict[int, list[int]]
"""Per family, ascending: the addresses at which a new interval begins."""


class Endpoints:
    """A numbered list of endpoints, with the ways from nodes and addresses into it.

    Indexed, it gives each endpoint by number; the numbers of families that a node lacks give an endpoint of family
    0. `own`: all endpoints that are addresses of nodes. `families`: all of IPv4, all of IPv6. `internet`: those of that
    kind. `approved`: the routes of each node behind which all lies that lies behind nodes, where there is one such list
    only.
    """

    __slots__ = (
        "_addresses",
        "_at_node",
        "_by_family",
        "_cuts",
        "_pieces",
        "_with_pieces",
        "approved",
        "families",
        "internet",
        "nodes_count",
        "own",
    )

    def __init__(
        self,
        own: OwnAddresses,
        pieces: Sequence[Endpoint],
        cuts: Cuts,
        approved: Sequence[Sequence[Prefix]] | None = None,
    ) -> None:
        """Take the addresses of nodes, then intervals: none lies across a cut, and those of a node stand in a row."""
        self.approved = approved
        self._addresses = own
        self._pieces = pieces
        self._cuts = cuts
        self.nodes_count = own.count
        self.own = own.all
        numbers: dict[int, list[int]] = {4: [], 6: []}
        intervals: dict[int, list[tuple[int, int, int]]] = {4: [], 6: []}
        internet: list[int] = []
        self._at_node: dict[int, tuple[int, int]] = {}
        for number, piece in enumerate(pieces, own.end):
            family, node = piece.family, piece.node
            numbers[family].append(number)
            if piece.kind == "internet":
                internet.append(number)
            elif piece.kind != "elsewhere":
                intervals[family].append((piece.first, number, piece.last))
            if node is not None:
                start, _ = self._at_node.get(node, (number, 0))
                self._at_node[node] = (start, number - start + 1)
        self.internet = node_set(internet)
        self.families = (own.four | node_set(numbers[4]), own.six | node_set(numbers[6]))
        self._with_pieces = node_set(list(self._at_node))
        self._by_family: dict[int, tuple[list[int], list[int], list[int]]] = {}
        for family, ordered in intervals.items():
            ordered.sort()
            self._by_family[family] = (
                [first for first, _, _ in ordered],
                [number for _, number, _ in ordered],
                [last for _, _, last in ordered],
            )

    @property
    def items(self) -> Endpoints:
        """The endpoints by number."""
        return self

    def __len__(self) -> int:
        return self._addresses.end + len(self._pieces)

    def __iter__(self) -> Iterator[Endpoint]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, number: int) -> Endpoint:
        own = self._addresses
        if number >= own.end:
            return self._pieces[number - own.end]
        if not own.all >> number & 1:
            return _NONE
        node, address = own.address(number)
        return Endpoint("own", node, address.family, address.value, address.value)

    def of_nodes(self, nodes: int) -> int:
        """Give the addresses of a set of nodes; nothing that lies behind them."""
        return self._addresses.of_nodes(nodes)

    def at_nodes(self, nodes: int) -> int:
        """Give every endpoint at a set of nodes: their addresses and what lies behind them."""
        found = self._addresses.of_nodes(nodes)
        for node in indices_of(nodes & self._with_pieces):
            first, count = self._at_node[node]
            found |= ((1 << count) - 1) << first
        return found

    def pieces_at(self, node: int) -> Iterator[tuple[int, Endpoint]]:
        """Give what lies behind a node, with its number."""
        first, count = self._at_node.get(node, (0, 0))
        for number in range(first, first + count):
            yield number, self._pieces[number - self._addresses.end]

    @property
    def pieces(self) -> int:
        """Everything that is no address of a node."""
        return ((1 << len(self._pieces)) - 1) << self._addresses.end

    @property
    def routers(self) -> int:
        """The nodes behind which something lies."""
        return self._with_pieces

    def within(self, family: int, first: int, last: int) -> int:
        """Give the endpoints inside an interval, as `within_set` does."""
        return self.within_set(IpSet.from_intervals([(family, first, last)]))

    def within_set(self, addresses: IpSet) -> int:
        """Give the endpoints inside a set of addresses.

        An endpoint that lies only partly inside is not among them, nor are those that stand for many addresses
        (`internet`, `elsewhere`).
        """
        found: list[int] = []
        for family in (4, 6):
            firsts, numbers, lasts = self._by_family[family]
            for first, last in addresses.family(family):
                inside = range(bisect_left(firsts, first), bisect_right(firsts, last))
                found += [numbers[at] for at in inside if lasts[at] <= last]
        return self._addresses.within_set(addresses) | node_set(found)

    def holding(self, address: Address) -> list[int]:
        """Give the endpoints that an address belongs to: a node's own comes alone, what lies behind routers may be
        many.

        The exit nodes that serve such addresses are among them, whether or not a subnet router serves it too: which of
        the two a packet takes is for its sender to say.
        """
        family, value = address
        own = self._addresses.within(family, value, value)
        if own:
            return own
        firsts, numbers, _ = self._by_family[family]
        starts = self._cuts[family]
        at = bisect_right(starts, value)
        begin = starts[at - 1] if at else 0
        found = [
            number
            for number in numbers[bisect_left(firsts, begin) : bisect_right(firsts, value)]
            if self[number].last >= value
        ]
        served = {self[number].node for number in found}
        kind = "internet" if INTERNET.contains(address) else "elsewhere"
        if not WILDCARD.contains(address):
            found += [
                number
                for node in self._at_node
                if node not in served
                for number, piece in self.pieces_at(node)
                if piece.kind == kind and piece.family == family
            ]
        return sorted(found)

    def families_of(self, endpoints: int) -> int:
        """Give every endpoint of the families that a set speaks of."""
        found = 0
        for family in self.families:
            found |= family if endpoints & family else 0
        return found

    def nodes_in(self, endpoints: int) -> int:
        """Give the nodes that a set of endpoints belongs to."""
        own = self._addresses
        nodes = own.nodes_in(endpoints)
        behind = {self._pieces[at].node for at in indices_of(endpoints >> own.end)}
        return nodes | node_set([node for node in behind if node is not None])


_NONE = Endpoint("own", None, 0, 0, 0)


def source_endpoints(
    resolved: Sequence[Resolved], own: OwnAddresses, routed: IpSet, asked: Iterable[Extent] = ()
) -> Endpoints:
    """Give every source that the policies can tell apart on one tailnet (the same nodes, in the same order).

    `routed`, `asked`: addresses to tell apart besides. Outside are the tailnet's own ranges only where an approved
    subnet route serves them: elsewhere there every address is a node's.
    """
    extents = [extent for each in resolved for extent in literal_extents(each, "src")]
    served = IpSet()
    for routes in _differing(each.routes for each in resolved):
        extents += routes.extents
        served |= routes.addresses
    cuts = _cuts([*extents, *WILDCARD.intervals(), *routed.intervals(), *asked])
    return Endpoints(own, list(_outside(own, cuts, IpSet.everything() - (WILDCARD - served))), cuts)


def target_endpoints(resolved: Sequence[Resolved], own: OwnAddresses, asked: Iterable[Extent] = ()) -> Endpoints:
    """Give every target that the policies can tell apart on one tailnet. `asked`: addresses to tell apart besides."""
    asked = tuple(asked)
    extents = [extent for each in resolved for extent in literal_extents(each, "dst")]
    for served in _differing(each.routes for each in resolved):
        extents += served.extents
    cuts = _cuts([*extents, *INTERNET.intervals(), *asked])
    public = list((IpSet.from_intervals(asked) & INTERNET).intervals())
    opened: dict[int, list[Extent]] = {}
    for each in resolved:
        for selector in _literals(each, "dst") if each.exit_nodes else ():
            everywhere = each.exit_nodes if each.names.ipset_speaks_of_internet(selector) else 0
            for prefix in each.names.prefixes(selector):
                everywhere |= each.names.exits_opened(prefix, each.exit_nodes)
            for extent in extents_of(each.names, selector):
                for node in indices_of((opened_nodes(each, extent) | everywhere) & each.exit_nodes):
                    opened.setdefault(node, []).append(extent)
    approved = _differing(each.approved for each in resolved)
    routers = sorted({node for one in approved for node, routes in enumerate(one) if routes})
    pieces: list[Endpoint] = []
    alike: dict[tuple[object, ...], _Behind] = {}
    for node in routers:
        routes = approved[0][node]
        if len(approved) > 1 or len(routes) > 1:
            routes = tuple(dict.fromkeys(route for one in approved for route in one[node]))
        if _is_apart(routes, own.of[node]):
            family, low, high = routes[0].family, routes[0].first, routes[0].last
            pieces += [Endpoint("route", node, family, *each) for each in _pieces(low, high, cuts[family])]
            continue
        extents = opened.get(node, [])
        behind = alike.get((routes, *extents))
        if behind is None:
            behind = _Behind(routes, IpSet.from_intervals([*extents, *public]), cuts)
            alike[routes, *extents] = behind
        pieces += [Endpoint(kind, node, *extent) for kind, *extent in behind.spans(own.of[node])]
    return Endpoints(own, pieces, cuts, approved[0] if len(approved) == 1 else None)


def _differing(values: Iterable[T]) -> list[T]:
    """Give values, each object once: what depends on the tailnet alone is taken over from policy to policy."""
    return list({id(each): each for each in values}.values())


def opened_nodes(resolved: Resolved, extent: Extent) -> int:
    """Give the nodes in whose filter a literal destination stands: it holds an address of theirs or touches a subnet
    route."""
    return node_set(resolved.names.address_index.within(*extent)) | serving_nodes(resolved, extent)


def serving_nodes(resolved: Resolved, extent: Extent) -> int:
    """Give the nodes with a subnet route that an interval touches."""
    nodes = 0
    if resolved.routes.routes:
        for prefix in interval_prefixes(*extent):
            nodes |= resolved.routes.nodes(prefix)
    return nodes


def literal_extents(resolved: Resolved, side: Side) -> list[Extent]:
    """Give the intervals that literals on one side of the rules name, each once, in order of first use."""
    extents = [extent for selector in _literals(resolved, side) for extent in extents_of(resolved.names, selector)]
    return list(dict.fromkeys(extents))


def _literals(resolved: Resolved, side: Side) -> list[Selector]:
    found: dict[Selector, None] = {}
    for grant in resolved.grants:
        for selector in grant.src if side == "src" else part_selectors(grant.parts):
            if selector.kind in {"prefix", "host", "ipset"}:
                found[selector] = None
    return list(found)


def part_selectors(parts: Iterable[Part]) -> Iterator[Selector]:
    """Give the destinations of a rule's parts, those of `app` included; repeats are kept."""
    for part in parts:
        for _, selector in part.dst:
            yield selector
        for network in part.networks:
            for target in network.targets:
                yield target.selector


def extents_of(names: Names, selector: Selector) -> list[Extent]:
    """Give the prefixes that a literal selector names, as intervals; none for an identity."""
    prefixes = names.ipset(selector).prefixes() if selector.kind == "ipset" else names.prefixes(selector)
    return [(each.family, each.first, each.last) for each in prefixes]


def _is_apart(routes: Sequence[Prefix], own: Iterable[Address]) -> bool:
    """Tell whether a router has one subnet route and no address in it: most routers are like this, and there may be
    thousands."""
    if len(routes) != 1 or routes[0].is_default_route:
        return False
    family, first, last = routes[0].family, routes[0].first, routes[0].last
    return not any(each.family == family and first <= each.value <= last for each in own)


class _Behind:
    """What lies behind routers with the same routes: their subnet routes cut by literals; for an exit node what is told
    apart there, and the rest."""

    def __init__(self, routes: tuple[Prefix, ...], told_apart: IpSet, cuts: Cuts) -> None:
        self._routes = routes
        self._told_apart = told_apart - WILDCARD  # of these nothing is sent to an exit node
        self._cuts = cuts
        self._subnets = IpSet.of(*(route for route in routes if not route.is_default_route))
        self._usual = tuple(self._without(IpSet()))
        self._elsewhere = WILDCARD - self._subnets

    def spans(self, own: Sequence[Address]) -> Iterable[Span]:
        """Give what lies behind a router with some addresses of its own, which do not lie there.

        Addresses that a control plane gives out, and that no rule or route speaks of, are in none of it anyway.
        """
        if all(map(self._elsewhere.contains, own)):
            return self._usual
        return self._without(IpSet.of(*(address.prefix for address in own)))

    def _without(self, mine: IpSet) -> Iterator[Span]:
        cuts, told_apart = self._cuts, self._told_apart
        subnets = self._subnets - mine
        for family, first, last in subnets.intervals():
            for low, high in _pieces(first, last, cuts[family]):
                yield "route", family, low, high
        for route in self._routes:
            if not route.is_default_route:
                continue
            family = route.family
            beyond = IpSet.of(route) - subnets - mine
            for _, first, last in (beyond & told_apart).intervals():
                for low, high in _pieces(first, last, cuts[family]):
                    yield "route", family, low, high
            rest = beyond - told_apart - WILDCARD
            for addresses, kind in ((rest & INTERNET, _INTERNET), (rest - INTERNET, _ELSEWHERE)):
                if addresses:
                    first = addresses.family(family)[0][0]
                    yield kind, family, first, first


_INTERNET: Kind = "internet"
_ELSEWHERE: Kind = "elsewhere"


def _outside(own: OwnAddresses, cuts: Cuts, beyond: IpSet) -> Iterator[Endpoint]:
    """Give the intervals between cuts, without those that hold addresses of nodes only. `beyond`: where addresses are
    not the tailnet's own; it ends at cuts only."""
    for family in (4, 6):
        span = own.span.family(family)
        for begin, end in beyond.family(family):
            for first, last in _pieces(begin, end, cuts[family]):
                if not span or last < span[0][0] or span[0][1] < first or not own.fills(family, first, last):
                    yield Endpoint("outside", None, family, first, last)


def _cuts(extents: Sequence[Extent]) -> Cuts:
    return {
        family: sorted(
            {first for each, first, _ in extents if each == family}
            | {last + 1 for each, _, last in extents if each == family}
        )
        for family in (4, 6)
    }


def _pieces(first: int, last: int, starts: list[int]) -> Iterator[tuple[int, int]]:
    """Cut an interval where a new one begins."""
    for start in starts[bisect_right(starts, first) : bisect_right(starts, last)]:
        yield first, start - 1
        first = start
    yield first, last
