"""The intermediate graph: sources and targets as nodes, rules as edges that know the lines they come from.

A `Space` numbers the endpoints of one tailnet that one or more policies can tell apart. A `View` is one policy in that
space: its edges, each a set of sources, a set of targets, a protocol and ports. Sets are Python integers; no list of
pairs is ever made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from aclc.net import DEFAULT_PROTOCOLS, INTERNET, WILDCARD, Address, IpSet, PortRange, Prefix
from aclc.policy.selectors import Selector
from aclc.reach.graph.endpoints import (
    Endpoints,
    Extent,
    extents_of,
    opened_nodes,
    serving_nodes,
    source_endpoints,
    target_endpoints,
)
from aclc.reach.graph.own_addresses import own_addresses
from aclc.records import NamedTuple
from aclc.resolve.grants import INTERNET as INTERNET_NAME
from aclc.resolve.model import Item, Resolved, ResolvedGrant
from aclc.resolve.node_sets import indices_of, node_set, union_of
from aclc.resolve.posture import effective_postures, nodes_allowed_by_posture

PORT_PROTOCOLS = (6, 17, 132)
"""TCP, UDP and SCTP: the protocols whose packets carry ports. Every other one needs a rule for all ports (reference
§5.1)."""

Scope = Literal["any", "own", "others"]
"""Between which owners: any; only devices of one user; only where source and target are not devices of one user."""


class Edge(NamedTuple):
    """What one destination of one rule opens for one protocol.

    `grant`: index into `Resolved.grants`. `dst`: the destination's selector. `protocol` as in rules: None stands for
    TCP, UDP, ICMP and ICMPv6. `is_self`: a source reaches only targets of the same owner. `items`: which items of the
    rule say so.
    """

    grant: int
    src: int
    dst: Selector
    targets: int
    protocol: int | None
    ports: tuple[PortRange, ...]
    is_self: bool
    items: tuple[Item, ...]

    def opens(self, protocol: int, port: int) -> bool:
        """Tell whether a first packet of the protocol to the port passes, source and target given.

        ICMP and ICMPv6 pass under any rule; protocols without ports need a rule for all ports (reference §5.1).
        """
        if protocol in {1, 58}:
            return True
        if self.protocol is None:
            if protocol not in DEFAULT_PROTOCOLS:
                return False
        elif self.protocol != protocol:
            return False
        if protocol in PORT_PROTOCOLS:
            return any(ports.first <= port <= ports.last for ports in self.ports)
        return any(ports == (0, 65535) for ports in self.ports)


class Space:
    """The endpoints that some policies can tell apart on one tailnet.

    The policies must be resolved on the same nodes in the same order. `views` has one view per policy, in the order
    given. `routed`: outside addresses that `*` means as a source; None: those behind approved subnet routes, as
    control planes have it. `asked`: intervals that questions will be about, so that no endpoint lies partly inside one.
    """

    __slots__ = ("sources", "targets", "views")

    def __init__(self, resolved: Sequence[Resolved], routed: IpSet | None = None, asked: Iterable[Extent] = ()) -> None:
        asked = tuple(asked)
        own = own_addresses([(each.names.addresses, each.names.address_index) for each in resolved])
        self.sources = source_endpoints(resolved, own, routed or IpSet(), asked)
        self.targets = target_endpoints(resolved, own, asked)
        views: list[View] = []
        for each in resolved:
            views.append(View(each, self.sources, self.targets, routed, views[0] if views else None))
        self.views = tuple(views)


FEW = 3
"""Routes of a node up to which looking through them is faster than a set of their addresses."""


class View:
    """One policy in a space.

    `live`: targets that exist under this policy (it may approve fewer routes than another); `served`: those of them
    that lie behind approved routes. `edges`: in the order of the rules. `beside`: another policy's view in the same
    space, from which is taken over what is the same. `unions`: sources of several selectors of a rule, by the identity
    of their sets, which the view keeps. `is_first`: whether its policy is the first, or only, one of the space; of two
    that are compared it is the older one.
    """

    def __init__(
        self,
        resolved: Resolved,
        sources: Endpoints,
        targets: Endpoints,
        routed: IpSet | None = None,
        beside: View | None = None,
    ) -> None:
        self.resolved = resolved
        self.is_first = beside is None
        self._routed = resolved.routes.addresses if routed is None else routed
        self.sources = sources
        self.targets = targets
        self._sources_of: dict[Selector, int] = {}
        self._tested: dict[tuple[Selector, tuple[str, ...]], int] = {}
        self._targets_of: dict[Selector, int] = {}
        self._steered: dict[tuple[Selector, tuple[str, ...]], int] = {}
        self._opened: dict[tuple[int, int, int], int] = {}
        self._allowed: dict[tuple[str, ...], int] = {}
        self.unions: dict[tuple[int, ...], int] = {}
        is_alike = beside is not None and beside.resolved.approved is resolved.approved
        self.served: int = beside.served if beside is not None and is_alike else self._behind_routes()
        self.live: int = self._in_use(self.targets) | self.served
        self._like = beside if beside is not None and is_alike and self._has_same_ground(beside) else None
        if self._like is not None:
            self.live = self._like.live

    def _has_same_ground(self, other: View) -> bool:
        """Tell whether a selector that names the same in two policies has the same sets in their views."""
        mine, theirs = self.resolved, other.resolved
        return (
            self._routed is other._routed
            and mine.names.inventory is theirs.names.inventory
            and mine.names.meaning == theirs.names.meaning
            and mine.names.without_ipv4 == theirs.names.without_ipv4
        )

    def _alike(self, selector: Selector) -> View | None:
        """Give the view beside from which what a selector names can be taken over, None where it cannot."""
        like = self._like
        return like if like is not None and self.resolved.names.agree_with(like.resolved.names, selector) else None

    def _behind_routes(self) -> int:
        """Give the targets that lie behind approved routes."""
        if self.targets.approved is self.resolved.approved:
            return self.targets.pieces
        served: list[int] = []
        within: dict[tuple[Prefix, ...], IpSet] = {}
        for node in indices_of(self.targets.routers):
            routes = self.resolved.approved[node]
            if len(routes) <= FEW:
                for at, piece in self.targets.pieces_at(node) if routes else ():
                    if any(each.family == piece.family and each.first <= piece.first <= each.last for each in routes):
                        served.append(at)
                continue
            if routes not in within:
                within[routes] = IpSet.of(*routes)
            for at, piece in self.targets.pieces_at(node):
                if within[routes].contains(Address(piece.family, piece.first)):
                    served.append(at)
        return node_set(served)

    def _in_use(self, endpoints: Endpoints) -> int:
        """Give the own addresses that this policy leaves to nodes: `disable-ipv4` takes some away."""
        taken = self.resolved.names.without_ipv4
        return endpoints.own & ~(endpoints.of_nodes(taken) & endpoints.families[0]) if taken else endpoints.own

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every rule's every destination, in the order of the rules. Rules that open nothing give none."""
        return tuple(self._edges())

    @cached_property
    def _edges_by_grant(self) -> dict[int, list[Edge]]:
        found: dict[int, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.grant, []).append(edge)
        return found

    def edges_of(self, grants: Iterable[int]) -> list[Edge]:
        """Give the edges of some rules, in the order of the rules."""
        return [edge for grant in sorted(set(grants)) for edge in self._edges_by_grant.get(grant, ())]

    def _edges(self) -> Iterator[Edge]:
        for index, grant in enumerate(self.resolved.grants):
            src = self.sources_of_rule(grant)
            if not src:
                continue
            for part in grant.parts:
                for network in part.networks:
                    for target in network.targets:
                        targets = self.member_targets if part.is_self else self.targets_of(target.selector, grant.via)
                        if targets:
                            yield Edge(
                                index,
                                src,
                                target.selector,
                                targets,
                                network.protocol,
                                target.ports,
                                part.is_self,
                                target.items,
                            )

    @cached_property
    def member_targets(self) -> int:
        """Targets of `autogroup:self`: the addresses of untagged nodes of members."""
        return self.targets.of_nodes(self.resolved.names.members) & self.live

    @cached_property
    def member_sources(self) -> int:
        """Sources that are devices of members: those that `autogroup:self` can speak of."""
        return self.sources.of_nodes(self.resolved.names.members)

    @cached_property
    def sources_behind_routes(self) -> int:
        """Outside sources that lie behind an approved subnet route: part of the tailnet's own networks."""
        return self.sources.within_set(self._routed) & ~self.sources.own

    def sources_of_rule(self, grant: ResolvedGrant) -> int:
        """Give the sources of a rule, postures applied."""
        if not grant.parts:
            return 0
        postures = effective_postures(self.resolved.policy, grant.src_posture)
        united = [self.sources_of(selector, postures) for selector in grant.src]
        if len(united) == 1:
            return united[0]
        key = tuple(map(id, united))
        found = self.unions.get(key)
        if found is None and self._like is not None:
            found = self._like.unions.get(key)
        if found is None:
            found = self.unions[key] = union_of(united)
        return found

    def sources_of(self, selector: Selector, postures: tuple[str, ...] = ()) -> int:
        """Give the sources that a selector names, cut to what a posture leaves (docs/decisions/0010)."""
        if postures:
            key = (selector, postures)
            found = self._tested.get(key)
            if found is None:
                found = self._tested[key] = self._select_tested(selector, postures)
            return found
        found = self._sources_of.get(selector)
        if found is None:
            like = self._alike(selector)
            found = like.sources_of(selector) if like else self._select_sources(selector) & self._known_sources
            self._sources_of[selector] = found
        return found

    def _select_tested(self, selector: Selector, postures: tuple[str, ...]) -> int:
        sources = self.sources
        allowed = sources.of_nodes(self._nodes_allowed(postures))
        if selector.kind == "any" or selector.name == "autogroup:danger-all":
            return sources.of_nodes(self.resolved.names.nodes(selector)) & allowed & self._known_sources
        plain = self.sources_of(selector)
        return plain & (allowed | ~sources.own) if selector.kind in {"prefix", "host", "ipset"} else plain & allowed

    def _select_sources(self, selector: Selector) -> int:
        names, sources = self.resolved.names, self.sources
        if selector.kind == "any":
            return sources.within_set(WILDCARD | self._routed)
        if selector.name == "autogroup:danger-all":
            return self._known_sources
        if selector.kind in {"prefix", "host", "ipset"}:
            return sources.within_set(IpSet.from_intervals(extents_of(names, selector)))
        return sources.of_nodes(names.nodes(selector))

    @cached_property
    def _known_sources(self) -> int:
        """All sources but addresses that this policy takes away from nodes, and services, which send nothing."""
        own = self._in_use(self.sources) & ~self.sources.of_nodes(self.resolved.names.services)
        return own | (self.sources.families[0] | self.sources.families[1]) & ~self.sources.own

    def _nodes_allowed(self, postures: tuple[str, ...]) -> int:
        found = self._allowed.get(postures)
        if found is None:
            nodes = self.resolved.tailnet.nodes
            found = self._allowed[postures] = nodes_allowed_by_posture(self.resolved.policy, postures, nodes)
        return found

    def targets_of(self, selector: Selector, via: tuple[str, ...] | None = None) -> int:
        """Give the targets that a destination opens, steered by `via` (None: not steered)."""
        if via is not None:
            key = (selector, via)
            found = self._steered.get(key)
            if found is None:
                found = self._steered[key] = self._select_steered(selector, via) & self.live
            return found
        found = self._targets_of.get(selector)
        if found is None:
            like = self._alike(selector)
            found = like.targets_of(selector) if like else self._select_targets(selector) & self.live
            self._targets_of[selector] = found
        return found

    def _select_targets(self, selector: Selector) -> int:
        names, targets = self.resolved.names, self.targets
        if selector.kind == "any":
            apart = names.inventory.by_name_only
            return self.live & ~targets.of_nodes(apart) if apart else self.live
        if selector.name == INTERNET_NAME:
            return self._internet(self.resolved.exit_nodes)
        if selector.kind not in {"prefix", "host", "ipset"}:
            return targets.of_nodes(names.nodes(selector))
        found = 0
        for extent in extents_of(names, selector):
            found |= targets.within(*extent) & targets.at_nodes(self._nodes_opened(extent))
        for prefix in names.prefixes(selector):
            exits = names.exits_opened(prefix, self.resolved.exit_nodes)
            if exits:
                found |= targets.within(prefix.family, prefix.first, prefix.last) & targets.at_nodes(exits)
        return found | self._through_exits(selector, self.resolved.exit_nodes)

    def _select_steered(self, selector: Selector, via: tuple[str, ...]) -> int:
        names, targets = self.resolved.names, self.targets
        steered = 0
        for tag in via:
            steered |= names.tag(tag)
        if selector.name == INTERNET_NAME:
            return self._internet(self.resolved.exit_nodes & steered)
        if selector.kind not in {"prefix", "host", "ipset"}:
            return 0
        found = 0
        for extent in extents_of(names, selector):
            nodes = serving_nodes(self.resolved, extent) & steered
            found |= targets.within(*extent) & targets.at_nodes(nodes)
        return found | self._through_exits(selector, self.resolved.exit_nodes & steered)

    def _through_exits(self, selector: Selector, exits: int) -> int:
        """Give what an ipset made from autogroup:internet opens behind exit nodes; nothing for other selectors."""
        names, targets = self.resolved.names, self.targets
        if selector.kind != "ipset" or not names.ipset_speaks_of_internet(selector):
            return 0
        return targets.within_set(names.ipset(selector)) & targets.at_nodes(exits)

    def _internet(self, exits: int) -> int:
        targets = self.targets
        return (targets.within_set(INTERNET) | targets.internet) & targets.at_nodes(exits) if exits else 0

    def _nodes_opened(self, extent: Extent) -> int:
        found = self._opened.get(extent)
        if found is None:
            found = self._opened[extent] = opened_nodes(self.resolved, extent)
        return found

    def meet(self, sources: int, targets: int) -> bool:
        """Tell whether some source and some target have a family in common: packets go between no others."""
        families = zip(self.sources.families, self.targets.families, strict=True)
        return any(sources & mine and targets & theirs for mine, theirs in families)

    def same_owner(self, endpoints: Endpoints, node: int) -> int:
        """Give the endpoints of untagged nodes of the node's own user; none where it has no user."""
        owner = self.resolved.names.owners[node]
        return endpoints.of_nodes(self.resolved.names.user(owner)) if owner is not None else 0

    def edges_to(self, target: int) -> Iterator[tuple[Edge, int]]:
        """Give the edges that open a target, each with the sources that it opens it to."""
        bit = 1 << target
        own = None
        for edge in self.edges:
            if edge.targets & bit:
                src = edge.src
                if edge.is_self:
                    if own is None:
                        node = self.targets.items[target].node
                        own = self.same_owner(self.sources, node) if node is not None else 0
                    src &= own
                if src:
                    yield edge, src & self.sources.families[0 if self.targets.items[target].family == 4 else 1]

    def edges_between(self, source: int, target: int) -> list[Edge]:
        """Give the edges that let a source reach a target, in the order of the rules."""
        return [edge for edge, src in self.edges_to(target) if src >> source & 1]

    def allows(self, source: int, target: int, protocol: int, port: int) -> bool:
        """Tell whether the first packet of a connection passes the filter of the target's node."""
        return any(edge.opens(protocol, port) for edge in self.edges_between(source, target))

    def reached_from(self, source: int) -> int:
        """Give the targets that a source reaches on any port of any protocol. Cost: O(edges)."""
        found = 0
        endpoint = self.sources.items[source]
        for edge in self.edges:
            if edge.src >> source & 1:
                targets = edge.targets
                if edge.is_self:
                    targets &= self.same_owner(self.targets, endpoint.node) if endpoint.node is not None else 0
                found |= targets
        return found & self.targets.families[0 if endpoint.family == 4 else 1]


def sources_of_addresses(endpoints: Endpoints, addresses: Iterable[Address]) -> int:
    """Give the endpoints that hold any of some addresses."""
    return node_set([at for address in addresses for at in endpoints.holding(address)])
