"""Transitive reach: what a source can get to by way of machines that it can take over.

Three ways lead on: a session over SSH gives the rights of the machine; whoever may apply tags can bring a machine of
their own with those tags, like the ones that are there; and a router sends and receives for the networks behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from aclc.policy.selectors import parse_selector
from aclc.reach.graph.space import View
from aclc.reach.powers.powers import self_owned, tag_powers
from aclc.reach.powers.ssh import SshEdge, ssh_edges
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set

SSH_PORT = 22
TCP = 6


class Step(NamedTuple):
    """How one machine leads to another: over SSH by an entry of `ssh` (its index), or by applying a tag; or how a
    router, source and target both, leads to what lies behind it."""

    kind: Literal["ssh", "tag", "route"]
    source: int
    target: int
    rule: int | None
    tag: str | None


class Closure(NamedTuple):
    """The nodes that a set of nodes gives control of, itself included, by the number of steps."""

    levels: tuple[int, ...]

    @property
    def nodes(self) -> int:
        """All of them."""
        found = 0
        for level in self.levels:
            found |= level
        return found


class Door(NamedTuple):
    """Sources and machines of one address family between which a rule opens port 22; `is_self`: of one owner."""

    src: int
    machines: int
    is_self: bool


def doors(view: View) -> Iterator[Door]:
    """Give what opens port 22, in the order of the rules."""
    families = tuple(zip(view.sources.families, view.targets.families, strict=True))
    for edge in view.edges:
        for mine, theirs in families if edge.opens(TCP, SSH_PORT) else ():
            src, there = edge.src & mine, edge.targets & view.targets.own & theirs
            if src and there:
                yield Door(src, view.targets.nodes_in(there), edge.is_self)


class Pivots:
    """The pivots of one view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._sessions = ssh_edges(view.resolved)
        self._doors = list(doors(view))
        self._tag_powers: _TagPowers | None = None

    @property
    def _powers(self) -> _TagPowers:
        if self._tag_powers is None:
            self._tag_powers = _TagPowers(self._view)
        return self._tag_powers

    def closure(self, nodes: int) -> Closure:
        """Give what a set of nodes gives control of. Cost: steps × entries of `ssh` × edges to port 22."""
        return _closure(nodes, self.led_to)

    def led_to(self, nodes: int) -> int:
        """Give the nodes to which one step leads from some nodes; one of these themselves where it leads back."""
        return self._by_session(nodes) | self._powers.machines(nodes)

    def by_sessions(self, nodes: int) -> Closure:
        """Give what a set of nodes gives control of over SSH alone."""
        return _closure(nodes, self._by_session)

    def of_each(self, nodes: int) -> int:
        """Give the nodes on which each of some nodes may open a session, by entries and rules that name them all."""
        view = self._view
        own = view.sources.of_nodes(nodes)
        found = 0
        for session in self._sessions:
            if not nodes & ~(session.sources if session.logins else session.own_name):
                for door in self._doors:
                    if not door.is_self and not nodes & ~view.sources.nodes_in(door.src & own):
                        found |= door.machines & session.targets
        return found

    def _by_session(self, nodes: int) -> int:
        found = 0
        for session in self._sessions:
            found |= self._over_ssh(session, nodes)
        return found

    def _over_ssh(self, session: SshEdge, nodes: int) -> int:
        """Give the nodes on which an entry of `ssh` opens a session for some of the nodes, port 22 being open too."""
        view, names = self._view, self._view.resolved.names
        sources = nodes & (session.sources if session.logins else session.own_name)
        if not sources:
            return 0
        found = 0
        endpoints = view.sources.of_nodes(sources)
        for door in self._doors:
            common = view.sources.nodes_in(door.src & endpoints)
            if not common:
                continue
            if not door.is_self:
                found |= door.machines & session.targets
            if session.own or door.is_self:
                theirs = names.devices_of(names.owners_among(common))
                found |= door.machines & theirs & (session.targets | session.own)
        return found

    def path(self, closure: Closure, node: int) -> tuple[Step, ...]:
        """Give one shortest chain of steps from the first level to a node of the closure; empty for one of the first
        level."""
        steps: list[Step] = []
        level = next(number for number, found in enumerate(closure.levels) if found >> node & 1)
        while level:
            step = next(self._steps_to(closure.levels[level - 1], node))
            steps.insert(0, step)
            node, level = step.source, level - 1
        return tuple(steps)

    def _steps_to(self, nodes: int, target: int) -> Iterator[Step]:
        for session in self._sessions:
            if self._over_ssh(session, nodes) >> target & 1:
                for source in indices_of(nodes & session.sources):
                    if self._over_ssh(session, 1 << source) >> target & 1:
                        yield Step("ssh", source, target, session.rule, None)
        for source in indices_of(nodes & self._powers.owners):
            if self._powers.machines(1 << source) >> target & 1:
                yield Step("tag", source, target, None, _tags(self._view, target)[0])

    def sources(self, closure: Closure) -> int:
        """Give everything that packets can come from once the closure is taken over: its nodes, and what lies behind
        its routers."""
        view = self._view
        found = view.sources.of_nodes(closure.nodes)
        routers = [route for node in indices_of(closure.nodes) for route in view.resolved.approved[node]]
        for route in dict.fromkeys(routers):
            if not route.is_default_route:
                found |= view.sources.within(route.family, route.first, route.last) & ~view.sources.own
        return found

    def targets(self, closure: Closure) -> int:
        """Give what is taken over with the closure: its nodes, and what lies behind its routers."""
        return self._view.targets.at_nodes(closure.nodes) & self._view.live


def _closure(nodes: int, step: Callable[[int], int]) -> Closure:
    levels = [nodes]
    known = nodes
    while levels[-1]:
        levels.append(step(levels[-1]) & ~known)
        known |= levels[-1]
    return Closure(tuple(levels[:-1]) or (0,))


def _tags(view: View, node: int) -> tuple[str, ...]:
    """Give the tags of a node."""
    return view.resolved.tailnet.nodes[node].tags


class _TagPowers:
    """Who may bring machines with which tags. A machine with a tag that somebody may not apply is not theirs to bring.

    `owners`: nodes whose owner, or which by a tag of their own, may apply some tag.
    """

    def __init__(self, view: View) -> None:
        names = view.resolved.names
        tags = {tag: at for at, tag in enumerate(names.inventory.by_tag)}
        owned: dict[int, int] = {}
        policy = view.resolved.policy
        for who, tag in (*tag_powers(policy), *((tag, tag) for tag in self_owned(policy))):
            if tag in tags:
                for node in indices_of(names.nodes(parse_selector(who)) & ~names.shared):
                    owned[node] = owned.get(node, 0) | 1 << tags[tag]
        self.owners = node_set(list(owned))
        by_owned: dict[int, list[int]] = {}
        for node, mask in owned.items():
            by_owned.setdefault(mask, []).append(node)
        self._owners = {mask: node_set(nodes) for mask, nodes in by_owned.items()}
        carried: dict[int, list[int]] = {}
        for node in indices_of(names.tagged):
            mask = node_set([tags[tag] for tag in _tags(view, node) if tag in tags])
            carried.setdefault(mask, []).append(node)
        self._carriers = {mask: node_set(nodes) for mask, nodes in carried.items() if mask}

    def machines(self, nodes: int) -> int:
        """Give the nodes such as the owners of some nodes could bring."""
        found = 0
        for owned, owners in self._owners.items() if nodes & self.owners else ():
            if owners & nodes:
                for carried, carriers in self._carriers.items():
                    if not carried & ~owned:
                        found |= carriers
        return found
