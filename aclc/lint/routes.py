"""The triangle of route, approval and rule: which approved routes no rule opens."""

from __future__ import annotations

from functools import cached_property

from aclc.lint.exposure import Exposure, exposure_of
from aclc.lint.rule import Context, shared
from aclc.net import INTERNET, Prefix
from aclc.policy.model import Policy, RouteApprover
from aclc.policy.selectors import Selector
from aclc.reach.graph.space import Edge
from aclc.source import Place

_MOST_LOOKS = 200_000
"""Networks times destinations that are held against each other; beyond it a network counts as closed to everybody, of
which nothing is said."""


class Routes:
    """What `autoApprovers.routes` approves, held against the rules."""

    def __init__(self, policy: Policy, exposure: Exposure) -> None:
        self._policy = policy
        self._exposure = exposure
        self._into: dict[Prefix, tuple[Edge, ...]] = {}

    @cached_property
    def closed(self) -> tuple[RouteApprover, ...]:
        """The keys of which no rule opens any part, in file order. Default routes are never among them; nor is anything
        where the policy has no rules or names a service, whose addresses nobody knows."""
        if self._policy.allows_everything_by_default:
            return ()
        opened = self._destinations
        if any(selector.kind in {"any", "service"} for selector in opened):
            return ()
        return tuple(
            route
            for route in self._policy.auto_approvers.routes
            if route.prefix is not None
            and route.approvers
            and not route.prefix.is_default_route
            and not any(self._overlaps(selector, route.prefix) for selector in opened)
        )

    @cached_property
    def named_instead(self) -> dict[RouteApprover, list[tuple[Place, Selector]]]:
        """For each closed route the destinations that name the tag of its router, with all ports: who writes so mostly
        means the network."""
        found: dict[RouteApprover, list[tuple[Place, Selector]]] = {}
        for route in self.closed:
            tags = {approver.name for approver in route.approvers if approver.kind == "tag"}
            for edge in self._exposure.edges:
                if edge.dst.name in tags and self._exposure.opens_every_port(edge):
                    place = self._exposure.dst(edge)
                    places = found.setdefault(route, [])
                    if all(place.path != other.path for other, _ in places):
                        places.append((place, edge.dst))
        return found

    def into(self, route: Prefix) -> tuple[Edge, ...]:
        """Give the edges that open addresses of a network to somebody, each with all it may open in some tailnet. An
        edge to everything, to the internet or to a service may lead there too.

        Cost: one look at each destination, once per network; none for networks beyond a bound on all looks together.
        """
        found = self._into.get(route)
        if found is None:
            found = ()
            if len(self._into) < _MOST_LOOKS // (1 + len(self._by_destination)):
                for dst, edges in self._by_destination.items():
                    if dst.kind in {"any", "service"} or self._overlaps(dst, route):
                        found += edges
            self._into[route] = found
        return found

    @cached_property
    def _by_destination(self) -> dict[Selector, tuple[Edge, ...]]:
        found: dict[Selector, list[Edge]] = {}
        for edge in self._exposure.loosest:
            if not edge.is_self:
                found.setdefault(edge.dst, []).append(edge)
        return {dst: tuple(edges) for dst, edges in found.items()}

    @cached_property
    def _destinations(self) -> tuple[Selector, ...]:
        found: dict[Selector, None] = {}
        for grant in self._policy.grants or ():
            if grant.ip:
                found.update(dict.fromkeys(grant.dst))
        for acl in self._policy.acls or ():
            found.update(dict.fromkeys(destination.selector for destination in acl.dst))
        return tuple(found)

    def _overlaps(self, selector: Selector, route: Prefix) -> bool:
        if selector.name == "autogroup:internet":
            return INTERNET.overlaps(route)
        names = self._exposure.view.resolved.names
        if selector.kind == "ipset":
            return names.ipset(selector).overlaps(route)
        return any(prefix.overlaps(route) for prefix in names.prefixes(selector))


@shared
def routes_of(context: Context) -> Routes:
    """Give which approved routes no rule opens."""
    return Routes(context.policy, exposure_of(context))
