"""HuJSON made plain JSON of the very same length, so that every offset stays true.

Comments and trailing commas become blanks, and nothing else changes: the standard library's JSON scanner then does
the work at the speed of C, and an offset in what it read is an offset in what the user wrote. Only text that could be
a comment is looked at.

A comment start or a comma is inside a string when an odd number of quotes stands before it on its line: a JSON string
cannot hold a line feed. Where the text has one that does, the guess may be wrong, but the line feed stays and the
scanner refuses the string: wrong text is never made right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_DEPTH = 128
"""Nesting beyond this is refused. Real policies stay below 10; what reads them may then use recursion without fear."""

_QUOTE = re.compile(r'\\.?|"')
STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_TRAILING_COMMA = re.compile(r",(?<![\[{ \t\r\n],)(?=[ \t\r\n]*+[\]}])")
_TRAILING_COMMA_IN_LINE = re.compile(r",[ \t\r]*+[\]}]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_AS_SQUARE = bytes.maketrans(b"{}", b"[]")


def plain_json(text: str) -> str | None:
    """Give `text` with comments and trailing commas blanked, or None where a comment has no end.

    What comes back may be wrong JSON, but is right JSON only if `text` is right HuJSON. A trailing comma that follows
    a blank or a comment stays (`[1 ,]`): to tell it from a lone comma (`[ ,]`) is work for the careful reader.
    """
    blanked = _without_comments(text)
    return None if blanked is None else _without_trailing_commas(blanked)


def too_deep(plain: str) -> bool:
    """Tell whether brackets in the valid JSON text nest deeper than `MAX_DEPTH`."""
    if plain.count("[") + plain.count("{") <= MAX_DEPTH:
        return False
    bare = STRING.sub("", plain) if "\\" in plain else "".join(plain.split('"')[::2])
    brackets = bare.encode("ascii", "replace").translate(_AS_SQUARE, _NOT_BRACKETS)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _without_comments(text: str) -> str | None:
    find, rfind = text.find, text.rfind
    pieces: list[str] = []
    done = 0  # all before this offset is in `pieces`
    seen = 0  # all before this offset is understood, and `inside` says whether a string goes on here
    inside = False
    line, block = find("//"), find("/*")
    while line >= 0 or block >= 0:
        at = line if block < 0 or 0 <= line < block else block
        start = rfind("\n", seen, at) + 1
        if start:
            inside = False
        else:
            start = seen
        if _odd_quotes(text, start, at):
            inside = not inside
        seen = at
        if not inside:
            seen = find("\n", at) if at == line else find("*/", at + 2) + 2
            if seen < 2:
                return None
            pieces.append(text[done:at])
            pieces.append(" " * (seen - at))
            done = seen
        if 0 <= line <= at or 0 <= line < seen:
            line = find("//", max(seen, at + 1))
        if 0 <= block <= at or 0 <= block < seen:
            block = find("/*", max(seen, at + 1))
    if not done:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


def _without_trailing_commas(text: str) -> str:
    inside = _inside_strings(text, (found.start() for found in _TRAILING_COMMA_IN_LINE.finditer(text)))
    if not inside:
        return _TRAILING_COMMA.sub(" ", text)
    return _TRAILING_COMMA.sub(lambda found: "," if found.start() in inside else " ", text)


def _inside_strings(text: str, offsets: Iterable[int]) -> set[int]:
    """Give those of the rising offsets that are inside a string; `text` has no comments. Reads each character once."""
    found: set[int] = set()
    seen = 0
    inside = False
    for at in offsets:
        start = text.rfind("\n", seen, at) + 1
        inside = (inside and not start) ^ _odd_quotes(text, start or seen, at)
        seen = at
        if inside:
            found.add(at)
    return found


def _odd_quotes(text: str, start: int, end: int) -> bool:
    quotes = text.count('"', start, end)
    if quotes and text.find("\\", start, end) >= 0:
        quotes = sum(found[0] == '"' for found in _QUOTE.finditer(text, start, end))
    return quotes & 1 == 1
