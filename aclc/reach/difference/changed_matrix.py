"""Who reaches whom before and after a change, selector by selector, and which cells differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from aclc.policy.selectors import Selector
from aclc.reach.difference.review import ReviewRow
from aclc.reach.graph.access import Access
from aclc.reach.graph.space import Space, View
from aclc.reach.population.principals import Principal
from aclc.reach.questions.selector_matrix import Cell, selector_matrices, vocabulary
from aclc.records import NamedTuple

ROOM = 60, 40
"""Rows and columns at most."""

LITTLE_ROOM = 20, 16
"""The same where policies are large: a cell costs the more, the more rules meet in it."""

LARGE = 400
"""Edges of both policies from which they are."""

State = Literal["same", "gained", "lost", "changed"]


class CellChange(NamedTuple):
    """One cell under both policies. `state`: what happens somewhere between the two; `changed`: some gain, some lose.

    Both cells may look the same where only a part of it changes.
    """

    before: Cell
    after: Cell
    state: State


class ChangedMatrix(NamedTuple):
    """`rows`: names with their cells, in the order of `columns`. `left_out`: how many rows and columns are missing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[CellChange, ...]], ...]
    left_out: tuple[int, int]


def changed_matrix(
    space: Space, changes: Sequence[ReviewRow], held: tuple[Sequence[Access], Sequence[Access]]
) -> ChangedMatrix:
    """Give the matrix of whatever both policies speak of; what changes first where there is no room for all.

    `held`: the `accesses` under either policy.

    Rows and columns that reach nothing, or that nothing reaches, under either policy are left out without a word. Cost:
    that of two matrices of such a size.
    """
    old, new = space.views
    words = vocabulary(old), vocabulary(new)
    most = ROOM if len(old.edges) + len(new.edges) < LARGE else LITTLE_ROOM
    rows = _chosen(space, (*words[1][0], *words[0][0]), changes, most[0], side="src")
    columns = _chosen(space, (*words[1][1], *words[0][1]), changes, most[1], side="dst")
    left, right = ([Principal(_name(each), each) for each in found[0]] for found in (rows, columns))
    touched = _touched(space, left, right, changes)
    listed = []
    for at, (before, after) in enumerate(selector_matrices(space.views, held, left, right)):
        cells = tuple(
            CellChange(was, now, _state(touched.get((at, number), frozenset())))
            for number, (was, now) in enumerate(zip(before.cells, after.cells, strict=True))
        )
        listed.append((after.name, cells))
    used = [at for at in range(len(right)) if any(cells[at].before or cells[at].after for _, cells in listed)]
    kept = [
        (name, tuple(cells[at] for at in used))
        for name, cells in listed
        if any(cell.before or cell.after for cell in cells)
    ]
    return ChangedMatrix(tuple(right[at].text for at in used), tuple(kept), (rows[1], columns[1]))


def _touched(
    space: Space, left: Sequence[Principal], right: Sequence[Principal], changes: Sequence[ReviewRow]
) -> dict[tuple[int, int], frozenset[bool]]:
    """Give the cells in which something changes: (row, column) → that some gain (True), that some lose (False)."""
    found: dict[tuple[int, int], frozenset[bool]] = {}
    for change in changes:
        view = space.views[change.gained]
        shared = view.sources.of_nodes(view.resolved.names.shared)
        senders = [each.sources(view) & ~(shared if each.selector.kind in {"group", "user"} else 0) for each in left]
        for part in change.exactly:
            rows = [at for at, meant in enumerate(senders) if meant & part.sources]
            columns = [at for at, each in enumerate(right) if view.targets_of(each.selector) & part.targets]
            for row in rows:
                for column in columns:
                    found[row, column] = found.get((row, column), frozenset()) | {change.gained}
    return found


def _state(touched: frozenset[bool]) -> State:
    if not touched:
        return "same"
    if len(touched) > 1:
        return "changed"
    return "gained" if True in touched else "lost"


def _name(selector: Selector) -> str:
    return selector.name if selector.kind in {"group", "tag", "autogroup"} else selector.text


def _chosen(
    space: Space, selectors: Sequence[Selector], changes: Sequence[ReviewRow], most: int, *, side: str
) -> tuple[list[Selector], int]:
    """Give the selectors that fit, those that a change touches first, in their order; and how many do not."""
    listed = list(dict.fromkeys(selectors))
    if len(listed) <= most:
        return listed, 0
    touched = 0
    for row in changes:
        for part in row.exactly:
            touched |= part.sources if side == "src" else part.targets
    meant = [any(_bits(view, each, side) & touched for view in space.views) for each in listed]
    order = sorted(range(len(listed)), key=lambda at: (not meant[at], at))[:most]
    return [listed[at] for at in sorted(order)], len(listed) - most


def _bits(view: View, selector: Selector, side: str) -> int:
    return view.sources_of(selector) if side == "src" else view.targets_of(selector)
