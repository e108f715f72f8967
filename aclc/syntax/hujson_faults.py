"""What can be wrong with HuJSON text: the codes, and a list to collect findings in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Note, Severity
from aclc.source import Source, Span

SYNTAX_ERROR = Code("SYN001", "syntax-error", Severity.ERROR)
HASH_COMMENT = Code("SYN002", "hash-comment", Severity.ERROR)
UNTERMINATED_STRING = Code("SYN003", "unterminated-string", Severity.ERROR)
MISSING_OUTER_BRACES = Code("SYN004", "missing-outer-braces", Severity.ERROR)
BRACE_IN_COMMENT = Code("SYN005", "brace-in-comment", Severity.ERROR)
BOM_OR_CRLF = Code("SYN011", "bom-crlf", Severity.INFO)
TEMPLATE_MARKER = Code("SYN012", "template-marker", Severity.INFO)
INVALID_CHARACTER = Code("SYN015", "invalid-character", Severity.ERROR)
TOO_LARGE = Code("SYN016", "too-large", Severity.WARNING)
BEYOND_LIMITS = Code("SYN017", "beyond-limits", Severity.ERROR)

MAX_FAULTS = 100
"""So many errors are shown of one file; a text with more is no policy."""

_SHOWN = 40
_UNSHOWABLE = re.compile("[\ud800-\udfff]")
_MARKER = re.compile(r"\$\{|%\{|\{\{")


class TooManyFaults(Exception):  # noqa: N818  # ends the reading, is no fault of the program
    """Raised when a text has `MAX_FAULTS` errors."""


class Faults:
    """The findings about one source, in the order they were made."""

    __slots__ = ("_errors", "found", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self._errors = 0

    def add(
        self,
        code: Code,
        start: int,
        end: int,
        message: str,
        *,
        help: str | None = None,
        note: tuple[int, int, str] | None = None,
        fix: Fix | None = None,
        severity: Severity | None = None,
    ) -> None:
        """Add a finding about the characters from `start` to `end`.

        Raises:
            TooManyFaults: there are enough.
        """
        notes = () if note is None else (Note(Span(self.source, note[0], note[1]), note[2]),)
        span = Span(self.source, start, end)
        found = code.at(span, message, help=help, notes=notes, fix=fix, severity=severity)
        self.found.append(found)
        if found.severity is Severity.ERROR:
            self._errors += 1
            if self._errors >= MAX_FAULTS:
                raise TooManyFaults

    def fix(self, title: str, start: int, end: int, text: str) -> Fix:
        """Give a repair that has no other reading."""
        return self.fixes(title, ((start, end, text),))

    def fixes(self, title: str, edits: Sequence[tuple[int, int, str]]) -> Fix:
        """Give a repair in several places that has no other reading."""
        return Fix(title, tuple(Edit(Span(self.source, start, end), text) for start, end, text in edits), safe=True)

    def guess(self, title: str, start: int, end: int, text: str) -> Fix:
        """Give a repair that may not be what was meant."""
        return Fix(title, (Edit(Span(self.source, start, end), text),), safe=False)


def shown(text: str) -> str:
    """Give text of the user for a message: in backticks, on one line, not long."""
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 1] + "…"
    text = "".join(each if each.isprintable() else repr(each)[1:-1] for each in _UNSHOWABLE.sub("\ufffd", text))
    return f"`{text}`"


def remark(faults: Faults, strings: Sequence[tuple[int, int]]) -> None:
    """Say what is unusual though no fault: line ends of Windows, markers of templates inside `strings`."""
    text = faults.source.text
    at = text.find("\r\n")
    if at >= 0:
        faults.add(
            BOM_OR_CRLF,
            at,
            at + 2,
            "lines end in carriage return and line feed",
            help="the control plane takes them; its formatter and `aclc fmt` write line feeds only",
        )
    for start, end in strings:
        found = _MARKER.search(text, start, end)
        if found:
            faults.add(
                TEMPLATE_MARKER,
                *found.span(),
                "string holds a template marker, which is read as it stands",
                help="check the rendered file instead, or make sure that something renders this one before it is used",
            )
            return
