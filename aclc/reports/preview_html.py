"""A preview as one HTML page: what the comment says, and the whole of it, with a matrix to search and to sort."""

from __future__ import annotations

from collections.abc import Sequence

from aclc.diagnostics import Severity
from aclc.reach.difference.changed_matrix import CellChange, changed_matrix
from aclc.reach.difference.diff import Comparison
from aclc.reach.graph.access import Access, accesses
from aclc.reach.pictures.picture import selector_picture
from aclc.reach.prove.promise_changes import Fate, PromiseChange
from aclc.reach.words.rule_naming import RuleNaming
from aclc.records import NamedTuple
from aclc.reports.diff_blocks import Block, DiffRow, Sense, blocks, counted, names_in
from aclc.reports.graph import left_out
from aclc.reports.graph_svg import svg
from aclc.reports.name_words import Meaning, meanings
from aclc.reports.pages import page
from aclc.reports.preview import Preview, changed_picture, ground_text, preview_headline, without_numbers
from aclc.reports.preview_causes import lines_of, where
from aclc.reports.reach_tables import cell_text

MOST_ROWS = 1000
"""Rows of one table, and names; a page with more is slow on a phone."""

MOST_DRAWN = 30

_TONES: dict[Sense, str] = {
    "gains": "gains",
    "loses": "loses",
    "loosens": "warns",
    "tightens": "gains",
    "changes": "soft",
}
_SIGNS: dict[Sense, str] = {"gains": "+", "loses": "−", "loosens": "!", "tightens": "✓", "changes": "·"}
_FATES: dict[Fate, tuple[str, str]] = {
    "newly broken": ("loses", "newly broken"),
    "taken back": ("warns", "taken back"),
    "still broken": ("loses", "broken before, too"),
    "undecided": ("warns", "cannot be decided"),
    "mended": ("gains", "mended"),
    "new": ("gains", "new, and holds"),
    "holds": ("gains", "holds"),
}
_LEVELS = {Severity.ERROR: "loses", Severity.WARNING: "warns", Severity.INFO: "soft"}


class Row(NamedTuple):
    """A row of a table of changes. `tone`: a class of the style sheet."""

    tone: str
    sign: str
    change: str
    who: tuple[str, ...]
    what: tuple[str, ...]
    on: str
    counts: str
    because: tuple[str, ...]
    badges: tuple[str, ...]


class Table(NamedTuple):
    """A block of changes."""

    block: Block
    rows: tuple[Row, ...]
    left_out: int
    has_counts: bool
    has_causes: bool


class MatrixCell(NamedTuple):
    """`now` and `was` in words, `was` only where it reads otherwise. `order`: what the column is sorted by."""

    state: str
    now: str
    was: str
    order: int


class Matrix(NamedTuple):
    """The matrix in words."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[MatrixCell, ...]], ...]
    left_out: str


def preview_html(found: Preview) -> str:
    """Give the page. It loads nothing, and says everything without its script too."""
    listed = blocks(found.comparison.diff, plain=True) if found.comparison is not None else ()
    tables = tuple(_table(block, found) for block in listed)
    drawn = changed_picture(found, MOST_DRAWN)
    before, after = found.comparison.space.views if found.comparison is not None else (None, None)
    held = (accesses(before), accesses(after)) if before is not None and after is not None else ((), ())
    return page(
        "preview.html.j2",
        found=found,
        headline=preview_headline(found),
        ground=ground_text(found),
        tables=tables,
        promises=[_promise(each) for each in found.promises],
        findings=[
            (
                _LEVELS[each.severity],
                each.severity.label,
                where(each.span, found.new),
                each,
            )
            for each in found.findings[:MOST_ROWS]
        ],
        findings_left=max(0, len(found.findings) - MOST_ROWS),
        picture=svg(drawn, after, before=before, standalone=False) if drawn is not None else "",
        picture_notes=left_out(drawn) if drawn is not None else [],
        matrix=_matrix(found.comparison, held) if found.comparison is not None else None,
        whole=_whole(found.comparison, held[1]) if found.comparison is not None else ("", []),
        names=_names(found, listed),
        doubts=found.comparison.diff.doubts if found.comparison is not None else (),
    )


def _table(block: Block, found: Preview) -> Table:
    rows = tuple(_row(row, found) for row in block.rows[:MOST_ROWS])
    return Table(
        block,
        rows,
        len(block.rows) - len(rows),
        has_counts=any(row.counts for row in rows),
        has_causes=any(row.because for row in rows),
    )


def _row(row: DiffRow, found: Preview) -> Row:
    return Row(
        _TONES[row.sense],
        _SIGNS[row.sense],
        row.change,
        row.who,
        row.what,
        row.on,
        " → ".join(row.counts),
        (*lines_of(row.causes, found.old, found.new), *([f"for example: {row.example}"] if row.example else [])),
        row.badges,
    )


def _promise(change: PromiseChange) -> tuple[str, str, str, str, tuple[str, ...]]:
    """Give (tone, fate, promise, why, lines that break it)."""
    tone, fate = _FATES[change.fate]
    if change.finding is None:
        why = "it stands in the file no longer" if change.fate == "taken back" else ""
        return tone, fate, change.text, why, ()
    places = dict.fromkeys(f"line {note.span.source.position(note.span.start).line}" for note in change.finding.notes)
    return tone, fate, change.text, without_numbers(change.finding.message), tuple(places)


def _matrix(comparison: Comparison, held: tuple[Sequence[Access], Sequence[Access]]) -> Matrix:
    found = changed_matrix(comparison.space, comparison.diff.network, held)
    rows = []
    for name, cells in found.rows:
        listed = tuple(_cell(cell) for cell in cells)
        states = {cell.state for cell in listed} - {"same"}
        rows.append((name, "changed" if states else "same", listed))
    missing = [
        counted(count, word) for count, word in zip(found.left_out, ("more row", "more column"), strict=True) if count
    ]
    note = f"{' and '.join(missing)} left out for want of room; what changes is shown first." if missing else ""
    return Matrix(found.columns, tuple(rows), note)


def _cell(cell: CellChange) -> MatrixCell:
    now, was = cell_text(cell.after), cell_text(cell.before)
    order = sum(last - first + 1 for _, first, last in (*cell.after.some, *cell.after.own))
    if cell.state != "same" and now == was:
        return MatrixCell(
            cell.state, f"{now} (in part {'newly' if cell.state == 'gained' else 'otherwise'})", "", order
        )
    return MatrixCell(cell.state, now, was if was != now and cell.state != "same" else "", order)


def _whole(comparison: Comparison, held: Sequence[Access]) -> tuple[str, Sequence[str]]:
    """Draw all access after the change, as far as it can be drawn."""
    view = comparison.space.views[1]
    drawn = selector_picture(held, RuleNaming(view), MOST_DRAWN)
    return svg(drawn, view, standalone=False), left_out(drawn)


def _names(found: Preview, listed: Sequence[Block]) -> tuple[Meaning, ...]:
    services = [row.on for block in listed for row in block.rows]
    policies = [policy for policy in found.policies if policy is not None]
    return meanings(names_in(listed), services, policies)[:MOST_ROWS]
