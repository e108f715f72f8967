"""Which router a packet takes to a target that is no node: the one that the control plane offers to its sender."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclc.net import WILDCARD, IpSet, Prefix
from aclc.reach.graph.endpoints import Extent
from aclc.reach.graph.space import Space, View
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set
from aclc.resolve.resolution import resolve
from aclc.tailnet.model import Node

DEFAULT_ROUTES = (Prefix(4, 0, 0), Prefix(6, 0, 0))


Routes = tuple[tuple[int, tuple[Prefix, ...]], ...]
"""Peers, as indices, with those of their routes that a sender may use."""


class Way(NamedTuple):
    """Sources, a set of nodes, and the routers that they would send to. No routers: they are offered none."""

    nodes: int
    routers: int


class Ways:
    """The routers that senders on one tailnet use (reference §9.2)."""

    def __init__(self, view: View, senders: int) -> None:
        # WHY not at the head: most questions are about devices, and start-up time counts.
        from aclc.filters.peers import Peers
        from aclc.filters.program import Program

        peers = Peers(view.resolved, Program(view.resolved))
        groups: dict[Routes, list[int]] = {}
        for node in indices_of(senders):
            groups.setdefault(peers.routes_of(node), []).append(node)
        self._groups = [(node_set(nodes), routes) for routes, nodes in groups.items()]

    def to(self, family: int, first: int, last: int, *, by_exit: bool) -> tuple[Way, ...]:
        """Give the routers towards an interval, by sender: those with the longest route that holds it.

        `by_exit`: it is reached through exit nodes only, of which any may be chosen.
        """
        return tuple(
            Way(nodes, _longest(routes, family, first, last, by_exit=by_exit)) for nodes, routes in self._groups
        )


def _longest(routes: Routes, family: int, first: int, last: int, *, by_exit: bool) -> int:
    longest, found = -1, 0
    for peer, own in routes:
        for route in own:
            if route.family != family or (by_exit and not route.is_default_route):
                continue
            if not by_exit and not route.first <= first <= last <= route.last:
                continue
            if route.bits > longest:
                longest, found = route.bits, 0
            if route.bits == longest:
                found |= 1 << peer
    return found


def offers(view: View, wanted: Iterable[Prefix]) -> dict[int, tuple[Prefix, ...]]:
    """Give the nodes that offer a route to all of some prefix without having it approved, with those routes."""
    prefixes = tuple(wanted)
    found: dict[int, tuple[Prefix, ...]] = {}
    for index, node in enumerate(view.resolved.tailnet.nodes):
        approved = view.resolved.approved[index]
        routes = [route for route in node.advertised_routes if route not in approved]
        covering = tuple(route for route in routes if any(route.covers(each) for each in prefixes))
        if covering:
            found[index] = covering
    return found


def as_if_routed(view: View, wanted: Sequence[Prefix], extents: Iterable[Extent]) -> View:
    """Give the view of the tailnet in which routes to some prefixes were approved: on the nodes that offer them, or
    else on a router that does not exist, one more for each tag that rules steer by.

    The nodes of the tailnet keep their numbers.
    """
    offered = offers(view, wanted)
    nodes = list(view.resolved.tailnet.nodes)
    for index, routes in offered.items():
        nodes[index] = nodes[index]._replace(approved_routes=(*view.resolved.approved[index], *routes))
    if not offered:
        tags = dict.fromkeys(tag for grant in view.resolved.grants for tag in grant.via or ())
        nodes.append(Node("a router", (), approved_routes=tuple(wanted)))
        nodes += [Node(f"a router with {tag}", (), tags=(tag,), approved_routes=tuple(wanted)) for tag in tags]
    resolved = resolve(view.resolved.policy, view.resolved.tailnet._replace(nodes=tuple(nodes))).value
    assert resolved is not None
    return Space([resolved], None, extents).views[0]


def outside(prefixes: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """Give what of some prefixes is outside the tailnet's own ranges, so that a route may lead there."""
    return tuple(piece for each in prefixes for piece in (IpSet.of(each) - WILDCARD).prefixes())
