"""Transitive reach: what a source can get to by way of machines that it can take over.

Three ways lead on: a session over SSH gives the rights of the machine; whoever may apply a tag can bring a machine of
their own with that tag; and a router sends and receives for the networks behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from aclc.policy.selectors import parse_selector
from aclc.reach.powers import tag_powers
from aclc.reach.space import View
from aclc.reach.ssh import SshEdge, ssh_edges
from aclc.resolve.node_sets import indices_of, node_set

SSH_PORT = 22
TCP = 6


class Step(NamedTuple):
    """How one machine leads to another: over SSH by an entry of `ssh` (its index), or by applying a tag."""

    kind: Literal["ssh", "tag"]
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


class Pivots:
    """The pivots of one view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._sessions = ssh_edges(view.resolved)
        self._doors = [edge for edge in view.edges if edge.opens(TCP, SSH_PORT)]
        names = view.resolved.names
        # Who may apply a tag → the nodes that carry it: (owners, carriers, tag).
        self._powers = [
            (names.nodes(parse_selector(who)), names.tag(tag), tag) for who, tag in tag_powers(view.resolved.policy)
        ]

    def closure(self, nodes: int) -> Closure:
        """Give what a set of nodes gives control of. Cost: steps × entries of `ssh` × edges to port 22."""
        levels = [nodes]
        known = nodes
        while levels[-1]:
            levels.append(self._next(levels[-1]) & ~known)
            known |= levels[-1]
        return Closure(tuple(levels[:-1]) or (0,))

    def _next(self, nodes: int) -> int:
        found = 0
        for session in self._sessions:
            found |= self._over_ssh(session, nodes)
        for owners, carriers, _ in self._powers:
            if owners & nodes:
                found |= carriers
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
            behind = view.targets.nodes_in(door.targets & view.targets.own)
            if not door.is_self:
                found |= behind & session.targets
            if session.to_self or door.is_self:
                for owner in {names.owners[node] for node in indices_of(common & names.members)}:
                    own = names.user(owner or "")
                    allowed = session.targets | (own if session.to_self else 0)
                    found |= behind & own & allowed
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
        for owners, carriers, tag in self._powers:
            if carriers >> target & 1 and owners & nodes:
                yield Step("tag", indices_of(owners & nodes)[0], target, None, tag)

    def sources(self, closure: Closure) -> int:
        """Give everything that packets can come from once the closure is taken over: its nodes, and what lies behind
        its routers."""
        view = self._view
        found = view.sources.of_nodes(closure.nodes)
        routers = [route for node in indices_of(closure.nodes) for route in view.resolved.approved[node]]
        for route in dict.fromkeys(routers):
            if not route.is_default_route:
                found |= node_set(view.sources.within(route.family, route.first, route.last)) & ~view.sources.own
        return found

    def targets(self, closure: Closure) -> int:
        """Give what is taken over with the closure: its nodes, and what lies behind its routers."""
        return self._view.targets.at_nodes(closure.nodes) & self._view.live
