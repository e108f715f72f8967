"""Layouts: nothing overlaps, every arrow leads to the right, and the same input gives the same layout."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from aclc.reach.pictures.layout import Layout, Size, lay_out

sizes = st.lists(st.tuples(st.integers(10, 300), st.integers(10, 120)), min_size=1, max_size=14)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Size], list[tuple[int, int]]]:
    """Give things of any size with arrows between any of them, cycles and loops included."""
    things = [Size(*each) for each in draw(sizes)]
    ends = st.integers(0, len(things) - 1)
    return things, draw(st.lists(st.tuples(ends, ends), max_size=30, unique=True))


def boxes(things: list[Size], layout: Layout) -> list[tuple[float, float, float, float]]:
    return [
        (each.x, each.y, each.x + things[each.thing].width, each.y + things[each.thing].height)
        for each in layout.placed
    ]


@given(graphs())
def test_nothing_overlaps_and_all_of_it_is_inside(graph: tuple[list[Size], list[tuple[int, int]]]) -> None:
    things, arrows = graph
    layout = lay_out(things, arrows)
    placed = boxes(things, layout)
    for one, other in combinations(placed, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart or abs(min(one[3], other[3]) - max(one[1], other[1])) < 1e-6, (one, other)
    for left, top, right, bottom in placed:
        assert -1e-6 <= left
        assert -1e-6 <= top
        assert right <= layout.width + 1e-6
        assert bottom <= layout.height + 1e-6


@given(graphs())
def test_every_arrow_is_drawn_once_and_leads_to_the_right(graph: tuple[list[Size], list[tuple[int, int]]]) -> None:
    things, arrows = graph
    layout = lay_out(things, arrows)
    drawn = sorted((layout.placed[wire.source].thing, layout.placed[wire.target].thing) for wire in layout.wires)
    assert sorted(arrows) == drawn
    for wire in layout.wires:
        assert all(one[0] <= other[0] for one, other in pairwise(wire.points))
        assert not layout.placed[wire.source].is_copy


@given(graphs())
def test_arrows_cross_no_thing(graph: tuple[list[Size], list[tuple[int, int]]]) -> None:
    """On its straight parts an arrow keeps clear of all things; bends lie between columns, where nothing stands."""
    things, arrows = graph
    layout = lay_out(things, arrows)
    placed = boxes(things, layout)
    for wire in layout.wires:
        for (x1, y), (x2, _) in zip(wire.points[:-1:2], wire.points[1::2], strict=True):
            for at, (left, top, right, bottom) in enumerate(placed):
                if at not in {wire.source, wire.target}:
                    assert not (top + 1e-6 < y < bottom - 1e-6 and x1 < right and left < x2)


@given(graphs())
def test_the_same_graph_gives_the_same_layout(graph: tuple[list[Size], list[tuple[int, int]]]) -> None:
    assert lay_out(*graph) == lay_out(*graph)


def test_an_arrow_that_would_lead_back_goes_to_a_copy() -> None:
    layout = lay_out([Size(10, 10), Size(10, 10)], [(0, 1), (1, 0)])

    assert [(0, False), (1, False), (0, True)] == [(each.thing, each.is_copy) for each in layout.placed]


def test_nothing_is_laid_out_as_nothing() -> None:
    assert Layout((), (), 0.0, 0.0) == lay_out([], [])


def test_only_so_many_things_are_drawn_twice() -> None:
    """A label on an arrow from a box to itself stays one label between two drawings of the box."""
    box, label = Size(60, 20), Size(40, 20)
    layout = lay_out([box, label], [(0, 1), (1, 0)], twice=1)

    assert [(0, False), (1, False), (0, True)] == [(each.thing, each.is_copy) for each in layout.placed]
    assert [(0, 1), (1, 2)] == [(wire.source, wire.target) for wire in layout.wires]
