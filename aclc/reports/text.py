"""The report for people: each finding with its line drawn and underlined, then one line that counts them.

```text
policy.hujson:3:12: error REF002 undefined-tag: tag `tag:x` is not in `tagOwners`
  |
3 |   "src": ["tag:x"],
  |           ^^^^^^^
  = help: declare it …
  = the control plane says: src=tag not found: "tag:x"
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from aclc.diagnostics import Diagnostic, Note, Severity
from aclc.reports.safe_text import columns, expanded, printable
from aclc.source import Span


class Style(NamedTuple):
    """How text is drawn: with ANSI colours or without, in Unicode or ASCII, in how many columns."""

    color: bool = False
    unicode: bool = True
    width: int = 120

    def paint(self, text: str, codes: str) -> str:
        """Give the text in the ANSI style `codes`, or as it is where colour is off."""
        return f"\x1b[{codes}m{text}\x1b[0m" if self.color and text else text

    @property
    def ellipsis(self) -> str:
        """What stands for left-out text."""
        return "…" if self.unicode else "..."


BOLD, BLUE = "1", "1;34"
_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


def text_report(diagnostics: Iterable[Diagnostic], style: Style) -> Iterator[str]:
    """Give the findings one by one, each a paragraph that ends in a blank line. Order is kept."""
    for found in diagnostics:
        yield _paragraph(found, style)


def concise_report(diagnostics: Iterable[Diagnostic], style: Style) -> Iterator[str]:
    """Give one line per finding: `path:line:column: severity CODE slug: message`."""
    for found in diagnostics:
        yield _headline(found, style) + "\n"


def summary(diagnostics: Sequence[Diagnostic], checked: Sequence[str], style: Style) -> str:
    """Give the line that ends a report: how many findings of each severity, in how many files."""
    counts = [(severity, sum(found.severity is severity for found in diagnostics)) for severity in Severity]
    where = printable(checked[0]) if len(checked) == 1 else f"{len(checked)} files"
    parts = [
        style.paint(_counted(count, "info" if severity is Severity.INFO else severity.label), _COLORS[severity])
        for severity, count in counts
        if count
    ]
    if not parts:
        return f"{style.paint('No findings', '1;32')} in {where}.\n"
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Found {listed} in {where}.\n"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 or word == "info" else f"{count} {word}s"


def _location(span: Span) -> str:
    at = span.source.position(span.start)
    return f"{printable(span.source.name)}:{at.line}:{at.column}"


def _headline(found: Diagnostic, style: Style) -> str:
    label = style.paint(f"{found.severity.label} {found.code.id}", _COLORS[found.severity])
    message = style.paint(printable(found.message), BOLD)
    return f"{style.paint(_location(found.span), BOLD)}: {label} {found.code.slug}: {message}"


def _paragraph(found: Diagnostic, style: Style) -> str:
    last_line = max(_last_line(span) for span in (found.span, *(note.span for note in found.notes)))
    gutter = len(str(last_line))
    lines = [_headline(found, style), *_frame(found.span, gutter, _COLORS[found.severity], "^", style)]
    for note in found.notes:
        lines += _note(note, gutter, style)
    if found.help:
        lines += _remark("help", found.help, gutter, style)
    if found.fix:
        lines += _remark("fix", found.fix.title, gutter, style)
    if found.control:
        lines += _remark("the control plane says", found.control, gutter, style)
    return "\n".join(lines) + "\n\n"


def _note(note: Note, gutter: int, style: Style) -> list[str]:
    head = _remark("note", f"{note.text} ({_location(note.span)})", gutter, style)
    return head + _frame(note.span, gutter, BLUE, "-", style)


def _remark(head: str, text: str, gutter: int, style: Style) -> list[str]:
    """Give `= head: text`, words that do not fit the width on further lines."""
    room = max(40, style.width - gutter - 3)
    lines: list[str] = []
    line = head + ":"
    for word in printable(text).split(" "):
        if columns(line) + 1 + columns(word) > room:
            lines.append(line)
            line = "  " + word
        else:
            line = f"{line} {word}"
    lines.append(line)
    first = lines[0].replace(head, style.paint(head, BOLD), 1)
    bar = f"{' ' * gutter} {style.paint('=', BLUE)}"
    return [f"{bar} {first}", *(f"{' ' * gutter}   {more}" for more in lines[1:])]


def _last_line(span: Span) -> int:
    return min(span.source.position(max(span.start, span.end - 1)).line, span.source.position(span.start).line + 1)


def _frame(span: Span, gutter: int, color: str, mark: str, style: Style) -> list[str]:
    """Draw the span's first line, underlined; a span of several lines is underlined to the end of its first."""
    start = span.source.position(span.start)
    line = span.source.line_text(start.line)
    if not span.source.text:
        return []
    first = start.column - 1
    last = min(first + max(1, span.end - span.start), max(len(line), first + 1))
    goes_on = span.end > span.start + len(line) - first
    before, marked, after = expanded(line[:first]), expanded(line[first:last]), expanded(line[last:])
    before, marked, after = _cut(before, marked, after, style.width - gutter - 4, style)
    under = " " * columns(before) + style.paint(mark * max(1, columns(marked)), color)
    if goes_on and span.end - span.start > 1:
        under += style.paint(" " + style.ellipsis, color)
    bar = style.paint("|", BLUE)
    number = style.paint(str(start.line).rjust(gutter), BLUE)
    return [
        f"{' ' * gutter} {bar}",
        f"{number} {bar} {before}{marked}{after}".rstrip(),
        f"{' ' * gutter} {bar} {under}",
    ]


def _cut(before: str, marked: str, after: str, room: int, style: Style) -> tuple[str, str, str]:
    """Shorten a line that is wider than `room` so that the marked part stays in sight."""
    room = max(room, 40)
    if columns(before) + columns(marked) + columns(after) <= room:
        return before, marked, after
    dots = style.ellipsis
    if columns(marked) > room - 30:
        marked = marked[: room - 30 - len(dots)] + dots
    lead = room - columns(marked) - 15
    if columns(before) > lead:
        before = dots + before[len(before) - lead + len(dots) :]
    tail = room - columns(before) - columns(marked)
    if columns(after) > tail:
        after = after[: max(0, tail - len(dots))] + dots
    return before, marked, after
