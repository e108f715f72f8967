"""Where things of a picture stand: in columns from left to right, every arrow from a column to a later one.

A layered layout. Cycles are cut by drawing a target a second time; things go into columns by the longest way that leads
to them; an arrow that passes columns takes a lane in each, so that it crosses no thing; columns are ordered so that
few arrows cross; heights follow the neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import networkx as nx

from aclc.records import NamedTuple

ROUNDS = 12
"""How often columns are put in order anew; more changes little."""

COLUMN_GAP = 64.0
WIDEST_GAP = 200.0
ARROW_ROOM = 2.5
ROW_GAP = 14.0
LANE = 8.0


class Size(NamedTuple):
    """Width and height of a thing."""

    width: float
    height: float


class Placed(NamedTuple):
    """A thing and its upper left corner. `is_copy`: it is drawn elsewhere too, and only arrives here."""

    thing: int
    x: float
    y: float
    is_copy: bool = False


class Wire(NamedTuple):
    """An arrow as the points that it passes, from the right side of a thing to the left side of another.

    Straight from the first to the second, bent to the third, straight to the fourth, and so on. `source` and `target`
    are positions in `Layout.placed`.
    """

    source: int
    target: int
    points: tuple[tuple[float, float], ...]


class Layout(NamedTuple):
    """Everything in its place: things in the order given, then copies."""

    placed: tuple[Placed, ...]
    wires: tuple[Wire, ...]
    width: float
    height: float


class _Slot(NamedTuple):
    """A place in a column: for a thing, or for an arrow that passes (`thing` None)."""

    column: int
    size: Size
    thing: int | None


def lay_out(sizes: Sequence[Size], arrows: Sequence[tuple[int, int]], twice: int | None = None) -> Layout:
    """Place things and the arrows between them. Same input, same layout.

    `twice`: only so many of the first things may be drawn a second time; every cycle must hold one. None: all.

    Cost: about rounds × arrows × columns passed.
    """
    acyclic, copies = _without_cycles(len(sizes), arrows, len(sizes) if twice is None else twice)
    things = [*range(len(sizes)), *copies]
    columns = _columns(len(things), acyclic)
    slots = [_Slot(column, sizes[thing], thing) for thing, column in zip(things, columns, strict=True)]
    chains = []
    for source, target in acyclic:
        lanes = range(columns[source] + 1, columns[target])
        chains.append([source, *range(len(slots), len(slots) + len(lanes)), target])
        slots += [_Slot(column, Size(0, LANE), None) for column in lanes]
    order = _ordered(slots, chains)
    middles = _middles(slots, order, chains)
    widths = [max(slots[each].size.width for each in column) for column in order]
    gaps = _gaps(slots, chains, len(widths))
    lefts = [sum(widths[:at]) + sum(gaps[:at]) for at in range(len(widths))]
    placed = tuple(
        Placed(thing, lefts[columns[at]], middles[at] - sizes[thing].height / 2, at >= len(sizes))
        for at, thing in enumerate(things)
    )
    wires = []
    for chain in chains:
        begins = columns[chain[0]]
        points = [(placed[chain[0]].x + slots[chain[0]].size.width, middles[chain[0]])]
        points.append((lefts[begins] + widths[begins], middles[chain[0]]))
        for slot in chain[1:-1]:
            left = lefts[slots[slot].column]
            points += [(left, middles[slot]), (left + widths[slots[slot].column], middles[slot])]
        points.append((placed[chain[-1]].x, middles[chain[-1]]))
        wires.append(Wire(chain[0], chain[-1], tuple(points)))
    width = lefts[-1] + widths[-1] if lefts else 0.0
    height = max((each.y + sizes[each.thing].height for each in placed), default=0.0)
    return Layout(placed, tuple(wires), width, height)


def _gaps(slots: Sequence[_Slot], chains: Sequence[Sequence[int]], columns: int) -> list[float]:
    """Give the room to the right of each column: more where many arrows share it."""
    shared = [0] * columns
    for chain in chains:
        for each in chain[:-1]:
            shared[slots[each].column] += 1
    return [min(WIDEST_GAP, max(COLUMN_GAP, ARROW_ROOM * count)) for count in shared]


def _without_cycles(
    count: int, arrows: Sequence[tuple[int, int]], twice: int
) -> tuple[list[tuple[int, int]], list[int]]:
    """Give the arrows with those that close a cycle led to copies; copies are numbered from `count` on.

    In each cycle the thing that most arrows leave is a beginning: what arrives there from the cycle arrives at its
    copy. One copy serves all.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(arrows)
    copies: list[int] = []
    while True:
        knots = [
            sorted(knot)
            for knot in nx.strongly_connected_components(graph)
            if len(knot) > 1 or graph.has_edge(*(2 * list(knot)))
        ]
        if not knots:
            return sorted(graph.edges), copies
        for knot in sorted(knots):
            inside = set(knot)
            able = [each for each in knot if each < twice]
            first = max(able, key=lambda each: (graph.out_degree(each) - graph.in_degree(each), -each))
            back = sorted(source for source in graph.predecessors(first) if source in inside)
            graph.remove_edges_from([(source, first) for source in back])
            graph.add_edges_from([(source, count + len(copies)) for source in back])
            copies.append(first)


def _columns(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """Give each thing the first column that is right of everything that leads to it."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(arrows)
    columns = [0] * count
    for number, generation in enumerate(nx.topological_generations(graph)):
        for each in generation:
            columns[each] = number
    return columns


def _ordered(slots: Sequence[_Slot], chains: Sequence[Sequence[int]]) -> list[list[int]]:
    """Give the slots of each column from top to bottom, in the order with the fewest crossings that was found."""
    before: list[list[int]] = [[] for _ in slots]
    after: list[list[int]] = [[] for _ in slots]
    for chain in chains:
        for one, other in pairwise(chain):
            after[one].append(other)
            before[other].append(one)
    order: list[list[int]] = [[] for _ in range(max((slot.column for slot in slots), default=-1) + 1)]
    for number, slot in enumerate(slots):
        order[slot.column].append(number)
    best, fewest = [list(column) for column in order], _crossings(order, after)
    for turn in range(ROUNDS):
        ahead = turn % 2 == 0
        neighbors = before if ahead else after
        for column in order if ahead else reversed(order):
            rank = {each: at for row in order for at, each in enumerate(row)}
            column.sort(key=lambda each: (_mean([rank[other] for other in neighbors[each]], rank[each]), rank[each]))
        crossings = _crossings(order, after)
        if crossings < fewest:
            best, fewest = [list(column) for column in order], crossings
    return best


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _crossings(order: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> int:
    """Count the pairs of arrows that cross between neighbouring columns."""
    total = 0
    for left, right in pairwise(order):
        rank = {each: at for at, each in enumerate(right)}
        ends = [rank[other] for each in left for other in sorted(after[each], key=rank.__getitem__)]
        seen = [0] * (len(right) + 1)
        for passed, end in enumerate(ends):
            at, lower = end + 1, 0
            while at:
                lower += seen[at]
                at -= at & -at
            total += passed - lower
            at = end + 1
            while at <= len(right):
                seen[at] += 1
                at += at & -at
    return total


def _middles(slots: Sequence[_Slot], order: Sequence[Sequence[int]], chains: Sequence[Sequence[int]]) -> list[float]:
    """Give the height of each slot's middle: near those of its neighbours, none above another, from 0 downwards."""
    neighbors: list[list[int]] = [[] for _ in slots]
    for chain in chains:
        for one, other in pairwise(chain):
            neighbors[one].append(other)
            neighbors[other].append(one)
    middles = [0.0] * len(slots)
    for column in order:
        _settle(slots, column, [0.0] * len(column), middles)
    for turn in range(ROUNDS):
        for column in order if turn % 2 == 0 else reversed(order):
            wanted = [_mean([middles[other] for other in neighbors[each]], middles[each]) for each in column]
            _settle(slots, column, wanted, middles)
    top = min((middles[at] - slot.size.height / 2 for at, slot in enumerate(slots)), default=0.0)
    return [middle - top for middle in middles]


def _settle(slots: Sequence[_Slot], column: Sequence[int], wanted: Sequence[float], middles: list[float]) -> None:
    """Put a column as near to the wanted heights as its order and sizes allow (least squares, pooling neighbours)."""
    offsets = [0.0]
    for one, other in pairwise(column):
        both_pass = slots[one].thing is None and slots[other].thing is None
        gap = 0.0 if both_pass else ROW_GAP
        offsets.append(offsets[-1] + (slots[one].size.height + slots[other].size.height) / 2 + gap)
    pools: list[tuple[float, int]] = []
    for height, offset in zip(wanted, offsets, strict=True):
        total, count = height - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            above = pools.pop()
            total, count = total + above[0], count + above[1]
        pools.append((total, count))
    at = 0
    for total, count in pools:
        for each in column[at : at + count]:
            middles[each] = total / count + offsets[at]
            at += 1
