"""Text from policies made fit for a terminal: no escape sequences, no invisible direction marks, known width."""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

TAB_WIDTH = 4


def printable(text: str) -> str:
    r"""Give the text with everything that could steer a terminal written as an escape (`\x1b`, `\u202e`); tabs stay.

    Undecodable bytes of the file (lone surrogates) are written as `\xff`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t" or character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if category(character) == "Zs":
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def columns(text: str) -> int:
    """Give the terminal columns that printable text without tabs takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)


def expanded(text: str) -> str:
    """Give a piece of a line with tabs as `TAB_WIDTH` blanks and everything else printable."""
    return printable(text).replace("\t", " " * TAB_WIDTH)
