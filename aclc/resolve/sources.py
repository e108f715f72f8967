"""Sets of sources by content, so that two rules with the same `SrcIPs` are known to be so without writing them out."""

from __future__ import annotations

from collections.abc import Iterable

from aclc.net import WILDCARD, Address, IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.records import NamedTuple
from aclc.resolve.addresses import RouteIndex
from aclc.resolve.names import Names
from aclc.resolve.node_sets import indices_of, node_set
from aclc.resolve.posture import effective_postures, nodes_allowed_by_posture

Extent = tuple[int, int, int]
"""An interval of addresses with its family: (family, first, last)."""


class Sources(NamedTuple):
    """Who may send. Two values are equal iff their lists of `SrcIPs` are.

    `nodes`: nodes all of whose addresses are in. `extents`: everything else, one item per string; overlaps stay apart,
    as the control plane keeps them (reference §5.3). `anyone`: the literal `*`, which leaves nothing else to say.
    """

    nodes: int = 0
    extents: frozenset[Extent] = frozenset()
    anyone: bool = False

    def __bool__(self) -> bool:
        return self.anyone or bool(self.nodes or self.extents)


NOBODY = Sources()
ANYONE = Sources(anyone=True)


class SourceSets:
    """Works out the sources of rules. Every distinct list of selectors is worked out once per posture."""

    __slots__ = ("_allowed", "_done", "_members", "_names", "_policy", "_wildcard", "_wildcard_points")

    def __init__(self, policy: Policy, names: Names, routes: RouteIndex) -> None:
        self._policy = policy
        self._names = names
        self._wildcard = frozenset([*WILDCARD.intervals(), *routes.extents])
        self._wildcard_points = _points(self._wildcard)
        self._done: dict[tuple[tuple[Selector, ...], tuple[str, ...]], Sources] = {}
        self._allowed: dict[tuple[str, ...], int] = {}
        self._members: dict[Sources, int] = {}

    def of(self, src: tuple[Selector, ...], src_posture: tuple[str, ...] | None = None) -> Sources:
        """Give the sources that a rule's `src` means.

        Args:
            src: selectors; what names nothing adds nothing.
            src_posture: the rule's own, None where absent: the policy's default applies then.

        A posture keeps the nodes that meet it, and nodes that were shared in. It leaves of `*` and
        `autogroup:danger-all` only such nodes, of literals everything but the addresses of other nodes
        (docs/decisions/0010).
        """
        return self._of(src, effective_postures(self._policy, src_posture))

    def untested(self, src: tuple[Selector, ...]) -> Sources:
        """Give what selectors mean where no posture is asked for: the `SrcIPs` form of a rule's destinations."""
        return self._of(src, ())

    def _of(self, src: tuple[Selector, ...], postures: tuple[str, ...]) -> Sources:
        key = (src, postures)
        found = self._done.get(key)
        if found is None:
            found = self._done[key] = self._tested(src, postures) if postures else self._plain(src)
        return found

    def _plain(self, src: tuple[Selector, ...]) -> Sources:
        names, nodes = self._names, 0
        united = names.meaning.sources_united
        extents: set[Extent] = set()
        wildcard: frozenset[Extent] = frozenset()
        for selector in src:
            match selector.kind:
                case "any":
                    wildcard = self._wildcard
                case "autogroup" if selector.name == "autogroup:danger-all":
                    return ANYONE
                case "prefix" | "host":
                    extents.update((each.family, each.first, each.last) for each in names.prefixes(selector))
                case "ipset":
                    extents.update(names.ipset(selector).intervals())
                case _:
                    nodes |= names.nodes(selector)
        if united and extents and not wildcard:
            addresses = IpSet.from_intervals(extents)
            covered = [at for at in indices_of(nodes) if all(map(addresses.contains, names.addresses[at]))]
            nodes &= ~node_set(covered)
            extents = set(addresses.intervals())
        return self._canonical(nodes, extents, wildcard)

    def _tested(self, src: tuple[Selector, ...], postures: tuple[str, ...]) -> Sources:
        names, nodes = self._names, 0
        allowed = self._allowed.get(postures)
        if allowed is None:
            allowed = nodes_allowed_by_posture(self._policy, postures, names.tailnet.nodes)
            self._allowed[postures] = allowed
        extents: set[Extent] = set()
        for selector in src:
            match selector.kind:
                case "prefix" | "host":
                    for prefix in names.prefixes(selector):
                        extents.update(self._without_refused(IpSet.of(prefix), allowed))
                case "ipset":
                    extents.update(self._without_refused(names.ipset(selector), allowed))
                case _:
                    nodes |= names.nodes(selector) & allowed
        return self._canonical(nodes, extents)

    def _without_refused(self, addresses: IpSet, allowed: int) -> Iterable[Extent]:
        """Give the set without the addresses of nodes that the posture refuses."""
        refused = [
            (each.family, each.value, each.value)
            for family, first, last in addresses.intervals()
            for index in dict.fromkeys(self._names.address_index.within(family, first, last))
            if not allowed >> index & 1
            for each in self._names.addresses[index]
        ]
        return (addresses - IpSet.from_intervals(refused)).intervals()

    def nodes_alone(self, nodes: int) -> Sources:
        """Give the sources that are just these nodes."""
        return self._canonical(nodes, set())

    def _canonical(self, nodes: int, extents: set[Extent], wildcard: frozenset[Extent] = frozenset()) -> Sources:
        """Give the one value for these strings; `wildcard`: those of `*` where it is among them."""
        # INVARIANT: a node is in `nodes` iff it has addresses and all of them are among the strings; then none of them
        # is in `extents`.
        names = self._names
        if names.without_address:
            nodes &= ~names.without_address
        partly: dict[int, list[Extent]] = {}
        for extent in _points(extents) | self._wildcard_points if wildcard else _points(extents):
            owner = names.address_index.owner(Address(*extent[:2]))
            if owner is not None:
                partly.setdefault(owner, []).append(extent)
        said: set[Extent] = set()
        for owner, found in partly.items():
            if nodes >> owner & 1 or len(found) == len(names.addresses[owner]):
                nodes |= 1 << owner
                said.update(found)
        if not said and extents <= wildcard:
            return Sources(nodes, wildcard)
        return Sources(nodes, (wildcard | extents) - said)

    def members(self, sources: Sources) -> int:
        """Give the machines with an address among the sources."""
        if sources.anyone:
            return self._names.everyone
        found = self._members.get(sources)
        if found is None:
            found = sources.nodes
            for extent in sources.extents:
                found |= node_set(self._names.address_index.within(*extent))
            found &= ~self._names.services
            self._members[sources] = found
        return found

    def ip_set(self, sources: Sources) -> IpSet:
        """Give the addresses of sources as a set."""
        if sources.anyone:
            return IpSet.everything()
        own = self._names.addresses
        return IpSet.from_intervals(
            [
                *((each.family, each.value, each.value) for index in indices_of(sources.nodes) for each in own[index]),
                *sources.extents,
            ]
        )


def _points(extents: Iterable[Extent]) -> frozenset[Extent]:
    """Give the intervals that are one address."""
    return frozenset([each for each in extents if each[1] == each[2]])
