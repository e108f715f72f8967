"""A part of a text in the aclc language: what parsing gives."""

from __future__ import annotations

from collections.abc import Iterator

from aclc.records import NamedTuple


class Part(NamedTuple):
    """A part of a statement: a rule of the grammar with its parts, or a word (`kind` is `name` or `text`, no parts).

    `text`: of a word, what it says, quotes and escapes gone; of anything else, empty. `start`, `end`: in the source.
    """

    kind: str
    start: int
    end: int
    text: str
    parts: tuple[Part, ...]

    def all(self, kind: str) -> Iterator[Part]:
        """Give the direct parts of a kind."""
        return (part for part in self.parts if part.kind == kind)

    def first(self, kind: str) -> Part | None:
        """Give the first direct part of a kind, None where there is none."""
        return next(self.all(kind), None)


def word(terminal: str, start: int, text: str) -> Part:
    """Give a word as it stands at `start`: a `STRING` without its quotes and escapes, anything else as it is."""
    if terminal == "STRING":
        return Part("text", start, start + len(text), _unquoted(text), ())
    return Part("name", start, start + len(text), text, ())


def _unquoted(text: str) -> str:
    if "\\" not in text:
        return text[1:-1]
    import json

    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]
