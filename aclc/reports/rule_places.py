"""Where the rules behind an answer stand."""

from __future__ import annotations

from collections.abc import Iterable

from aclc.reach.graph.space import View
from aclc.reports.safe_text import printable
from aclc.source import Span

DEFAULT = "the default (no rules at all)"


def place(span: Span) -> str:
    """Give `file:line`."""
    return f"{printable(span.source.name)}:{span.source.position(span.start).line}"


def rule_places(view: View, grants: Iterable[int]) -> list[str]:
    """Give `file:line` of each rule, by its index into `Resolved.grants`; each once."""
    rules = view.resolved.grants
    found = (DEFAULT if rules[at].origin == "default" else place(rules[at].place.span) for at in grants)
    return list(dict.fromkeys(found))


def lines_text(view: View, grants: Iterable[int], most: int = 4) -> str:
    """Give the rules of one file as `file:36,40`; more than `most` lines are counted."""
    by_file: dict[str, list[str]] = {}
    for text in rule_places(view, grants):
        file, colon, line = text.rpartition(":")
        by_file.setdefault(file if colon else text, []).append(line if colon else "")
    shown = []
    for file, lines in by_file.items():
        more = f" and {len(lines) - most} more" if len(lines) > most else ""
        shown.append(f"{file}:{','.join(lines[:most])}{more}" if lines != [""] else file)
    return "; ".join(shown)
