"""Comments that say until when something is meant to stand: `// aclc: expires=2026-12-31`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.comments import STRING_OR_COMMENT
from aclc.lint.suppressions import UNREADABLE
from aclc.source import Source, Span

EXPIRED = Code("SEC041", "expired-access", Severity.WARNING)

DAYS_AHEAD = 14
"""How long before the day it is told."""

_EXPIRES = re.compile(r"aclc:\s*expires\s*=\s*(?P<day>[^\s*]*)")


def expirations(source: Source, today: date) -> tuple[Diagnostic, ...]:
    """Give the comments whose day is over or near, and those whose day is none; in file order.

    The day itself still counts. Cost: nothing for a file without `expires`, else one pass over its comments.
    """
    return tuple(_expirations(source, today)) if "expires" in source.text else ()


def _expirations(source: Source, today: date) -> Iterator[Diagnostic]:
    for comment in STRING_OR_COMMENT.finditer(source.text):
        found = _EXPIRES.search(comment.group())
        if found is None or comment.group().startswith('"'):
            continue
        span = Span(source, *comment.span())
        try:
            day = date.fromisoformat(found["day"])
        except ValueError:
            yield UNREADABLE.at(span, f"{shown(found['day'])} is no date", help="write `expires=2026-12-31`")
            continue
        left = (day - today).days
        if left < 0:
            yield EXPIRED.at(
                span,
                f"this was meant to stand until {day}, and still does",
                help="remove what it speaks of, or give it a new day",
            )
        elif left <= DAYS_AHEAD:
            when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
            yield EXPIRED.at(
                span,
                f"this is meant to stand until {day}, which is {when}",
                help="ask whoever needs it, then remove it or give it a new day",
                severity=Severity.INFO,
            )
