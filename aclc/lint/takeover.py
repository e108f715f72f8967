"""What somebody gains by becoming another device: by applying a tag, or by a session on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from aclc.diagnostics import Note
from aclc.lint.exposure import Exposure, ports_text
from aclc.net import DEFAULT_PROTOCOLS, ICMP, ICMPV6, TCP, UDP, PortRange, PortSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.powers import tag_powers
from aclc.reach.space import Edge
from aclc.resolve.node_sets import indices_of

ADMINS = frozenset({"autogroup:admin", "autogroup:owner", "autogroup:it-admin", "autogroup:network-admin"})
"""Roles that can change the policy or the devices themselves, so that nothing is a gain for them."""


class Escalation(NamedTuple):
    """Who may apply a tag and gains by it. `through`: tags in between, farthest first. `gains`: never empty."""

    who: Selector
    tag: str
    through: tuple[str, ...]
    gains: tuple[Edge, ...]


class Takeover:
    """The gains of one policy, in every tailnet."""

    def __init__(self, policy: Policy, exposure: Exposure) -> None:
        self._policy = policy
        self._exposure = exposure
        self._covering: dict[tuple[int, int | None, tuple[PortRange, ...]], int] = {}
        self._mine: dict[int, list[Edge]] = {}
        self._gains: dict[tuple[int, int, int], tuple[Edge, ...]] = {}
        self._sources: dict[Selector, int] = {}

    @cached_property
    def escalations(self) -> tuple[Escalation, ...]:
        """Who gains by applying a tag, by tag in file order; nobody where everything is open anyway."""
        return () if self._exposure.allows_all else tuple(self._escalations())

    def _escalations(self) -> Iterator[Escalation]:
        powers = tag_powers(self._policy)
        for tag in self._policy.tag_owners:
            for (name, applied), through in powers.items():
                if applied == tag and name not in ADMINS:
                    who = parse_selector(name)
                    gains = self.gains(self.nodes(who), tag)
                    if gains:
                        yield Escalation(who, tag, through, gains)

    @cached_property
    def _owners(self) -> dict[str, dict[str, tuple[str, ...]]]:
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for (who, tag), through in tag_powers(self._policy).items():
            found.setdefault(tag, {})[who] = through
        return found

    def owners(self, tag: str) -> dict[str, tuple[str, ...]]:
        """Give everybody who may apply a tag, by name: with the tags in between, farthest first."""
        return self._owners.get(tag, {})

    def sources(self, who: Selector) -> int:
        """Give the sources that somebody may send from in some tailnet: own devices, and those of every tag that they
        may apply."""
        found = self._sources.get(who)
        if found is None:
            names = self._exposure.view.resolved.names
            nodes = self._exposure.devices(who)
            for tag, owners in self._owners.items():
                if who.name in owners:
                    nodes |= names.tag(tag)
            found = self._sources[who] = self._exposure.view.sources.of_nodes(nodes)
        return found

    @staticmethod
    def may_change_all(who: Selector) -> bool:
        """Tell whether somebody is an admin of a kind, for whom nothing is a gain."""
        return who.name in ADMINS

    def nodes(self, who: Selector) -> int:
        """Give the devices that a selector names, without those shared in."""
        names = self._exposure.view.resolved.names
        return names.nodes(who) & ~names.shared

    def gains(self, nodes: int, tag: str, without: int = 0) -> tuple[Edge, ...]:
        """Give the edges that open to a device with a tag what some of the nodes do not reach themselves.

        `without`: targets that do not count. Public addresses, devices shared in and ping do not count either. Cost:
        edges², but each distinct opening is compared once.
        """
        through = self._exposure.view.resolved.names.tag(tag)
        key = (nodes, through & -through, without)
        found = self._gains.get(key)
        if found is None:
            found = self._gains[key] = tuple(self._missing_edges(nodes, through & -through, without))
        return found

    def _missing_edges(self, nodes: int, through: int, without: int) -> Iterator[Edge]:
        exposure = self._exposure
        view = exposure.view
        mine, theirs = view.sources.of_nodes(nodes), view.sources.of_nodes(through)
        without |= view.targets.of_nodes(view.resolved.names.shared)
        for edge in exposure.edges:
            targets = edge.targets & ~exposure.behind & ~without
            if edge.is_self or not edge.src & theirs or not targets or edge.protocol in {ICMP, ICMPV6}:
                continue
            for number, family in enumerate(view.sources.families):
                if edge.src & theirs & family:
                    lacking = mine & family & ~self._having(edge)
                    wanted = targets & view.targets.families[number]
                    if any(self._lacks(source, edge, wanted) for source in indices_of(lacking)):
                        yield edge
                        break

    def _having(self, edge: Edge) -> int:
        """Give the sources that some single edge gives all that an edge gives."""
        key = (edge.targets, edge.protocol, edge.ports)
        found = self._covering.get(key)
        if found is None:
            found = 0
            wanted = PortSet.of(*edge.ports).ranges
            for other, ports in self._widest:
                if (
                    not edge.targets & ~other.targets
                    and other.src & ~found
                    and other.protocol in {None, edge.protocol}
                    and all(ports.covers(PortRange(*each)) for each in wanted)
                ):
                    found |= other.src
            self._covering[key] = found
        return found

    @cached_property
    def _widest(self) -> tuple[tuple[Edge, PortSet], ...]:
        return tuple((edge, PortSet.of(*edge.ports)) for edge in self._exposure.widest if not edge.is_self)

    def _edges_of(self, source: int) -> list[Edge]:
        found = self._mine.get(source)
        if found is None:
            found = self._mine[source] = [edge for edge, _ in self._widest if edge.src >> source & 1]
        return found

    def _lacks(self, source: int, edge: Edge, targets: int) -> bool:
        """Tell whether a source lacks some of an edge's ports on some target that is not its own user's device."""
        view = self._exposure.view
        node = view.sources.items[source].node
        if node is not None:
            targets &= ~(view.same_owner(view.targets, node) | view.targets.of_nodes(1 << node))
        mine = [each for each in self._edges_of(source) if each.targets & targets]
        unreached = targets
        for each in mine:
            unreached &= ~each.targets
        if unreached:
            return True
        classes = {
            tuple(at for at, each in enumerate(mine) if each.targets >> target & 1) for target in indices_of(targets)
        }
        return any(not _opened([mine[at] for at in key], edge) for key in classes)


def _opened(edges: list[Edge], wanted: Edge) -> bool:
    """Tell whether edges together open all ports that another one opens."""
    for protocol in (TCP, UDP) if wanted.protocol is None else (wanted.protocol,):
        speaking = [
            each
            for each in edges
            if each.protocol == protocol or (each.protocol is None and protocol in DEFAULT_PROTOCOLS)
        ]
        ports = PortSet.of(*(each for edge in speaking for each in edge.ports))
        if not all(ports.covers(PortRange(*each)) for each in PortSet.of(*wanted.ports).ranges):
            return False
    return True


def gains_text(gains: tuple[Edge, ...]) -> str:
    """Give what is gained in words: the first destination with its ports, then how many more."""
    listed = list(dict.fromkeys(f"{ports_text(edge)} of {_target(edge)}" for edge in gains))
    more = len(listed) - 1
    return listed[0] + (f" and {more} other destination{'s' if more > 1 else ''}" if more else "")


def _target(edge: Edge) -> str:
    return "every device" if edge.dst.kind == "any" else f"`{edge.dst.text}`"


def gain_notes(exposure: Exposure, gains: tuple[Edge, ...], name: str, most: int = 3) -> list[Note]:
    """Give notes at the rules that open it, in file order."""
    return [
        exposure.note(edge, f"opens {ports_text(edge)} of {_target(edge)} to `{name}`")
        for edge in {exposure.dst(each).path: each for each in reversed(gains)}.values()
    ][::-1][:most]
