"""Read HuJSON: the value, its places, and everything that is wrong with the text.

Clean text takes the fast way: blank what JSON does not know (`hujson_plain`), let the standard library scan it.
Whatever is not plainly right goes the careful way (`hujson_recover`, loaded only then), which reads the same
language, slower, and names every error. Both give the same value for the same text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Note, Outcome, Severity, in_order, whole
from aclc.source import Path, Source, Span
from aclc.syntax.hujson_document import MAX_DEPTH, Child, HujsonDocument, Layout, Value
from aclc.syntax.hujson_plain import STRING, plain_json

__all__ = ["DUPLICATE_KEY", "Aliases", "HujsonDocument", "duplicates", "parse_hujson"]

DUPLICATE_KEY = Code("SYN006", "duplicate-key", Severity.ERROR)

MAX_SIZE = 64 * 1024 * 1024
"""Files with more characters are not read."""

MAX_DIGITS = 309
"""Numbers written with more digits than this are refused: no 64-bit float holds them."""

_CONTAINERS = frozenset((dict, list))  # a look-up by type costs a quarter of isinstance
_BLANKS = " \t\r\n"
_ODD_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")

Aliases = Mapping[str, Sequence[str]]


def parse_hujson(source: Source, aliases: Aliases | None = None) -> Outcome[HujsonDocument]:
    """Read a HuJSON text.

    Args:
        source: the text.
        aliases: canonical key → legacy spellings, for looking up places only; the value keeps the keys as written.

    Returns:
        The document, also along with errors, where enough could be read to be of use: see `HujsonDocument.broken`.
        Keys repeated byte for byte are reported here; keys equal but for letter case are not, since only a reader
        that knows the schema can tell a field (case does not count) from a key that is user data (it does).

    Cost: 30 to 60 MB/s for clean text; positions are worked out when asked for.
    """
    if len(source.text) > MAX_SIZE:
        return Outcome(None, (_too_large(source),))
    known = {} if aliases is None else aliases
    return _quickly(source, known) or _parse_carefully(source, known)


def _quickly(source: Source, aliases: Aliases) -> Outcome[HujsonDocument] | None:
    """Give the outcome for text without any fault; None for all other text."""
    text = source.text
    if not _ordinary(text):
        return None
    plain = plain_json(text)
    if plain is None:
        return None
    try:
        value: Value = json.JSONDecoder(
            object_pairs_hook=_members, parse_int=integer, parse_float=number, parse_constant=_no_constant
        ).decode(plain)
    except (ValueError, RecursionError):
        return None
    if _too_deep(value):
        return None
    start, end = len(plain) - len(plain.lstrip(_BLANKS)), len(plain.rstrip(_BLANKS))
    document = HujsonDocument(source, value, Layout(plain, Child(None, start, end, start, end), {}), aliases)
    return Outcome(document, tuple(_remarks(source, plain)) if _remarkable(text) else ())


def _members(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated key")
    return members


def _too_deep(value: Value) -> bool:
    """Tell whether containers nest deeper than `MAX_DEPTH`; reads one level after the other."""
    containers: list[Any] = [value] if type(value) in _CONTAINERS else []
    for _ in range(MAX_DEPTH + 1):
        if not containers:
            return False
        containers = [
            part
            for each in containers
            for part in (each.values() if type(each) is dict else each)
            if type(part) in _CONTAINERS
        ]
    return True


def _ordinary(text: str) -> bool:
    """Tell whether the text is valid Unicode and has no character or escape that needs a second look."""
    if not text.isascii():
        if "\u2028" in text or "\u2029" in text:  # refused in line comments
            return False
        try:
            text.encode()
        except UnicodeEncodeError:
            return False
    return "\\" not in text or _ODD_ESCAPE.search(text) is None


def integer(digits: str) -> int:
    """Give the number that digits say.

    Raises:
        ValueError: there are more of them than `MAX_DIGITS`.
    """
    if len(digits) > MAX_DIGITS:
        raise ValueError(digits)
    return int(digits)


def number(digits: str) -> float:
    """Give the number that digits with a fraction or an exponent say.

    Raises:
        ValueError: it is too large, or there are more digits than `MAX_DIGITS`.
    """
    value = float(digits)
    if len(digits) > MAX_DIGITS or value in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return value


def _no_constant(name: str) -> Value:
    raise ValueError(name)


def duplicates(document: HujsonDocument) -> tuple[Diagnostic, ...]:
    """Report each key that an object has more than once, byte for byte.

    Not in and directly below broken containers, where the cause is a bracket rather. Cost: visits every container.
    """
    return tuple(_duplicates(document, document.root, ()))


def _duplicates(document: HujsonDocument, at: Child, path: Path) -> Iterator[Diagnostic]:
    first: dict[str, Child] = {}
    doubtful = path in document.broken or path[:-1] in document.broken
    for index, child in enumerate(document.children(at)):
        step = index if child.key is None else child.key
        if child.key is not None:
            earlier = first.setdefault(child.key, child)
            if earlier is not child and not doubtful:
                yield DUPLICATE_KEY.at(
                    Span(document.source, child.key_start, child.key_end),
                    f"key {_quoted(child.key)} is given twice",
                    help="the control plane takes the later one without a word; merge the two, or remove one",
                    notes=(Note(Span(document.source, earlier.key_start, earlier.key_end), "first given here"),),
                )
        yield from _duplicates(document, child, (*path, step))


def _quoted(key: str) -> str:
    return "`" + json.dumps(key, ensure_ascii=False)[1:-1] + "`"


def _remarkable(text: str) -> bool:
    """Tell whether text that parses could have something unusual."""
    return "\r" in text or "{{" in text or ("$" in text and "${" in text) or ("%" in text and "%{" in text)


def _remarks(source: Source, plain: str) -> list[Diagnostic]:
    from aclc.syntax.hujson_faults import Faults, remark

    faults = Faults(source)
    remark(faults, [found.span() for found in STRING.finditer(plain)])
    return list(in_order(faults.found))


def _too_large(source: Source) -> Diagnostic:
    from aclc.syntax.hujson_faults import TOO_LARGE

    what = f"file has more than {MAX_SIZE} characters"
    return TOO_LARGE.at(whole(source), what, help="no policy is that large", severity=Severity.ERROR)


def _parse_carefully(source: Source, aliases: Aliases) -> Outcome[HujsonDocument]:
    from aclc.syntax.hujson_recover import recover

    return recover(source, aliases)
