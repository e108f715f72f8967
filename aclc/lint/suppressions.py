"""Comments that silence findings: `// aclc: ignore=SEC009 reason="…" until=2026-12-01`.

A comment beside code silences its line; one that stands alone silences the next thing below it, a whole rule where one
begins there. `ignore-file` silences the file. What a control plane refuses cannot be silenced.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Severity, did_you_mean, shown
from aclc.lint.comments import STRING_OR_COMMENT
from aclc.lint.selection import is_fatal
from aclc.records import NamedTuple
from aclc.source import Source, Span
from aclc.syntax.hujson_plain import plain_json

UNUSED = Code("OPS004", "unused-suppression", Severity.WARNING)
WITHOUT_REASON = Code("OPS005", "suppression-without-reason", Severity.INFO)
EXPIRED = Code("OPS006", "expired-suppression", Severity.WARNING)
UNREADABLE = Code("OPS007", "unreadable-suppression", Severity.WARNING)

MARK = "aclc:"
_IN_LANGUAGE = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?:#|//)[^\n]*')
_DIRECTIVE = re.compile(
    r"aclc:\s*(?P<word>[a-z-]+)\s*=\s*(?P<names>[A-Za-z0-9-]+(?:\s*,\s*[A-Za-z0-9-]+)*)(?P<rest>[^\n]*)"
)
_REASON = re.compile(r'reason\s*=\s*"(?P<text>[^"\n]*)"')
_UNTIL = re.compile(r"until\s*=\s*(?P<day>\S+)")


class Suppression(NamedTuple):
    """One comment. `names`: codes or slugs. `start`, `end`: the characters that it silences findings in."""

    span: Span
    names: tuple[str, ...]
    start: int
    end: int
    reason: str
    until: date | None


def suppressions(source: Source) -> tuple[tuple[Suppression, ...], tuple[Diagnostic, ...]]:
    """Give the comments of a file that silence findings, and what is wrong with those that try to.

    Cost: nothing for a file without `aclc:`; else one pass over its comments.
    """
    if MARK not in source.text:
        return (), ()
    plain = _laid_out(source.text) if source.is_language else plain_json(source.text)
    if plain is None:
        return (), ()
    found: list[Suppression] = []
    diagnostics: list[Diagnostic] = []
    for comment in (_IN_LANGUAGE if source.is_language else STRING_OR_COMMENT).finditer(source.text):
        start, end = comment.span()
        if comment.group().startswith('"') or MARK not in comment.group() or plain[start:end].strip():
            continue
        one = _read(source, plain, start, end)
        if isinstance(one, Suppression):
            found.append(one)
        elif one is not None:
            diagnostics.append(one)
    return tuple(found), tuple(diagnostics)


def _laid_out(text: str) -> str:
    # WHY not at the head: few policies are in the language, and fewer silence anything.
    from aclc.syntax.language import laid_out

    return laid_out(text)[0]


def _read(source: Source, plain: str, start: int, end: int) -> Suppression | Diagnostic | None:
    text = source.text[start:end]
    match = _DIRECTIVE.search(text)
    span = Span(source, start, end)
    if match is None:
        if re.search(r"aclc:\s*(?:ignore|disable|noqa)", text) is None:
            return None
        return UNREADABLE.at(span, "suppression cannot be read", help='write `// aclc: ignore=SEC009 reason="…"`')
    if match["word"] == "expires":
        return None  # `aclc.lint.expiry` reads it
    if match["word"] not in {"ignore", "ignore-file"}:
        near = did_you_mean(match["word"], ("ignore", "ignore-file"))
        return UNREADABLE.at(
            span, f"{shown(match['word'])} is no suppression", help=f"did you mean `{near or 'ignore'}`?"
        )
    until = None
    day = _UNTIL.search(match["rest"])
    if day:
        try:
            until = date.fromisoformat(day["day"])
        except ValueError:
            return UNREADABLE.at(span, f"{shown(day['day'])} is no date", help="write `until=2026-12-01`")
    reason = _REASON.search(match["rest"])
    names = tuple(name.strip() for name in match["names"].split(","))
    reach = _statement if source.is_language else _reach
    first, last = (0, len(source.text)) if match["word"] == "ignore-file" else reach(source.text, plain, start, end)
    return Suppression(span, names, first, last, reason["text"].strip() if reason else "", until)


def _reach(text: str, plain: str, start: int, end: int) -> tuple[int, int]:
    """Give what a comment silences: its own line where code stands on it, else the next value below."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if plain[line_start:line_end].strip():
        return line_start, line_end
    at = end
    while at < len(plain) and plain[at] in " \t\r\n":
        at += 1
    next_line_end = text.find("\n", at)
    next_line_end = len(text) if next_line_end < 0 else next_line_end
    opening = next((place for place in range(at, next_line_end) if plain[place] in "{["), None)
    if opening is None:
        return at, next_line_end
    return at, max(next_line_end, _closing(plain, opening))


def _statement(text: str, plain: str, start: int, end: int) -> tuple[int, int]:
    """Give what a comment in the aclc language silences: the statement that it stands in, else the next one below."""
    del text
    at = plain.rfind("\n", 0, start) + 1
    line_end = plain.find("\n", end)
    while line_end >= 0 and not plain[at:line_end].strip():
        at, line_end = line_end + 1, plain.find("\n", line_end + 1)
    return at, len(plain) if line_end < 0 else line_end


def _closing(plain: str, opening: int) -> int:
    """Give the end of the object or list that opens here; the end of the text where it never closes."""
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', plain[opening:]):
        if token.group() in "{[":
            depth += 1
        elif token.group() in "}]":
            depth -= 1
            if depth == 0:
                return opening + token.end()
    return len(plain)


def silenced(
    diagnostics: Sequence[Diagnostic], given: Sequence[Suppression], today: date, *, ask_reasons: bool = False
) -> tuple[Diagnostic, ...]:
    """Give the findings that no comment silences, and findings about the comments themselves.

    Args:
        diagnostics: of one file.
        given: the suppressions of that file.
        today: a comment whose `until` lies before it silences nothing more.
        ask_reasons: whether a comment without a reason is a finding.

    Errors of the families SYN, REF, VAL and TST, which a control plane refuses, are never silenced.
    """
    kept: list[Diagnostic] = []
    used: set[int] = set()
    for found in diagnostics:
        by = _silencer(found, given, today)
        if by is None:
            kept.append(found)
        else:
            used.add(by)
    for number, each in enumerate(given):
        names = ", ".join(each.names)
        if each.until is not None and each.until < today:
            kept.append(
                EXPIRED.at(each.span, f"suppression of {shown(names)} ended on {each.until}", help="look again")
            )
        elif number not in used:
            message = f"suppression of {shown(names)} silences nothing"
            kept.append(UNUSED.at(each.span, message, help="remove it", fix=_removal(each.span)))
        elif ask_reasons and not each.reason:
            kept.append(WITHOUT_REASON.at(each.span, f"suppression of {shown(names)} gives no reason"))
    return tuple(kept)


def _removal(comment: Span) -> Fix:
    """Give the repair that removes a comment, with its line where it has one to itself."""
    source, text = comment.source, comment.source.text
    start = text.rfind("\n", 0, comment.start) + 1
    end = text.find("\n", comment.end)
    end = len(text) if end < 0 else end
    if text[start : comment.start].strip() or text[comment.end : end].strip():
        start, end = start + len(text[start : comment.start].rstrip(" \t")), comment.end
    else:
        end = min(end + 1, len(text))
    return Fix("remove the comment", (Edit(Span(source, start, end), ""),), safe=True)


def _silencer(found: Diagnostic, given: Sequence[Suppression], today: date) -> int | None:
    if is_fatal(found):
        return None
    for number, each in enumerate(given):
        if each.until is not None and each.until < today:
            continue
        here = each.span.source is found.span.source and each.start <= found.span.start < max(each.end, each.start + 1)
        if here and (found.code.id in each.names or found.code.slug in each.names):
            return number
    return None
