"""Answers to who reaches what, in the form that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from aclc.reach.questions.answers import BlastAnswer, ListAnswer, MatrixAnswer
from aclc.reports.style import Style

FORMATS = ("text", "json", "csv", "markdown")
MOST_NAMES = 8
"""Names in one cell of Markdown; the rest is counted."""


def reach_report(answer: ListAnswer | MatrixAnswer | BlastAnswer, kind: str, style: Style) -> Iterator[str]:
    """Give a report in one of `FORMATS`, piece by piece."""
    if kind == "text":
        from aclc.reports.reach_text import blast_text, list_text, matrix_text

        match answer:
            case ListAnswer():
                return list_text(answer, style)
            case MatrixAnswer():
                return matrix_text(answer, style)
            case BlastAnswer():
                return blast_text(answer, style)
    if kind == "json":
        from aclc.reports.reach_json import blast_json, list_json, matrix_json

        match answer:
            case ListAnswer():
                return list_json(answer)
            case MatrixAnswer():
                return matrix_json(answer)
            case BlastAnswer():
                return blast_json(answer)
    return _table(answer, kind)


def _table(answer: ListAnswer | MatrixAnswer | BlastAnswer, kind: str) -> Iterator[str]:
    from aclc.reports import reach_tables as tables

    most = tables.MOST_NAMES if kind == "csv" else MOST_NAMES
    match answer:
        case ListAnswer():
            rows = tables.list_table(answer, most)
        case BlastAnswer():
            rows = tables.blast_table(answer, most)
        case _:
            rows = tables.pairs_table(answer) if kind == "csv" else tables.matrix_table(answer)
    if kind == "csv":
        yield from tables.csv_text(rows)
    else:
        yield tables.markdown_heading(answer)
        yield from tables.markdown_table(rows)
