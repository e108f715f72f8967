"""The part of a graph that lies around somebody or something: so many connections onwards, so many back."""

from __future__ import annotations

from aclc.reach.graph.access import Access, accesses, joined
from aclc.reach.graph.space import View


def focused(view: View, sources: int | None, targets: int | None, depth: int = 1) -> tuple[Access, ...]:
    """Give the access on ways of at most `depth` connections, one node after another.

    Args:
        view: what is drawn.
        sources: where ways begin; None: anywhere.
        targets: where ways end; None: anywhere.
        depth: at least 1.

    A way goes on from a node that is reached, on whatever port; whether the next connection is really made is up to
    what runs there. Order: by the number of connections from the beginning, then that of the rules.
    """
    backwards = _backwards(view, targets, depth)
    found: dict[Access, None] = {}
    src = sources
    for step in range(depth):
        rows = accesses(view, src, backwards[depth - 1 - step])
        found.update(dict.fromkeys(rows))
        if sources is None:
            break
        reached = 0
        for row in accesses(view, src, None):
            reached |= view.targets.nodes_in(row.targets & view.targets.own)
        src = view.sources.of_nodes(reached)
    return joined(found)


def _backwards(view: View, targets: int | None, depth: int) -> list[int | None]:
    """Give for each number of connections less than `depth` the targets from which the goal is that near."""
    found = [targets]
    for _ in range(depth - 1):
        goal = found[-1]
        if goal is None:
            found.append(None)
            continue
        senders = 0
        for row in accesses(view, None, goal):
            senders |= view.sources.nodes_in(row.sources & view.sources.own)
        found.append(goal | view.targets.of_nodes(senders))
    return found
