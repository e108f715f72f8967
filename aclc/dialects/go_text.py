"""Text as Go programs print it, since control planes are Go programs and we quote their words."""

from __future__ import annotations

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}


def go_quoted(text: str) -> str:
    """Give `text` as Go's `%q` prints it: in double quotes, what cannot be printed escaped, other letters as they are.

    A lone surrogate (a byte that was not UTF-8) becomes U+FFFD, as Go's JSON reader makes it.
    """
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(_go_character(character) for character in text) + '"'


def _go_character(character: str) -> str:
    escape = _ESCAPES.get(character)
    if escape is not None:
        return escape
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return "�"
    if character.isprintable():
        return character
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
