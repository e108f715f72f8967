"""The two partitions of addresses that policies can tell apart: where packets come from, and where they arrive.

A source is one address of a node, or an interval of foreign addresses that no literal divides. A target is a pair: the
node at which a packet arrives, and where it goes from there (the node itself, an interval behind a subnet router, the
internet behind an exit node). IPv4 and IPv6 are apart: every endpoint has one family.

Endpoints are numbered so that sets of nodes become sets of endpoints by shifting: number i is the first IPv4 address
of node i, number N + i its first IPv6 address (N nodes); further addresses and intervals follow. A number whose node
lacks the family is never in a set.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from aclc.net import INTERNET, LAST, WILDCARD, Address, IpSet, Prefix, interval_prefixes
from aclc.policy.selectors import Selector
from aclc.resolve.model import Part, Resolved
from aclc.resolve.names import Names
from aclc.resolve.node_sets import indices_of, node_set

Kind = Literal["own", "outside", "route", "internet", "elsewhere"]
"""`own`: an address of the node. `outside`: a source that is no node. `route`: behind a subnet route of the node.
`internet`, `elsewhere`: behind an exit node, public or not, and told apart by no literal that opens the node."""


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

Cuts = dict[int, list[int]]
"""Per family, ascending: the addresses at which a new interval begins."""


class Endpoints:
    """A numbered list of endpoints, with the ways from nodes and addresses into it.

    `own`: all endpoints that are addresses of nodes. `families`: all of IPv4, all of IPv6.
    """

    __slots__ = (
        "_by_address",
        "_by_piece",
        "_cuts",
        "_firsts",
        "_numbers",
        "_spread",
        "families",
        "items",
        "nodes_count",
        "own",
    )

    def __init__(self, own: Sequence[Sequence[Address]], more: Iterable[Endpoint], cuts: Cuts) -> None:
        """Number the addresses of each node, in node order, then `more`, none of which lies across a cut."""
        count = len(own)
        self.nodes_count = count
        self._cuts = cuts
        items: list[Endpoint] = [_NONE] * (2 * count)
        further: list[Endpoint] = []
        for node, addresses in enumerate(own):
            for address in addresses:
                at = node if address.family == 4 else count + node
                endpoint = Endpoint("own", node, address.family, address.value, address.value)
                if items[at] is _NONE:
                    items[at] = endpoint
                else:
                    further.append(endpoint)
        items += further
        real = [at for at, each in enumerate(items) if each is not _NONE]
        self.own = node_set(real)
        self._by_address: dict[Address, list[int]] = {}
        for at in real:
            self._by_address.setdefault(Address(items[at].family, items[at].first), []).append(at)
        items += more
        real = [at for at, each in enumerate(items) if each is not _NONE]
        self.items: tuple[Endpoint, ...] = tuple(items)
        self._spread: dict[int, list[int]] = {}
        self._by_piece: dict[Address, list[int]] = {}
        for at in range(2 * count, len(items)):
            each = items[at]
            if each.node is not None:
                self._spread.setdefault(each.node, []).append(at)
            if each.kind != "own":
                self._by_piece.setdefault(self._piece(Address(each.family, each.first)), []).append(at)
        self.families = (
            node_set([at for at in real if items[at].family == 4]),
            node_set([at for at in real if items[at].family == 6]),
        )
        self._firsts: dict[int, list[int]] = {}
        self._numbers: dict[int, list[int]] = {}
        for family in (4, 6):
            ordered = sorted((items[at].first, at) for at in real if items[at].family == family)
            self._firsts[family] = [first for first, _ in ordered]
            self._numbers[family] = [at for _, at in ordered]

    def _piece(self, address: Address) -> Address:
        """Give the start of the interval between cuts that holds an address."""
        starts = self._cuts[address.family]
        at = bisect_right(starts, address.value)
        return Address(address.family, starts[at - 1] if at else 0)

    def of_nodes(self, nodes: int) -> int:
        """Give the addresses of a set of nodes; nothing that lies behind them."""
        return self.at_nodes(nodes) & self.own

    def at_nodes(self, nodes: int) -> int:
        """Give every endpoint at a set of nodes: their addresses and what lies behind them."""
        found = nodes | nodes << self.nodes_count
        return found | node_set([at for node, own in self._spread.items() if nodes >> node & 1 for at in own])

    def within(self, family: int, first: int, last: int) -> list[int]:
        """Give the endpoints inside an interval, in address order. INVARIANT: the interval's ends are cuts."""
        low = bisect_left(self._firsts[family], first)
        high = bisect_right(self._firsts[family], last)
        return self._numbers[family][low:high]

    def within_set(self, addresses: IpSet) -> int:
        """Give the endpoints inside a set of addresses."""
        return node_set([number for extent in addresses.intervals() for number in self.within(*extent)])

    def holding(self, address: Address) -> list[int]:
        """Give the endpoints that an address belongs to: a node's own comes alone, what lies behind routers may be
        many.

        For an address that no subnet route holds, the endpoints of exit nodes that stand for such addresses.
        """
        own = self._by_address.get(address)
        if own:
            return own
        pieces = [
            at
            for at in self._by_piece.get(self._piece(address), ())
            if self.items[at].kind in {"outside", "route"}
            and self.items[at].first <= address.value <= self.items[at].last
        ]
        kind = "internet" if INTERNET.contains(address) else "elsewhere"
        served = {self.items[at].node for at in pieces}
        for node, numbers in self._spread.items():
            if node not in served:
                pieces += [
                    at for at in numbers if self.items[at].kind == kind and self.items[at].family == address.family
                ]
        return sorted(pieces)

    def nodes_in(self, endpoints: int) -> int:
        """Give the nodes that a set of endpoints belongs to."""
        count = self.nodes_count
        everyone = (1 << count) - 1
        nodes = endpoints & everyone | endpoints >> count & everyone
        behind = [self.items[2 * count + at].node for at in indices_of(endpoints >> 2 * count)]
        return nodes | node_set([node for node in behind if node is not None])


_NONE = Endpoint("own", None, 0, 0, 0)


def source_endpoints(resolved: Sequence[Resolved], routed: IpSet) -> Endpoints:
    """Give every source that the policies can tell apart on one tailnet (the same nodes, in the same order).

    `routed`: addresses to tell apart besides. Outside is what is not in the tailnet's own ranges: there, every address
    is a node's.
    """
    own = _own_addresses(resolved)
    extents = [extent for each in resolved for extent in literal_extents(each, "src")]
    extents += [(route.family, route.first, route.last) for each in resolved for route in each.routes.routes]
    cuts = _cuts([*extents, *WILDCARD.intervals(), *routed.intervals()])
    return Endpoints(own, _outside(own, cuts), cuts)


def target_endpoints(resolved: Sequence[Resolved]) -> Endpoints:
    """Give every target that the policies can tell apart on one tailnet."""
    own = _own_addresses(resolved)
    extents = [extent for each in resolved for extent in literal_extents(each, "dst")]
    extents += [(route.family, route.first, route.last) for each in resolved for route in each.routes.routes]
    cuts = _cuts([*extents, *INTERNET.intervals()])
    opened: dict[int, list[Extent]] = {}
    for each in resolved:
        for selector in _literals(each, "dst"):
            everywhere = each.exit_nodes if each.names.ipset_speaks_of_internet(selector) else 0
            for extent in extents_of(each.names, selector):
                for node in indices_of((opened_nodes(each, extent) | everywhere) & each.exit_nodes):
                    opened.setdefault(node, []).append(extent)
    more: list[Endpoint] = []
    for node in range(len(own)):
        routes = list(dict.fromkeys(route for each in resolved for route in each.approved[node]))
        if routes:
            more += _behind(node, own[node], routes, cuts, IpSet.from_intervals(opened.get(node, ())))
    return Endpoints(own, more, cuts)


def opened_nodes(resolved: Resolved, extent: Extent) -> int:
    """Give the nodes in whose filter a literal destination stands: it holds an address of theirs or touches a subnet
    route."""
    family, first, last = extent
    nodes = node_set(resolved.names.address_index.within(family, first, last))
    for prefix in interval_prefixes(family, first, last):
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


def _behind(node: int, own: Sequence[Address], routes: list[Prefix], cuts: Cuts, opened: IpSet) -> Iterator[Endpoint]:
    """Give what lies behind a router: its subnet routes cut by literals; for an exit node what literals open, and the
    rest."""
    mine = IpSet.of(*(address.prefix for address in own))
    subnets = IpSet.of(*(route for route in routes if not route.is_default_route)) - mine
    for family, first, last in subnets.intervals():
        for low, high in _pieces(first, last, cuts[family]):
            yield Endpoint("route", node, family, low, high)
    for route in routes:
        if not route.is_default_route:
            continue
        family = route.family
        beyond = IpSet.of(route) - subnets - mine
        for _, first, last in (beyond & opened).intervals():
            for low, high in _pieces(first, last, cuts[family]):
                yield Endpoint("route", node, family, low, high)
        rest = beyond - opened - WILDCARD
        for addresses, kind in ((rest & INTERNET, _INTERNET), (rest - INTERNET, _ELSEWHERE)):
            if addresses:
                first = addresses.family(family)[0][0]
                yield Endpoint(kind, node, family, first, first)


_INTERNET: Kind = "internet"
_ELSEWHERE: Kind = "elsewhere"


def _own_addresses(resolved: Sequence[Resolved]) -> list[tuple[Address, ...]]:
    """Give each node's addresses under any of the policies: one of them may take IPv4 away."""
    if len(resolved) == 1:
        return list(resolved[0].names.addresses)
    everyone = zip(*(each.names.addresses for each in resolved), strict=True)
    return [tuple(dict.fromkeys(address for own in views for address in own)) for views in everyone]


def _outside(own: Sequence[Sequence[Address]], cuts: Cuts) -> Iterator[Endpoint]:
    """Give the intervals between cuts, without those that hold addresses of nodes only."""
    taken = {
        family: sorted({each.value for all_own in own for each in all_own if each.family == family})
        for family in (4, 6)
    }
    for family in (4, 6):
        for first, last in _pieces(0, LAST[family], cuts[family]):
            used = bisect_right(taken[family], last) - bisect_left(taken[family], first)
            if used <= last - first and not WILDCARD.contains(Address(family, first)):
                yield Endpoint("outside", None, family, first, last)


def _cuts(extents: Iterable[Extent]) -> Cuts:
    cuts: dict[int, set[int]] = {4: set(), 6: set()}
    for family, first, last in extents:
        cuts[family].update((first, last + 1))
    return {family: sorted(starts) for family, starts in cuts.items()}


def _pieces(first: int, last: int, starts: list[int]) -> Iterator[tuple[int, int]]:
    """Cut an interval where a new one begins."""
    for start in starts[bisect_right(starts, first) : bisect_right(starts, last)]:
        yield first, start - 1
        first = start
    yield first, last
