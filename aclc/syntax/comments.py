"""The comments of a text, apart from what they stand beside."""

from __future__ import annotations

import re

_HUJSON = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?P<line>//[^\n]*)|(?P<block>/\*.*?\*/)', re.DOTALL)
_LANGUAGE = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?P<line>(?:#|//)[^\n]*)')


def hujson_comments(text: str) -> list[tuple[int, str]]:
    """Give the comments of a HuJSON text in order: (offset, text without its marks and outer blanks, lines kept)."""
    found = []
    for match in _HUJSON.finditer(text):
        if match["line"] is not None:
            found.append((match.start(), match["line"][2:].strip()))
        elif match["block"] is not None:
            lines = [line.strip().removeprefix("*").strip() for line in match["block"][2:-2].split("\n")]
            found.append((match.start(), "\n".join(lines).strip()))
    return found


def language_comments(text: str) -> list[tuple[int, str]]:
    """Give the comments of a text in the aclc language in order: (offset, text without its mark and outer blanks)."""
    return [
        (match.start(), match["line"].removeprefix("#").removeprefix("//").strip())
        for match in _LANGUAGE.finditer(text)
        if match["line"] is not None
    ]
