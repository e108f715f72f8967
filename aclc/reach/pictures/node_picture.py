"""Effective access as a picture of nodes, and of what lies behind routers and outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.reach.graph.access import Access
from aclc.reach.graph.endpoints import Endpoints
from aclc.reach.graph.space import View
from aclc.reach.pictures.picture import MOST_FLOWS, OWN_DEVICES, Box, Flow, Picture, widest
from aclc.reach.words.naming import Naming
from aclc.resolve.node_sets import indices_of


def node_picture(view: View, rows: Sequence[Access], most: int = MOST_FLOWS) -> Picture:
    """Give a picture in which nodes that no flow tells apart are one box, and so are ranges of addresses.

    Cost: nodes × flows that are drawn.
    """
    kept = [rows[at] for at in widest([(row, "same") for row in rows], most)]
    boxes: list[Box] = []
    sides: tuple[list[list[int]], list[list[int]]] = ([[] for _ in kept], [[] for _ in kept])

    def add(box: Box, sent: tuple[int, ...], received: tuple[int, ...]) -> None:
        for side, numbers in zip(sides, (sent, received), strict=True):
            for number in numbers:
                side[number].append(len(boxes))
        boxes.append(box)

    nodes = view.resolved.tailnet.nodes
    for sent, received, alike in _classes(view, kept):
        add(Box("node", tuple(nodes[node].name for node in alike), len(alike)), sent, received)
    for number, row in enumerate(kept):
        if row.own:
            add(Box("own", (OWN_DEVICES,)), (), (number,))
    naming = Naming(view)
    for numbers, names in _ranges(view.sources, [row.sources for row in kept], naming):
        add(Box("network", names), numbers, ())
    for numbers, names in _ranges(view.targets, [row.targets for row in kept], naming):
        add(Box("network", names), (), numbers)
    flows = tuple(
        Flow(tuple(left), tuple(right), row.services, row.own, row.grants)
        for row, left, right in zip(kept, *sides, strict=True)
        if left and right
    )
    return Picture(tuple(boxes), flows, len(rows) - len(kept))


def _classes(view: View, rows: Sequence[Access]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], list[int]]]:
    """Give nodes that stand on the same sides of the same rows: (rows as source, rows as target, nodes)."""
    out = [view.sources.nodes_in(row.sources & view.sources.own) for row in rows]
    into = [0 if row.own else view.targets.nodes_in(row.targets & view.targets.own) for row in rows]
    classes: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
    for node in range(len(view.resolved.tailnet.nodes)):
        sent = tuple(number for number, nodes in enumerate(out) if nodes >> node & 1)
        received = tuple(number for number, nodes in enumerate(into) if nodes >> node & 1)
        if sent or received:
            classes.setdefault((sent, received), []).append(node)
    for (sent, received), nodes in classes.items():
        yield sent, received, nodes


def _ranges(
    endpoints: Endpoints, sets: Sequence[int], naming: Naming
) -> Iterator[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Give ranges of addresses that are in the same sets: (numbers of the sets, names)."""
    everything = 0
    for each in sets:
        everything |= each & ~endpoints.own
    classes: dict[tuple[int, ...], dict[str, list[str]]] = {}
    for at in indices_of(everything):
        numbers = tuple(number for number, each in enumerate(sets) if each >> at & 1)
        addresses, _, router = naming.endpoint(endpoints.items[at]).partition(" behind ")
        classes.setdefault(numbers, {}).setdefault(addresses, []).append(router)
    for numbers, routers in classes.items():
        yield (
            numbers,
            tuple(
                f"{addresses} behind {', '.join(each)}" if each[0] else addresses for addresses, each in routers.items()
            ),
        )
