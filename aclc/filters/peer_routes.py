"""The routes of a tailnet, numbered, so that sets of them are integers: what overlaps which, and who serves them.

Subnet routes come first, in address order; the exit routes `0.0.0.0/0` and `::/0` have the last two numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

from aclc.net import Prefix, interval_prefixes
from aclc.policy.selectors import Selector
from aclc.resolve.grants import INTERNET
from aclc.resolve.model import Resolved
from aclc.resolve.node_sets import indices_of, node_set
from aclc.resolve.sources import Sources

EXITS = (Prefix(4, 0, 0), Prefix(6, 0, 0))


class PeerRoutes:
    """Every distinct approved route of a tailnet.

    `routes`: by number. `subnets`, `exits`: the two kinds as sets. `advertisers`: by number, the nodes on which the
    route is approved. `primary`: by number, the node that traffic to a subnet route goes through, None where none of
    them is online.
    """

    __slots__ = (
        "_as_extents",
        "_numbers",
        "_over_nodes",
        "_resolved",
        "_routers",
        "advertisers",
        "exits",
        "primary",
        "routes",
        "subnets",
    )

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        subnets = resolved.routes.routes
        self.routes = (*subnets, *EXITS)
        self.subnets = (1 << len(subnets)) - 1
        self.exits = 3 << len(subnets)
        # `*` holds every subnet route (reference §5.3), which is the usual reason to have many of them.
        self._as_extents = frozenset(resolved.routes.extents)
        self._routers: dict[int, int] = {}
        self._numbers = {route: number for number, route in enumerate(self.routes)}
        self.advertisers = [node_set(resolved.routes.advertisers(route)) for route in subnets]
        exit_nodes = indices_of(resolved.exit_nodes)
        for route in EXITS:
            self.advertisers.append(node_set([each for each in exit_nodes if route in resolved.approved[each]]))
        self.primary = [self.first_created(self.advertisers[number]) for number in range(len(subnets))]
        within = ((number, resolved.names.within(route)) for number, route in enumerate(subnets))
        self._over_nodes = [(number, nodes) for number, nodes in within if nodes]

    def first_created(self, nodes: int) -> int | None:
        """Give the online node that was created first, None where none is online.

        The control plane elects the primary of a route so (reference §7.2: 357 of 357). A node of unknown age comes
        after all others; then the order of the tailnet file decides.
        """
        if self._resolved.names.meaning.primary_by_id:
            return self._lowest_id(nodes)
        facts = self._resolved.tailnet.nodes
        online = [index for index in indices_of(nodes) if facts[index].online]
        return min(online, key=lambda index: (facts[index].created is None, facts[index].created or 0), default=None)

    def _lowest_id(self, nodes: int) -> int | None:
        """Give the online node with the lowest id, as Headscale elects where no router served before (reference §11).
        Ids that are no numbers come last, in the order of the tailnet file."""
        facts = self._resolved.tailnet.nodes
        online = [index for index in indices_of(nodes) if facts[index].online]
        return min(online, key=lambda index: _number(facts[index].id), default=None)

    def chosen(self, route: int, candidates: int) -> int:
        """Give those of the candidates that a route is used through where it is open through them alone.

        Of an exit route they all are; of a subnet route the primary, or else the one that was created first.
        """
        if self.exits >> route & 1:
            return candidates
        primary = self.primary[route]
        if primary is None or not candidates >> primary & 1:
            primary = self.first_created(candidates)
        return 0 if primary is None else 1 << primary

    def set_of(self, routes: Iterable[Prefix]) -> int:
        """Give approved routes as a set."""
        return node_set([self._numbers[route] for route in routes])

    def routers(self, routes: int) -> int:
        """Give the nodes on which one of these routes is approved."""
        found = self._routers.get(routes)
        if found is None:
            found = 0
            for route in indices_of(routes):
                found |= self.advertisers[route]
            self._routers[routes] = found
        return found

    def over_nodes(self, nodes: int) -> int:
        """Give the subnet routes that hold an address of one of these nodes; rarely any."""
        return node_set([number for number, inside in self._over_nodes if inside & nodes])

    def overlapping(self, sources: Sources) -> int:
        """Give the subnet routes that overlap the addresses of sources; exit routes do not count."""
        if sources.anyone or self._as_extents <= sources.extents:
            return self.subnets
        return self._overlapping_intervals(sources.extents) | self.over_nodes(sources.nodes)

    def _overlapping_intervals(self, intervals: Iterable[tuple[int, int, int]]) -> int:
        overlapping = self._resolved.routes.overlapping
        return self.set_of(
            {
                route
                for family, first, last in intervals
                for prefix in interval_prefixes(family, first, last)
                for route in overlapping(prefix)
            }
        )

    def opened_by(self, selector: Selector) -> int:
        """Give the routes that a destination leads into: `*` into all, the internet into exit routes."""
        if selector.kind == "any":
            return self.subnets | self.exits
        return self.literally_opened_by(selector) | self.over_nodes(self._resolved.names.nodes(selector))

    def literally_opened_by(self, selector: Selector) -> int:
        """Give the routes that a literal destination, or the internet, leads into: all that `via` can steer."""
        names = self._resolved.names
        match selector.kind:
            case "prefix" | "host":
                subnets = self.set_of(
                    {
                        route
                        for prefix in names.prefixes(selector)
                        for route in self._resolved.routes.overlapping(prefix)
                    }
                )
                exits = self._resolved.exit_nodes
                public = any(names.exits_opened(prefix, exits) for prefix in names.prefixes(selector))
                return subnets | (self.exits if public else 0)
            case "ipset":
                on_exits = self.exits if names.ipset_speaks_of_internet(selector) else 0
                return self._overlapping_intervals(names.ipset(selector).intervals()) | on_exits
            case "autogroup" if selector.name == INTERNET:
                return self.exits
            case _:
                return 0


def _number(text: str) -> tuple[bool, int]:
    is_number = text.isascii() and text.isdigit()
    return not is_number, int(text) if is_number else 0
