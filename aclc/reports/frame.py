"""The lines that a span covers, drawn with their numbers and marked.

```text
  |                          |
3 |   "src": ["tag:x"],    7 | /     {
  |           ^^^^^^^      8 | |         "src": ["tag:y"],
                           9 | |     },
                             | |_____^
```
"""

from __future__ import annotations

from aclc.reports.safe_text import TAB_WIDTH, columns, leading, trailing
from aclc.reports.style import BLUE, Style
from aclc.source import Source, Span

_LONGEST = 1000
"""Characters of a line, to either side of a span's start, that are looked at: lines may be megabytes long."""

_MOST_LINES = 4
"""A span of more lines is drawn as its first two and its last one."""


def last_line(span: Span) -> int:
    """Give the highest line number that a drawing of the span shows."""
    return span.source.position(max(span.start, span.end - 1)).line


def frame(span: Span, gutter: int, color: str, mark: str, style: Style) -> list[str]:
    """Draw a span: `gutter` columns for line numbers, marks in the style `color`. Nothing for an empty text."""
    source = span.source
    if not source.text:
        return []
    bar = style.paint("|", BLUE)
    blank = f"{' ' * gutter} {bar}"
    first, last = source.position(span.start), last_line(span)
    room = max(style.width - gutter - 3, 40)
    if first.line == last:
        before, marked, after = _parts(source, span.start - first.column + 1, span.start, span.end, room, style)
        under = " " * columns(before) + style.paint(mark * max(1, columns(marked)), color)
        return [blank, _numbered(first.line, gutter, before + marked + after, style), f"{blank} {under}"]
    lines = [blank]
    before, marked, after = _parts(source, span.start - first.column + 1, span.start, span.start + 1, room - 2, style)
    opening = " "
    if not before.strip():
        opening = style.paint("/", color)
    lines.append(_numbered(first.line, gutter, f"{opening} {before}{marked}{after}", style))
    if before.strip():
        lines.append(f"{blank} {style.paint(' ' + '_' * (columns(before) + 1) + mark, color)}")
    side = style.paint("|", color)
    drawn = range(first.line + 1, last)
    for number in drawn if len(drawn) <= _MOST_LINES - 2 else drawn[:1]:
        start = source.line_start(number)
        lines.append(
            _numbered(number, gutter, f"{side} {''.join(_parts(source, start, start, start, room - 2, style))}", style)
        )
    if len(drawn) > _MOST_LINES - 2:
        lines.append(f"{style.paint(('.' * min(3, gutter)).rjust(gutter), BLUE)} {bar} {side}")
    start = source.line_start(last)
    before, marked, after = _parts(source, start, span.end - 1, span.end, room - 2, style)
    lines.append(_numbered(last, gutter, f"{side} {before}{marked}{after}", style))
    lines.append(f"{blank} {style.paint('|' + '_' * (columns(before) + 1) + mark, color)}")
    return lines


def _numbered(line: int, gutter: int, text: str, style: Style) -> str:
    return f"{style.paint(str(line).rjust(gutter), BLUE)} {style.paint('|', BLUE)} {text}".rstrip()


def _parts(source: Source, line: int, start: int, end: int, room: int, style: Style) -> tuple[str, str, str]:
    """Give what is drawn of the line that begins at offset `line`: before `start`, up to `end`, the rest."""
    text = source.text
    stop = text.find("\n", start, start + _LONGEST)
    if stop < 0:
        stop = min(len(text), start + _LONGEST)
    if stop > start and text[stop - 1] == "\r":
        stop -= 1
    begin = max(line, start - _LONGEST)
    end = max(start, min(end, stop))
    before, marked, after = (_expanded(piece, style) for piece in (text[begin:start], text[start:end], text[end:stop]))
    return _cut(before, marked, after, room, style)


def _expanded(piece: str, style: Style) -> str:
    return style.shown(piece).replace("\t", " " * TAB_WIDTH)


def _cut(before: str, marked: str, after: str, room: int, style: Style) -> tuple[str, str, str]:
    """Shorten a line that is wider than `room` so that the marked part stays in sight."""
    if columns(before) + max(1, columns(marked) + columns(after)) <= room:
        return before, marked, after
    dots = style.ellipsis
    if columns(marked) > room - 30:
        marked = leading(marked, room - 30 - len(dots)) + dots
    lead = room - max(1, columns(marked)) - min(15, columns(after))
    if columns(before) > lead:
        before = dots + trailing(before, lead - len(dots))
    tail = room - columns(before) - columns(marked)
    if columns(after) > tail:
        after = leading(after, tail - len(dots)) + dots
    return before, marked, after
