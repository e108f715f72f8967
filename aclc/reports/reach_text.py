"""Who reaches what, for people: a list, a matrix of marks, or the blast radius of one principal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.reach.graph.elsewhere import ELSEWHERE, speaks_of_elsewhere
from aclc.reach.graph.service_sets import covers
from aclc.reach.graph.space import View
from aclc.reach.questions.answers import BlastAnswer, ListAnswer, MatrixAnswer
from aclc.reach.questions.selector_matrix import Cell, Row
from aclc.reach.words.naming import Named
from aclc.reach.words.rule_naming import NamedAccess
from aclc.reports.rule_places import lines_text
from aclc.reports.safe_text import columns
from aclc.reports.services import services_text
from aclc.reports.style import BOLD, Style

OWN_DEVICES = "their own devices"
ANY_PORT = ((6, 0, 65535), (17, 0, 65535))
WIDEST = 48
"""Columns that a list gives to a name at most; a longer one pushes its own line out."""


def where(answer: ListAnswer | MatrixAnswer | BlastAnswer) -> str:
    """Say what an answer holds for."""
    if answer.setting.everywhere:
        return "in any tailnet that fits the policy"
    return f"in {answer.setting.tailnet.name or 'the given tailnet'}"


def list_text(answer: ListAnswer, style: Style) -> Iterator[str]:
    """Give one line per row; a side that is the same everywhere stands in the heading only."""
    asked = " and ".join(answer.sources) or "everybody"
    goal = " and ".join(answer.targets)
    on = f" on {services_text(answer.services)}" if answer.services else ""
    heading = f"{asked} -> {goal or 'everything'}{on}, {where(answer)}:"
    yield style.paint(style.shown(heading), BOLD) + "\n"
    rows = list(answer.rows)
    if not rows:
        yield "  nothing: no rule opens this\n"
    yield from _table(_list_rows(answer, rows), style)
    yield from _elsewhere(answer.view, rows)
    yield from _doubts(answer.setting.doubts)


def _list_rows(answer: ListAnswer, rows: Sequence[NamedAccess]) -> list[tuple[str, ...]]:
    exact = not answer.setting.everywhere
    whose = " and ".join(answer.sources)
    who = [_named(row.who, exact=exact) for row in rows]
    what = [_target(row, exact=exact) for row in rows]
    hides_who = bool(whose) and all(row.who.words() == whose for row in rows)
    goal = " and ".join(answer.targets)
    hides_what = bool(goal) and not hides_who and all(row.what.words() == goal for row in rows)
    table = []
    for row, source, target in zip(rows, who, what, strict=True):
        sides = [] if hides_who else [source + (" ->" if not hides_what else "")]
        sides += [] if hides_what else [target]
        table.append((*sides, services_text(row.access.services), lines_text(answer.view, row.access.grants)))
    return table


def _named(named: Named, *, exact: bool) -> str:
    return f"{named.words()} ({counts(named)})" if exact and counts(named) != "1 node" else named.words()


def _target(row: NamedAccess, *, exact: bool) -> str:
    return OWN_DEVICES if row.access.own else _named(row.what, exact=exact)


def counts(named: Named) -> str:
    """Give `3 nodes`, `1 node and 2 ranges`."""
    parts = [f"{named.nodes} node{'s' if named.nodes > 1 else ''}"] if named.nodes else []
    parts += [f"{named.ranges} range{'s' if named.ranges > 1 else ''}"] if named.ranges else []
    return " and ".join(parts) or "nobody"


def _table(rows: Sequence[tuple[str, ...]], style: Style, indent: str = "  ") -> Iterator[str]:
    """Give rows in columns, as wide as their longest cell up to `WIDEST`."""
    if not rows:
        return
    shown = [tuple(style.shown(cell) for cell in row) for row in rows]
    widths = [min(WIDEST, max(columns(row[at]) for row in shown)) for at in range(len(shown[0]))]
    for row in shown:
        cells = [cell + " " * max(0, width - columns(cell)) for cell, width in zip(row, widths, strict=True)]
        yield indent + "  ".join(cells).rstrip() + "\n"


def _elsewhere(view: View, rows: Iterable[NamedAccess]) -> Iterator[str]:
    for row in rows:
        if speaks_of_elsewhere(view, row.access.targets, (*row.what.selectors, *row.what.rest)):
            yield f"\nNote: {ELSEWHERE}.\n"
            return


def _doubts(doubts: Iterable[str]) -> Iterator[str]:
    for doubt in doubts:
        yield f"Not covered: {doubt}.\n"


MARKS = (
    ("#", "any port, from all to all"),
    ("+", "some ports, from all to all"),
    ("~", "only some of them, or only some of it"),
    ("o", "only between devices of the same person"),
    (".", "nothing"),
)


def matrix_text(answer: MatrixAnswer, style: Style) -> Iterator[str]:
    """Give a line of marks per row, in blocks of columns that fit the width."""
    yield style.paint(f"Who reaches what, {style.shown(where(answer))}", BOLD) + "\n"
    for number, name in enumerate(answer.columns, 1):
        yield f"  {number:>3} {style.shown(name)}\n"
    rows = [(style.shown(row.name + (" (nobody)" if row.is_empty else "")), row) for row in answer.rows]
    room = min(WIDEST, max((columns(name) for name, _ in rows), default=0))
    block = max(8, (style.width - room - 4) // 4)
    for start in range(0, len(answer.columns), block):
        numbers = range(start, min(start + block, len(answer.columns)))
        yield "\n  " + " " * room + "".join(f"{number + 1:>4}" for number in numbers) + "\n"
        for name, row in rows:
            marks = "".join(f"   {style.paint(mark(row.cells[number]), _color(row, number))}" for number in numbers)
            yield f"  {name}{' ' * max(0, room - columns(name))}{marks}\n"
    yield "\n" + "".join(f"  {sign}  {meaning}\n" for sign, meaning in MARKS)
    yield from _doubts(answer.setting.doubts)


def mark(cell: Cell) -> str:
    """Give the one character that stands for a cell (`MARKS`)."""
    if cell.every:
        return "#" if covers(cell.every, ANY_PORT) else "+"
    return "~" if cell.some else "o" if cell.own else "."


def _color(row: Row, number: int) -> str:
    return {"#": "1;31", "+": "33", "~": "36", "o": "36"}.get(mark(row.cells[number]), "2")


def blast_text(answer: BlastAnswer, style: Style) -> Iterator[str]:
    """Give what a principal reaches, what it can take over and how, and what it reaches from there."""
    exact = not answer.setting.everywhere
    yield style.paint(style.shown(f"Blast radius of {answer.name}, {where(answer)}"), BOLD) + "\n"
    size = f": {counts(answer.reached)}" if exact else ""
    yield f"\nReaches directly{size}\n"
    yield from _rows(answer, answer.direct, style)
    if not answer.direct:
        yield "  nothing\n"
    if answer.takeovers:
        size = f": {counts(answer.taken)}" if exact else ""
        yield f"\nCan take over, step by step{size}\n"
        ways = [
            (str(way.level), _named(way.what, exact=exact), "; then ".join(way.steps) or "(way not shown)")
            for way in answer.takeovers
        ]
        yield from _table(ways, style)
    else:
        yield "\nCan take over nothing: no SSH rule, tag or router leads further.\n"
    if answer.beyond:
        behind = any(row.access.sources & ~answer.view.sources.own for row in answer.beyond)
        why = " (a router sends from the networks behind it, too)" if behind else ""
        yield f"\nReaches from there, besides{why}\n"
        yield from _rows(answer, answer.beyond, style)
    elif answer.takeovers:
        yield "\nReaches nothing from there that it does not reach itself.\n"
    yield from _elsewhere(answer.view, (*answer.direct, *answer.beyond))
    if exact and answer.takeovers:
        yield f"\nIn all {counts(answer.total)} fall with it.\n"
    yield from _doubts(answer.setting.doubts)


def _rows(answer: BlastAnswer, rows: Sequence[NamedAccess], style: Style) -> Iterator[str]:
    exact = not answer.setting.everywhere
    table = []
    for row in rows:
        who = "" if row.who.words() == answer.name else f"{row.who.words()} -> "
        services = services_text(row.access.services)
        table.append((who + _target(row, exact=exact), services, lines_text(answer.view, row.access.grants)))
    yield from _table(table, style)
