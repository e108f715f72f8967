"""One statement of a file with promises, as its words: each part of it knows where it stands."""

from __future__ import annotations

import re

from aclc.records import NamedTuple
from aclc.source import Span

_WORD = re.compile(r"\S+")


class Statement(NamedTuple):
    """`text`: the words, one blank between each. `starts`: for each character of it how far behind the beginning of
    `span` it stands; empty where another text stands there, since names of constants are replaced."""

    text: str
    span: Span
    starts: tuple[int, ...]

    def place(self, first: int, last: int) -> Span:
        """Give where the characters from `first` to `last` of the text stand: the whole statement where that cannot be
        told."""
        if self.starts and first < last:
            return self.span.within(self.starts[first], self.starts[last - 1] + 1)
        part, whole = self.text[first:last], self.span.text
        if part and whole.count(part) == 1:
            start = whole.index(part)
            return self.span.within(start, start + len(part))
        return self.span


def statement(text: str, span: Span) -> Statement:
    """Give a statement. `text`: what is to be read, with blanks in place of comments and line ends."""
    words = [(match.start(), match.group()) for match in _WORD.finditer(text)]
    starts: list[int] = []
    for at, word in words:
        if starts:
            starts.append(at - 1)
        starts += range(at, at + len(word))
    is_there = len(text) <= len(span.text) and all(span.text.startswith(word, at) for at, word in words)
    return Statement(" ".join(word for _, word in words), span, tuple(starts) if is_there else ())
