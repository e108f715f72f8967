"""The report for people: each finding with its lines drawn and marked, then one line that counts them.

```text
policy.hujson:3:12: error REF002 undefined-tag: tag `tag:x` is not in `tagOwners`
  |
3 |   "src": ["tag:x"],
  |           ^^^^^^^
  = why: what it does to the network …
  = help: declare it …
  = the control plane says: src=tag not found: "tag:x"
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclc.diagnostics import Diagnostic, Severity
from aclc.reports.safe_text import columns
from aclc.reports.style import BLUE, BOLD, Style
from aclc.source import Span

__all__ = ["BLUE", "BOLD", "Style", "concise_report", "summary", "text_report"]

_NONE: Mapping[str, str] = {}

_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


def text_report(diagnostics: Iterable[Diagnostic], style: Style, reasons: Mapping[str, str] = _NONE) -> Iterator[str]:
    """Give the findings one by one, each a paragraph that ends in a blank line. Order is kept.

    `reasons`: code → why such a finding matters; told with the first one of each kind.
    """
    told: set[str] = set()
    for found in diagnostics:
        code = found.code.id
        yield _paragraph(found, style, "" if code in told else reasons.get(code, ""))
        told.add(code)


def concise_report(diagnostics: Iterable[Diagnostic], style: Style) -> Iterator[str]:
    """Give one line per finding: `path:line:column: severity CODE slug: message`."""
    for found in diagnostics:
        yield _headline(found, style) + "\n"


def summary(diagnostics: Sequence[Diagnostic], checked: Sequence[str], style: Style) -> str:
    """Give the line that ends a report: how many findings of each severity, and in which file or how many.

    Args:
        diagnostics: all findings.
        checked: the names of the files that were looked at.
        style: how to draw it.
    """
    counts = [(severity, sum(found.severity is severity for found in diagnostics)) for severity in Severity]
    parts = [
        style.paint(_counted(count, "info" if severity is Severity.INFO else severity.label), _COLORS[severity])
        for severity, count in counts
        if count
    ]
    names = list(dict.fromkeys(found.span.source.name for found in diagnostics)) if parts else checked
    where = style.shown(names[0]) if len(names) == 1 else f"{len(names)} files"
    if not parts:
        return f"{style.paint('No findings', '1;32')} in {where}.\n"
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Found {listed} in {where}.{_refused(diagnostics, len(names))}{_repairs(diagnostics)}\n"


def _refused(diagnostics: Sequence[Diagnostic], files: int) -> str:
    """Say that the control plane refuses what has errors which it knows of."""
    if all(found.severity is not Severity.ERROR for found in diagnostics):
        return ""
    from aclc.lint.selection import is_refused  # WHY here: most policies have no errors, and start-up time counts

    refused = len({found.span.source.name for found in diagnostics if is_refused(found)})
    if not refused:
        return ""
    which = "it as it is" if files == 1 else f"{refused} of them as they are"
    return f" The control plane refuses {which}."


def _repairs(diagnostics: Sequence[Diagnostic]) -> str:
    """Say how many findings can be repaired, and by which option."""
    safe = sum(found.fix is not None and found.fix.safe for found in diagnostics)
    unsafe = sum(found.fix is not None for found in diagnostics) - safe
    if safe and unsafe:
        return f" `--fix` can repair {safe}, `--unsafe-fixes` {unsafe} more."
    if safe or unsafe:
        return f" `{'--fix' if safe else '--unsafe-fixes'}` can repair {safe or unsafe}."
    return ""


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 or word == "info" else f"{count} {word}s"


def _location(span: Span, style: Style) -> str:
    at = span.source.position(span.start)
    return f"{style.shown(span.source.name)}:{at.line}:{at.column}"


def _headline(found: Diagnostic, style: Style) -> str:
    label = style.paint(f"{found.severity.label} {found.code.id}", _COLORS[found.severity])
    message = style.paint(style.shown(found.message), BOLD)
    return f"{style.paint(_location(found.span, style), BOLD)}: {label} {found.code.slug}: {message}"


def _paragraph(found: Diagnostic, style: Style, why: str) -> str:
    # WHY here: a clean policy is drawn nowhere, and start-up time counts.
    from aclc.reports.frame import frame, last_line

    gutter = len(str(max(last_line(span) for span in (found.span, *(note.span for note in found.notes)))))
    lines = [_headline(found, style), *frame(found.span, gutter, _COLORS[found.severity], "^", style)]
    for note in found.notes:
        lines += _remark("note", f"{note.text} ({_location(note.span, style)})", gutter, style)
        lines += frame(note.span, gutter, BLUE, "-", style)
    if why:
        lines += _remark("why", why, gutter, style)
    if found.help:
        lines += _remark("help", found.help, gutter, style)
    if found.fix:
        option = "--fix" if found.fix.safe else "--unsafe-fixes"
        lines += _remark("fix", f"{found.fix.title} (`{option}` does it)", gutter, style)
    if found.control:
        # WHY on one line, however long: people look for these very words.
        head = style.paint("the control plane says", BOLD)
        lines.append(f"{' ' * gutter} {style.paint('=', BLUE)} {head}: {style.shown(found.control)}")
    return "\n".join(lines) + "\n\n"


def _remark(head: str, text: str, gutter: int, style: Style) -> list[str]:
    """Give `= head: text`, words that do not fit the width on further lines."""
    room = max(40, style.width - gutter - 3)
    lines: list[str] = []
    line = head + ":"
    for word in style.shown(text).split(" "):
        if columns(line) + 1 + columns(word) > room:
            lines.append(line)
            line = "  " + word
        else:
            line = f"{line} {word}"
    lines.append(line)
    first = lines[0].replace(head, style.paint(head, BOLD), 1)
    bar = f"{' ' * gutter} {style.paint('=', BLUE)}"
    return [f"{bar} {first}", *(f"{' ' * gutter}   {more}" for more in lines[1:])]
