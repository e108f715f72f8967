"""Where the causes of a change stand, as short as a cell of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.reach.difference.causes import Cause, Definition
from aclc.reports.said import said_text
from aclc.source import Span

MOST_CAUSES = 4


def lines_of(causes: Sequence[Cause], old: str, new: str) -> Iterator[str]:
    """Give causes by their lines; the file is named only where it is neither `old` nor `new`.

    `line 5 → 7`, `new line 7`, `removed line 5`, what the rule says about itself, and the names that changed besides.
    """
    for cause in causes[:MOST_CAUSES]:
        if cause.old is not None and cause.new is not None:
            text = f"line {_place(cause.old, old)} → {_place(cause.new, new)}"
        elif cause.new is not None:
            text = f"new line {_place(cause.new, new)}"
        else:
            text = f"removed line {_place(cause.old, old)}" if cause.old is not None else ""
        text += said_text(cause)
        yield "; ".join([text, *_named(cause.definitions, old, new)])
    if len(causes) > MOST_CAUSES:
        yield f"and {len(causes) - MOST_CAUSES} more"


def _named(definitions: Sequence[Definition], old: str, new: str) -> Iterator[str]:
    for became in ("changed", "new", "gone"):
        named = [
            f"{each.name} (line {_place(each.span, old if became == 'gone' else new)})"
            for each in definitions
            if each.became == became
        ]
        if named:
            yield f"{became}: {', '.join(named)}"


def where(span: Span, known: str) -> str:
    """Give a place by its line; the file is named only where it is not the known one."""
    return f"line {_place(span, known)}"


def _place(span: Span, known: str) -> str:
    line = span.source.position(span.start).line
    return f"{line}" if span.source.name == known else f"{line} of {span.source.name}"
