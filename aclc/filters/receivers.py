"""Which nodes a destination reaches, and what it opens there (reference §5.4, §5.8, §5.9).

What a destination opens on a node is either the node's own addresses or a fixed list; nodes for which it is the same
list form one set, so the work is per distinct selector.
"""

from __future__ import annotations

from aclc.filters.model import EVERYWHERE, Block
from aclc.net import INTERNET, IpSet, Prefix
from aclc.policy.selectors import Selector
from aclc.records import NamedTuple
from aclc.resolve.grants import INTERNET as INTERNET_AUTOGROUP
from aclc.resolve.model import Resolved
from aclc.resolve.node_sets import indices_of, node_set


class Reached(NamedTuple):
    """A set of nodes and what is opened on each: `blocks` in order, None for the node's own addresses."""

    nodes: int
    blocks: tuple[Block, ...] | None


class Granted(NamedTuple):
    """A set of nodes and the `Dsts` of a capability there.

    `destinations`: a number stands for the node's own address at that place; None for all its own addresses.
    """

    nodes: int
    destinations: tuple[int | Prefix, ...] | None


class Receivers:
    """Works out destinations. Every distinct selector is worked out once."""

    __slots__ = ("_granted", "_reached", "_resolved", "_via")

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        self._reached: dict[Selector, tuple[Reached, ...]] = {}
        self._granted: dict[Selector, tuple[Granted, ...]] = {}
        self._via: dict[tuple[Selector, int], tuple[Reached, ...]] = {}

    def reached(self, selector: Selector) -> tuple[Reached, ...]:
        """Give the nodes that receive traffic to a selector. The sets are disjoint and not empty.

        A literal counts on a node that has an address in it, or an approved subnet route that overlaps it; exit routes
        do not count.
        """
        found = self._reached.get(selector)
        if found is None:
            found = self._reached[selector] = tuple(each for each in self._reach(selector) if each.nodes)
        return found

    def _reach(self, selector: Selector) -> list[Reached]:
        names, routes, exits = self._resolved.names, self._resolved.routes, self._resolved.exit_nodes
        match selector.kind:
            case "any":
                return [Reached(names.everyone, (EVERYWHERE,))]
            case "prefix" | "host":
                return [
                    Reached(names.within(each) | routes.nodes(each) | names.exits_opened(each, exits), (_prefix(each),))
                    for each in names.prefixes(selector)
                ]
            case "ipset":
                on_exits = exits if names.ipset_speaks_of_internet(selector) else 0
                touched = {
                    prefix: (names.within(prefix) | routes.nodes(prefix)) & ~on_exits
                    for prefix in names.ipset(selector).prefixes()
                }
                return [Reached(on_exits, _ranges(names.ipset(selector))), *_by_list(touched)]
            case "autogroup" if selector.name == INTERNET_AUTOGROUP:
                return [Reached(exits, _ranges(INTERNET))]
            case _:
                return [Reached(names.nodes(selector), None)]

    def reached_via(self, selector: Selector, routers: int) -> tuple[Reached, ...]:
        """Give the nodes among `routers` that forward traffic to a selector: literals and the internet only."""
        key = (selector, routers)
        found = self._via.get(key)
        if found is None:
            found = self._via[key] = tuple(each for each in self._reach_via(selector, routers) if each.nodes)
        return found

    def _reach_via(self, selector: Selector, routers: int) -> list[Reached]:
        names, routes, exits = self._resolved.names, self._resolved.routes, self._resolved.exit_nodes & routers
        match selector.kind:
            case "prefix" | "host":
                return [Reached(routes.nodes(each) & routers, (_prefix(each),)) for each in names.prefixes(selector)]
            case "ipset":
                on_exits = exits if names.ipset_speaks_of_internet(selector) else 0
                touched = {
                    prefix: routes.nodes(prefix) & routers & ~on_exits for prefix in names.ipset(selector).prefixes()
                }
                return [Reached(on_exits, _ranges(names.ipset(selector))), *_by_list(touched)]
            case "autogroup" if selector.name == INTERNET_AUTOGROUP:
                return [Reached(exits, _ranges(INTERNET))]
            case _:
                return []

    def granted(self, selector: Selector) -> tuple[Granted, ...]:
        """Give the nodes on which a capability for a selector holds. The sets are disjoint and not empty.

        For a literal: the node's own addresses in it, then the literal itself where it overlaps a subnet route.
        """
        found = self._granted.get(selector)
        if found is None:
            found = self._granted[selector] = tuple(each for each in self._grant(selector) if each.nodes)
        return found

    def _grant(self, selector: Selector) -> list[Granted]:
        names, routes = self._resolved.names, self._resolved.routes
        if selector.kind in {"prefix", "host"}:
            prefixes = names.prefixes(selector)
        elif selector.kind == "ipset":
            prefixes = tuple(names.ipset(selector).prefixes())
        elif selector.name == INTERNET_AUTOGROUP:
            return []
        else:
            return [Granted(names.nodes(selector), None)]
        own: dict[int, list[int | Prefix]] = {}
        behind: dict[int, list[int | Prefix]] = {}
        for prefix in prefixes:
            for index in indices_of(names.within(prefix)):
                places = own.setdefault(index, [])
                places.extend(at for at, each in enumerate(names.addresses[index]) if prefix.contains(each))
            for index in indices_of(routes.nodes(prefix)):
                behind.setdefault(index, []).append(prefix)
        alike: dict[tuple[int | Prefix, ...], list[int]] = {}
        for index in sorted({*own, *behind}):
            destinations = (*sorted(own.get(index, ())), *behind.get(index, ()))
            alike.setdefault(destinations, []).append(index)
        return [Granted(node_set(indices), destinations) for destinations, indices in alike.items()]


def _prefix(prefix: Prefix) -> Block:
    return Block(IpSet.of(prefix), "prefix")


def _ranges(addresses: IpSet) -> tuple[Block, ...]:
    return tuple(Block(IpSet.from_intervals([each]), "range") for each in addresses.intervals())


def _by_list(touched: dict[Prefix, int]) -> list[Reached]:
    """Give the nodes grouped by the list of prefixes that touch them."""
    lists: dict[int, list[Prefix]] = {}
    for prefix, nodes in touched.items():
        for index in indices_of(nodes):
            lists.setdefault(index, []).append(prefix)
    alike: dict[tuple[Prefix, ...], list[int]] = {}
    for index in sorted(lists):
        alike.setdefault(tuple(lists[index]), []).append(index)
    return [
        Reached(node_set(indices), tuple(_prefix(each) for each in prefixes)) for prefixes, indices in alike.items()
    ]
