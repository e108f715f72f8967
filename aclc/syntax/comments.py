"""The comments of a text, apart from what they stand beside."""

from __future__ import annotations

import re
from textwrap import dedent

_HUJSON = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?P<line>//[^\n]*)|(?P<block>/\*.*?\*/)', re.DOTALL)
_LANGUAGE = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?P<line>(?:#|//)[^\n]*)')


def hujson_comments(text: str) -> list[tuple[int, str]]:
    """Give the comments of a HuJSON text in order: (offset, text without its marks; lines and indentation kept)."""
    found = []
    for match in _HUJSON.finditer(text):
        if match["line"] is not None:
            found.append((match.start(), _said(match["line"][2:])))
        elif match["block"] is not None:
            found.append((match.start(), _block(match["block"][2:-2])))
    return found


def language_comments(text: str) -> list[tuple[int, str]]:
    """Give the comments of a text in the aclc language in order: (offset, text without its mark; indentation kept)."""
    return [
        (match.start(), _said(match["line"].removeprefix("//" if match["line"].startswith("//") else "#")))
        for match in _LANGUAGE.finditer(text)
        if match["line"] is not None
    ]


def _said(text: str) -> str:
    """Give what stands behind the mark of a comment, without the one blank between them."""
    return (text[1:] if text[:1] in {" ", "\t"} else text).rstrip()


def _block(text: str) -> str:
    """Give what stands in a block, its lines moved to the left, stars at their heads left out."""
    first, *rest = text.split("\n")
    if any(line.strip() for line in rest) and all(line.lstrip().startswith("*") for line in rest if line.strip()):
        lines = [_said(line.lstrip().removeprefix("*")) for line in rest]
    else:
        lines = dedent("\n".join(rest)).split("\n")
    return "\n".join(line.rstrip() for line in [first.strip().removeprefix("*").strip(), *lines]).strip("\n")
