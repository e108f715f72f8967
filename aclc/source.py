"""Source text and places in it.

Everything that aclc says about a file is said of a `Span`: a half-open range of characters of one `Source`. Line and
column are worked out only when somebody prints them, so a clean file never pays for them.

A `Place` is a promise of a span: a path such as `("acls", 3, "dst", 0)` in a `Document`. Model objects carry places,
which cost one tuple, and the document finds the span when a diagnostic asks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Protocol

from aclc.records import NamedTuple

Path = tuple["str | int", ...]

_STEP = 4096
"""Characters between points whose byte offset is remembered."""


class Position(NamedTuple):
    """A point in a text as people and machines name it.

    `line` and `column` count from 1, columns in characters; `offset` counts bytes of the UTF-8 text from 0.
    """

    line: int
    column: int
    offset: int


class Files(Protocol):
    """The files around a text, where it may say that others belong to it."""

    def matching(self, pattern: str, beside: Source) -> tuple[str, ...] | str:
        """Give the names of the files that a pattern means, as the text `beside` writes it: at least one, sorted. A
        text says why there is none."""
        ...

    def read(self, name: str) -> Source | str:
        """Give the text of a file that `matching` named. A text says why it cannot be had."""
        ...


LANGUAGE_SUFFIX = ".aclc"
REVISION = "@"
"""Stands between the name of a file and the revision that its text is from."""


def has_suffix(name: str, suffix: str) -> bool:
    """Tell whether a file is called so, a file at a revision (`policy.aclc@main`) too."""
    return name.endswith(suffix) or f"{suffix}{REVISION}" in name


class Source:
    """A named text.

    `name` is the path as the user gave it (`-` is shown as `<stdin>`). `text` is decoded so that every byte can be had
    back: bytes that are not UTF-8 become lone surrogates U+DC80–U+DCFF (Python's `surrogateescape`). `files`: where the
    files that it includes are found; None where there are none around it.
    """

    __slots__ = ("_lines", "_sizes", "files", "name", "text")

    def __init__(self, name: str, text: str, files: Files | None = None) -> None:
        self.name = name
        self.text = text
        self.files = files
        self._lines: list[int] | None = None
        self._sizes: list[int] | None = None

    @classmethod
    def from_bytes(cls, name: str, data: bytes, files: Files | None = None) -> Source:
        """Give the source for a file's bytes; never fails, see the class."""
        return cls(name, data.decode("utf-8", "surrogateescape"), files)

    @property
    def is_language(self) -> bool:
        """Whether its name says that it is written in the aclc language."""
        return has_suffix(self.name, LANGUAGE_SUFFIX)

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    def _line_starts(self) -> list[int]:
        if self._lines is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._lines = starts
        return self._lines

    def position(self, offset: int) -> Position:
        """Give line, column and byte offset of the character at `offset` (0 … length of the text).

        Only a line feed ends a line. Cost: the first call reads the text once; later ones a bounded part of it, however
        long its lines are.
        """
        starts = self._line_starts()
        line = bisect_right(starts, offset) - 1
        return Position(line + 1, offset - starts[line] + 1, self._bytes_before(offset))

    def _bytes_before(self, offset: int) -> int:
        text = self.text
        if text.isascii():
            return offset
        if self._sizes is None:
            self._sizes = sizes = [0]
            for at in range(0, len(text) - _STEP + 1, _STEP):
                sizes.append(sizes[-1] + len(text[at : at + _STEP].encode("utf-8", "surrogateescape")))
        known = offset // _STEP
        return self._sizes[known] + len(text[known * _STEP : offset].encode("utf-8", "surrogateescape"))

    def line_start(self, line: int) -> int:
        """Give the offset of the first character of line number `line`, which must exist."""
        return self._line_starts()[line - 1]

    def line_text(self, line: int) -> str:
        """Give line number `line` (from 1) without its line end; empty beyond the end of the text."""
        starts = self._line_starts()
        if not 1 <= line <= len(starts):
            return ""
        end = starts[line] - 1 if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r")


class EditedFiles:
    """The files around a policy, some of them with another text."""

    def __init__(self, files: Files, texts: Mapping[str, str]) -> None:
        self._files = files
        self._texts = texts

    def matching(self, pattern: str, beside: Source) -> tuple[str, ...] | str:
        """Give the names of the files that a pattern means, as `Files` has it."""
        return self._files.matching(pattern, beside)

    def read(self, name: str) -> Source | str:
        """Give the text of a file, that of its own if it has one. What it includes in turn is found here, too."""
        found = self._files.read(name)
        return found if isinstance(found, str) else Source(found.name, self._texts.get(name, found.text), self)

    def with_texts(self, texts: Mapping[str, str]) -> EditedFiles:
        """Give the same files with more texts of their own."""
        return EditedFiles(self._files, {**self._texts, **texts})


class Span(NamedTuple):
    """A half-open range of characters, 0-based, of one source. `start == end` is a point between two characters."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters that the span covers."""
        return self.source.text[self.start : self.end]

    def within(self, start: int, end: int) -> Span:
        """Give the part from `start` to `end`, counted from the beginning of this span."""
        return Span(self.source, self.start + start, self.start + end)


class Document(Protocol):
    """A parsed file, or several, that can say where the value at a path stands.

    Paths use the canonical key spelling. A document finds a key as written, else without regard to case, else under its
    legacy spelling. A path that leads nowhere gives the span of the deepest part that exists.
    """

    def span(self, path: Path) -> Span:
        """Give the span of the value at `path`."""
        ...

    def key_span(self, path: Path) -> Span:
        """Give the span of the object key that `path` ends in (of the value itself where it is not a member)."""
        ...


class Place(NamedTuple):
    """A path in a document: where something was written, to be looked up when it is needed."""

    document: Document
    path: Path

    def at(self, *more: str | int) -> Place:
        """Give the place of a part of this one."""
        return Place(self.document, self.path + more)

    @property
    def span(self) -> Span:
        """The span of the value."""
        return self.document.span(self.path)

    @property
    def key(self) -> Span:
        """The span of the object key."""
        return self.document.key_span(self.path)
