"""What the control plane's HuJSON parser says of a text: its first error, in its own words.

A person who met the control plane's message can search for it and find ours, so the words are exact. This is a
second, strict reading of the language that shares nothing with the readers: they are tested against it. Words and
places were measured on tailscale/hujson of 2022-12 and 2026-07, which agree. (Older versions quoted the first byte of
a character only, so that they called a byte order mark `'ï'`.)
"""

from __future__ import annotations

import re

from aclc.records import NamedTuple
from aclc.source import Source

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_LITERAL = re.compile(
    r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"'
    r"|true|false|null"
    r"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?"
)
_WORD = re.compile(r"[-+.a-zA-Z0-9]*+")
_NOT_BLANK = re.compile(r"[^ \t\r\n]")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_SEPARATOR = re.compile("[\u2028\u2029]")

_CLOSER = {"{": "}", "[": "]"}
_AFTER = {
    "": "after top-level value",
    "{": "after object value (expecting ',' or '}')",
    "[": "after array value (expecting ',' or ']')",
}


class Refusal(NamedTuple):
    """Where the parser stops, in characters from 0, and what it says."""

    offset: int
    message: str


class _Refused(Exception):  # noqa: N818  # not an error of ours: it ends the reading
    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.refusal = Refusal(offset, message)


def first_refusal(text: str) -> Refusal | None:
    """Give the first error of the text, None where the parser takes it. Cost: 1 to 3 MB/s, so for refused text only."""
    try:
        _Parser(text).parse()
    except _Refused as refused:
        return refused.refusal
    return None


def in_its_words(source: Source, refusal: Refusal) -> str:
    """Give the refusal as the control plane words it: line and column from 1, columns in bytes."""
    line_start = source.text.rfind("\n", 0, refusal.offset) + 1
    line = source.text.count("\n", 0, line_start) + 1
    column = len(source.text[line_start : refusal.offset].encode("utf-8", "surrogateescape")) + 1
    return f"line {line}, column {column}: {refusal.message}"


def _readable(text: str) -> str:
    """Give the text with bytes that are not UTF-8 replaced, as JSON carries the message."""
    return _NOT_UTF8.sub("\ufffd", text)


def _quoted(character: str) -> str:
    """Give a character as the parser quotes it."""
    code = ord(character)
    if _NOT_UTF8.match(character):
        return f"'\\x{code - 0xDC00:02x}'"
    if character in "'\\":
        return f"'\\{character}'"
    if character.isprintable():
        return f"'{character}'"
    return f"'\\u{code:04x}'" if code <= 0xFFFF else f"'\\U{code:08x}'"


class _Parser:
    """One reading of one text; depth costs no stack."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def parse(self) -> None:
        """Read to the end, or raise `_Refused`."""
        stack: list[tuple[str, int]] = []  # open brackets and where they are
        names: list[bool] = []  # for each: whether the name of a member comes next
        while True:
            start = self.skip()
            closer = _CLOSER[stack[-1][0]] if stack and (stack[-1][0] == "[" or names[-1]) else None
            character = self.text[start : start + 1]
            if character and character == closer:
                self.at += 1
                start = stack.pop()[1]
                names.pop()
            elif character and character in "{[":
                self.at += 1
                stack.append((character, start))
                names.append(character == "{")
                continue
            else:
                self.scalar()
            while self.after_value(stack, names, start):
                start = stack.pop()[1]
                names.pop()
            if not stack:
                return

    def after_value(self, stack: list[tuple[str, int]], names: list[bool], start: int) -> bool:
        """Read what follows the value that began at `start`; tell whether it closed the innermost bracket."""
        opener = stack[-1][0] if stack else ""
        at = self.skip()
        if opener == "{" and names[-1]:
            if self.text[start] != '"':
                self.refuse(start, "at start of object name")
            if at == len(self.text):
                raise _Refused(at, "parsing object after name: unexpected EOF")
            if self.text[at] != ":":
                self.refuse(at, "after object name")
            self.at += 1
            names[-1] = False
            return False
        if at == len(self.text):
            if not opener:
                return False
            raise _Refused(at, f"parsing {'object' if opener == '{' else 'array'} after value: unexpected EOF")
        character = self.text[at]
        if opener and character == ",":
            names[-1] = opener == "{"
        elif not opener or character != _CLOSER[opener]:
            self.refuse(at, _AFTER[opener])
        self.at += 1
        return character != ","

    def skip(self) -> int:
        """Read blanks and comments; give where they end."""
        text = self.text
        while True:
            found = _NOT_BLANK.search(text, self.at)
            self.at = found.start() if found else len(text)
            opener = text[self.at : self.at + 2]
            if opener not in {"//", "/*"}:
                return self.at
            closer = "\n" if opener == "//" else "*/"
            end = text.find(closer, self.at + 2)
            separator = _SEPARATOR.search(text, self.at, end if end >= 0 else len(text)) if opener == "//" else None
            if end < 0 and separator is None:
                raise _Refused(self.at, "parsing comment: unexpected EOF")
            if end >= 0 and _NOT_UTF8.search(text, self.at, end):
                raise _Refused(self.at, "invalid UTF-8 in comment")
            if separator is not None:
                self.refuse(separator.start(), "in line comment")
            self.at = end + len(closer)

    def scalar(self) -> None:
        """Read a string, a number or a word."""
        text, start = self.text, self.at
        if start == len(text):
            raise _Refused(start, "parsing value: unexpected EOF")
        found = (_STRING if text[start] == '"' else _WORD).match(text, start)
        if found is None:
            raise _Refused(len(text), "parsing string: unexpected EOF")
        if found.end() == start:
            self.refuse(start, "at start of value")
        if not _LITERAL.fullmatch(text, start, found.end()):
            raise _Refused(start, f"invalid literal: {_readable(found[0])}")
        self.at = found.end()

    def refuse(self, at: int, where: str) -> None:
        """Refuse the character at `at`."""
        raise _Refused(at, f"invalid character {_quoted(self.text[at])} {where}")
