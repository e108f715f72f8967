"""The blast radius of a principal: what it reaches, and what falls with it once its machines are taken over."""

from __future__ import annotations

from collections.abc import Iterator

from aclc.reach.graph.access import Access, accesses
from aclc.reach.graph.space import View
from aclc.reach.population.principals import Principal
from aclc.reach.powers.pivots import Closure, Pivots, Step
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set

MOST_WAYS = 200
"""Kinds of machines for which a way there is worked out; the rest is only counted."""


class Takeover(NamedTuple):
    """Machines of one kind (same owner and tags) that come under control, and a shortest way to one of them.

    `steps` is empty for kinds beyond `MOST_WAYS`.
    """

    nodes: int
    level: int
    steps: tuple[Step, ...]


class Blast(NamedTuple):
    """What one principal can do.

    `start`: its own nodes. `direct`: what it reaches by itself; `reached`: those targets. `takeovers`: nodes that it
    can get control of, nearest first; `taken`: those nodes. `beyond`: what those reach, where it is more than it
    reaches itself. `total`: all targets that fall, its own nodes left aside.
    """

    start: int
    direct: tuple[Access, ...]
    reached: int
    takeovers: tuple[Takeover, ...]
    taken: int
    beyond: tuple[Access, ...]
    total: int


def blast(view: View, principal: Principal) -> Blast:
    """Give the blast radius. Cost: that of the closure, and one pass over the edges for each side."""
    sources = principal.sources(view)
    start = view.sources.nodes_in(sources & view.sources.own)
    own = view.targets.at_nodes(start) if start.bit_count() == 1 else 0
    direct = tuple(_except(accesses(view, sources), own))
    reached = _targets(direct)
    pivots = Pivots(view)
    closure = pivots.closure(start)
    taken = closure.nodes & ~start
    beyond: tuple[Access, ...] = ()
    if taken or view.targets.at_nodes(start) & ~view.targets.own:
        others = pivots.sources(closure) & ~sources
        beyond = tuple(_except(accesses(view, others), reached | view.targets.of_nodes(start)))
    total = (reached | _targets(beyond) | pivots.targets(closure)) & ~view.targets.of_nodes(start)
    mine = view.targets.of_nodes(start)
    return Blast(start, direct, reached & ~mine, tuple(_takeovers(view, pivots, closure)), taken, beyond, total)


def _targets(rows: tuple[Access, ...]) -> int:
    found = 0
    for row in rows:
        found |= row.targets
    return found


def _except(rows: tuple[Access, ...], targets: int) -> Iterator[Access]:
    """Leave out the rows that reach nothing but some targets."""
    for row in rows:
        if row.targets & ~targets:
            yield row


def _takeovers(view: View, pivots: Pivots, closure: Closure) -> Iterator[Takeover]:
    """Give the nodes of each level by kind, with the way to the first one of each."""
    nodes = view.resolved.tailnet.nodes
    ways = 0
    for level, found in enumerate(closure.levels):
        if level == 0:
            continue
        kinds: dict[tuple[str | None, tuple[str, ...]], list[int]] = {}
        for node in indices_of(found):
            kinds.setdefault((nodes[node].user, nodes[node].tags), []).append(node)
        for alike in kinds.values():
            ways += 1
            yield Takeover(node_set(alike), level, pivots.path(closure, alike[0]) if ways <= MOST_WAYS else ())
