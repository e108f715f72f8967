"""Text from policies made fit for a terminal: no escape sequences, no invisible direction marks, known width."""

from __future__ import annotations

TAB_WIDTH = 4

_PLAIN = {"…": "...", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "→": "->", "×": "x"}
"""What aclc's own messages are made of, for terminals that have ASCII only."""


def printable(text: str) -> str:
    r"""Give the text with everything that could steer a terminal written as an escape (`\x1b`, `\u202e`); tabs stay.

    Undecodable bytes of the file (lone surrogates) are written as `\xff`.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def ascii_only(text: str) -> str:
    r"""Give the text in ASCII: typography in its plain form, every other character as an escape (`\xe9`)."""
    if text.isascii():
        return text
    return "".join(each if each.isascii() else _PLAIN.get(each) or _escape(each) for each in text)


def _shown(character: str) -> str:
    if character == "\t" or character.isprintable():
        return character
    # WHY here: most text needs none of this, and start-up time counts.
    from unicodedata import category

    return " " if category(character) == "Zs" else _escape(character)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def columns(text: str) -> int:
    """Give the terminal columns that printable text without tabs takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(each) in {"Mn", "Me"} else 2 if east_asian_width(each) in {"W", "F"} else 1 for each in text
    )


def leading(text: str, room: int) -> str:
    """Give as much of the beginning of printable text as fits into `room` columns."""
    if text.isascii():
        return text[: max(room, 0)]
    taken = 0
    for end, each in enumerate(text):
        taken += columns(each)
        if taken > room:
            return text[:end]
    return text


def trailing(text: str, room: int) -> str:
    """Give as much of the end of printable text as fits into `room` columns."""
    if text.isascii():
        return text[len(text) - min(room, len(text)) :] if room > 0 else ""
    return leading(text[::-1], room)[::-1]
