"""What aclc has to say about a file: one type for every stage, and one order to say it in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Generic, TypeVar

from aclc.records import NamedTuple
from aclc.source import Place, Source, Span

T = TypeVar("T")


class Severity(IntEnum):
    """How bad a finding is; a smaller number is worse, so that sorting puts the worst first."""

    ERROR = 0
    WARNING = 1
    INFO = 2

    @property
    def label(self) -> str:
        """The word for it, as in every output."""
        return self.name.lower()


class Note(NamedTuple):
    """The other place that a finding speaks of (“first defined here”)."""

    span: Span
    text: str


class Edit(NamedTuple):
    """Replace what `span` covers by `text`."""

    span: Span
    text: str


class Fix(NamedTuple):
    """A repair: `safe` means that the meaning of the policy is proven to stay the same."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool


class Diagnostic(NamedTuple):
    """One finding.

    `message`: lower case, one clause, no full stop, no line break, user text in backticks. `help`: what to do, or None.
    `control`: word for word how the chosen control plane would refuse the file, None where it would not.
    """

    code: Code
    severity: Severity
    span: Span
    message: str
    help: str | None = None
    notes: tuple[Note, ...] = ()
    fix: Fix | None = None
    control: str | None = None

    @property
    def order(self) -> tuple[str, int, int, int, str, str]:
        """The key that findings are sorted by: file, span, severity, code, message."""
        return (
            self.span.source.name,
            self.span.start,
            self.span.end,
            int(self.severity),
            self.code.id,
            self.message,
        )


class Code(NamedTuple):
    """The name of a kind of finding. `at` is the only constructor of diagnostics."""

    id: str
    slug: str
    severity: Severity

    def at(
        self,
        where: Span | Place,
        message: str,
        *,
        help: str | None = None,
        notes: Sequence[Note] = (),
        fix: Fix | None = None,
        control: str | None = None,
        severity: Severity | None = None,
    ) -> Diagnostic:
        """Give a diagnostic of this kind at a span, or at the value that a place leads to."""
        span = where.span if isinstance(where, Place) else where
        return Diagnostic(
            self,
            self.severity if severity is None else severity,
            span,
            message,
            help,
            tuple(notes),
            fix,
            control,
        )


class Outcome(NamedTuple, Generic[T]):
    """What a stage gives: its value (None where it could not make one) and everything it found, in order."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> bool:
        """Whether the next stage must not run: no value, or an error among the findings."""
        return self.value is None or has_errors(self.diagnostics)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any finding is an error."""
    return any(found.severity is Severity.ERROR for found in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Give the findings sorted by file, span, severity, code and message, exact repeats left out."""
    seen: set[tuple[str, int, int, int, str, str]] = set()
    ordered: list[Diagnostic] = []
    for found in sorted(diagnostics, key=lambda each: each.order):
        if found.order not in seen:
            seen.add(found.order)
            ordered.append(found)
    return tuple(ordered)


def whole(source: Source) -> Span:
    """Give the point at the start of a source: for findings about a file as a whole."""
    return Span(source, 0, 0)


def shown(text: str) -> str:
    """Give user text as a message shows it: in backticks, on one line, at most 60 characters of it."""
    line = text if text.isprintable() else "".join(each if each.isprintable() else _escaped(each) for each in text[:61])
    return f"`{line}`" if len(line) <= 60 else f"`{line[:59]}…`"


def shown_first(names: Sequence[str], most: int = 5) -> str:
    """Give the first names of a list as a message shows them, and how many more there are.

    >>> shown_first(["tag:a", "tag:b", "tag:c"], 2)
    '`tag:a`, `tag:b` and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(shown, names[:most])) + more


def _escaped(character: str) -> str:
    return repr(character)[1:-1] if character < "\ud800" or character > "\udfff" else "\ufffd"


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Give the known word nearest to `word`, or None where none is near.

    Near: at most one edit (insert, delete, replace, swap of neighbours) per three characters, and at least one
    allowed; letter case does not count. Ties go to the first in byte order. Cost: O(known × length²), so for error
    paths only.
    """
    folded = word.casefold()
    limit = max(1, len(folded) // 3)
    best: tuple[int, str] | None = None
    for candidate in known:
        if candidate == word or abs(len(candidate) - len(word)) > limit:
            continue
        distance = _edits(folded, candidate.casefold(), limit)
        if distance <= limit and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    return best[1] if best else None


def _edits(left: str, right: str, limit: int) -> int:
    """Give the optimal string alignment distance of two words, or some number above `limit` where it is above."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i] + [0] * len(right)
        for j, b in enumerate(right, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                row[j] = min(row[j], older[j - 2] + 1)
        if min(row) > limit:
            return limit + 1  # no way on from here has fewer
    return row[-1]
