"""Who reaches what as tables: CSV for spreadsheets, Markdown for documents. Rows are written as they come."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from aclc.reach.graph.space import View
from aclc.reach.questions.answers import BlastAnswer, ListAnswer, MatrixAnswer
from aclc.reach.questions.selector_matrix import Cell
from aclc.reach.words.naming import Named
from aclc.reach.words.rule_naming import NamedAccess
from aclc.reports.markdown import markdown_text
from aclc.reports.reach_text import OWN_DEVICES, counts, where
from aclc.reports.rule_places import rule_places
from aclc.reports.safe_text import printable
from aclc.reports.services import services_text

Table = Iterator[Sequence[str]]
"""Rows of cells; the first one is the heading."""

MOST_NAMES = 10_000
"""Names written out in one cell of CSV: all, as far as anybody can use them."""


def list_table(answer: ListAnswer, most: int = MOST_NAMES) -> Table:
    """Give a list with one line per row of access."""
    exact = not answer.setting.everywhere
    yield ["who", "reaches", "services", *(["nodes"] if exact else []), "because of"]
    for row in answer.rows:
        yield _access(answer.view, row, most, exact=exact)


def matrix_table(answer: MatrixAnswer) -> Table:
    """Give a matrix: a row per source, a column per destination."""
    yield ["who", *answer.columns]
    for row in answer.rows:
        yield [row.name, *(cell_text(cell) for cell in row.cells)]


def pairs_table(answer: MatrixAnswer) -> Table:
    """Give a matrix in long form: a row per cell that is not empty."""
    yield ["who", "reaches", "every to every", "some to some", "own devices"]
    for row in answer.rows:
        for name, cell in zip(answer.columns, row.cells, strict=True):
            if cell:
                yield [row.name, name, *(services_text(each) for each in cell)]


def blast_table(answer: BlastAnswer, most: int = MOST_NAMES) -> Table:
    """Give a blast radius: what is reached directly, what can be taken over, what is reached from there."""
    exact = not answer.setting.everywhere
    yield ["how", "who", "reaches", "services", *(["nodes"] if exact else []), "because of"]
    for row in answer.direct:
        yield ["directly", *_access(answer.view, row, most, exact=exact)]
    for way in answer.takeovers:
        steps = "; then ".join(way.steps)
        yield [
            f"takes over in step {way.level}",
            answer.name,
            way.what.words(most),
            "",
            *([counts(way.what)] if exact else []),
            steps,
        ]
    for row in answer.beyond:
        yield ["from there", *_access(answer.view, row, most, exact=exact)]


def _access(view: View, row: NamedAccess, most: int, *, exact: bool) -> list[str]:
    what = OWN_DEVICES if row.access.own else row.what.words(most)
    size = [_sizes(row.who, row.what)] if exact else []
    lines = ", ".join(rule_places(view, row.access.grants))
    return [row.who.words(most), what, services_text(row.access.services), *size, lines]


def _sizes(who: Named, what: Named) -> str:
    return f"{counts(who)} to {counts(what)}"


def cell_text(cell: Cell) -> str:
    """Give a cell in words; empty for nothing."""
    if cell.every:
        more = "; more for some" if cell.some != cell.every else ""
        return services_text(cell.every) + more
    if cell.some:
        return f"partly: {services_text(cell.some)}"
    return f"own devices: {services_text(cell.own)}" if cell.own else ""


def csv_text(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table as CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in rows:
        writer.writerow([_no_formula(printable(cell)) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def markdown_table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table as Markdown; user text can neither format nor mention."""
    for number, row in enumerate(rows):
        yield "| " + " | ".join(markdown_text(cell) for cell in row) + " |\n"
        if number == 0:
            yield "|" + "---|" * len(row) + "\n"


def markdown_heading(answer: ListAnswer | MatrixAnswer | BlastAnswer) -> str:
    """Give what stands above a table."""
    match answer:
        case ListAnswer():
            title = f"{' and '.join(answer.sources) or 'Everybody'} → {' and '.join(answer.targets) or 'everything'}"
        case BlastAnswer():
            title = f"Blast radius of {answer.name}"
        case _:
            title = "Who reaches what"
    notes = "".join(f"Not covered: {markdown_text(doubt)}.\n\n" for doubt in answer.setting.doubts)
    return f"### {markdown_text(title)}, {markdown_text(where(answer))}\n\n{notes}"
