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

_QUOTE = re.compile(r'\\.?|"')
STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_COMMENT = re.compile(r"/(?=[/*])")
_TRAILING_COMMA = re.compile(r",(?<![\[{ \t\r\n],)(?=[ \t\r\n]*+[\]}])")
_PERHAPS_IN_STRING = re.compile(r",[ \t\r]*+[\]}](?=[^\n\"]*+\")")


def plain_json(text: str) -> str | None:
    """Give `text` with comments and trailing commas blanked, or None where a comment has no end.

    What comes back may be wrong JSON, but is right JSON only if `text` is right HuJSON. A trailing comma that follows
    a blank or a comment stays (`[1 ,]`): to tell it from a lone comma (`[ ,]`) is work for the careful reader.
    """
    blanked = _without_comments(text)
    return None if blanked is None else _without_trailing_commas(blanked)


def _without_comments(text: str) -> str | None:
    find, rfind = text.find, text.rfind
    pieces: list[str] = []
    done = 0  # all before this offset is in `pieces`
    seen = 0  # all before this offset is understood, and `inside` says whether a string goes on here
    inside = False
    for found in _COMMENT.finditer(text):
        at = found.start()
        if at < seen:
            continue
        start = rfind("\n", seen, at) + 1
        if start:
            inside = False
        if _odd_quotes(text, start or seen, at):
            inside = not inside
        seen = at
        if not inside:
            seen = find("\n", at) if text[at + 1] == "/" else find("*/", at + 2) + len("*/")
            if seen <= at:
                return None
            pieces.append(text[done:at])
            pieces.append(" " * (seen - at))
            done = seen
    if not done:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


def _without_trailing_commas(text: str) -> str:
    inside = _inside_strings(text, (found.start() for found in _PERHAPS_IN_STRING.finditer(text)))
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
