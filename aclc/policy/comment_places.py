"""Where the comments of a policy belong when it is written anew: beside what they stood beside."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from aclc.policy.language_document import LanguageDocument
from aclc.records import NamedTuple
from aclc.source import Document, Path, Source
from aclc.syntax.comments import hujson_comments, language_comments

GAP = "\n"
"""Stands among comments for a blank line. No comment is this text: blanks around it are none of it."""


class PlacedComments(NamedTuple):
    """Comments by the number of the part that they belong to, each in order.

    `above`: those before it, and inside of it. `behind`: the one behind it on its line. `tail`: those after everything.
    """

    above: dict[int, list[str]]
    behind: dict[int, str]
    tail: list[str]


def place_comments(document: Document, paths: Sequence[Path], sources: Iterable[Source]) -> PlacedComments:
    """Give each comment of a policy's texts to one of its parts.

    Args:
        document: tells where the parts stand. paths: the parts that can have comments. sources: the policy's texts.

    A comment inside a part belongs to the innermost one that it is inside of; one behind a part on its line to that
    part; any other to the next part of its own text, or of the files that are included next, and where none follows, to
    the end. Promises, which HuJSON has no form for, count as comments. Cost: (comments + parts) log parts.
    """
    spans = [(document.span(path), number) for number, path in enumerate(paths)]
    nowhere = document.span(())  # that of a section which nothing in the text says
    spans = [(span, number) for span, number in spans if span != nowhere]
    placed = PlacedComments({}, {}, [])
    starts = _Starts(document, [(span.source.name, span.start, number) for span, number in spans])
    for source in sources:
        here = [(span.start, span.end, number) for span, number in spans if span.source is source]
        _place(_comments(document, source), here, starts.of(source.name), source.text, placed)
    return placed


class _Comment(NamedTuple):
    start: int
    end: int
    text: str


def _comments(document: Document, source: Source) -> list[_Comment]:
    """Give the comments of a text, and in the aclc language its promises."""
    found = (language_comments if source.is_language else hujson_comments)(source.text)
    ends = (_end(source.text, offset) for offset, _ in found)
    comments = [_Comment(offset, end, text) for (offset, text), end in zip(found, ends, strict=True)]
    promises = document.promises if isinstance(document, LanguageDocument) else ()
    comments += (_Comment(each.span.start, each.span.end, each.text) for each in promises if each.span.source is source)
    return sorted(comments)


def _end(text: str, start: int) -> int:
    if text.startswith("/*", start):
        return text.find("*/", start + 2) + 2
    line = text.find("\n", start)
    return line if line >= 0 else len(text)


class _Starts:
    """Where parts begin in each text: its own, and at the place of an include the first one of the files there."""

    def __init__(self, document: Document, parts: Iterable[tuple[str, int, int]]) -> None:
        self._own: dict[str, list[tuple[int, int]]] = {}
        for name, start, number in parts:
            self._own.setdefault(name, []).append((start, number))
        self._included: dict[str, list[tuple[int, str]]] = {}
        for name, where in document.included if isinstance(document, LanguageDocument) else ():
            self._included.setdefault(where.source.name, []).append((where.start, name))
        self._known: dict[str, list[tuple[int, int]]] = {}

    def of(self, name: str) -> list[tuple[int, int]]:
        """Give (offset, number of the part that begins there), in the order of the text."""
        if name not in self._known:
            self._known[name] = []  # whatever includes itself ends here
            found = list(self._own.get(name, ()))
            for start, child in self._included.get(name, ()):
                inner = self.of(child)
                if inner:
                    found.append((start, inner[0][1]))
            self._known[name] = sorted(found)
        return self._known[name]


def _place(
    comments: Sequence[_Comment],
    here: Sequence[tuple[int, int, int]],
    starts: Sequence[tuple[int, int]],
    text: str,
    placed: PlacedComments,
) -> None:
    """Give the comments of one text to the parts. Blank lines between two comments of one part, and before it, stay;
    there is one between those of two texts."""
    by_start = sorted(here, key=lambda part: (part[0], part[2]))
    by_end = sorted((end, number) for _, end, number in here)
    previous: _Comment | None = None
    told: set[int] = set()
    for at, each in enumerate(comments):
        inside = _around(by_start, each.start)
        beside = _beside(by_end, each, text) if inside is None else None
        if inside is not None:
            placed.above.setdefault(inside, []).append(each.text)
            previous = None
            continue
        if beside is not None and beside not in placed.behind:
            placed.behind[beside] = each.text
            previous = None
            continue
        following = bisect_left(starts, (each.start, -1))
        start, number = starts[following] if following < len(starts) else (None, -1)
        target = placed.tail if start is None else placed.above.setdefault(number, [])
        is_first = number not in told
        told.add(number)
        if target and (is_first or (previous is not None and _is_gap(text[previous.end : each.start]))):
            target += () if target[-1] == GAP else (GAP,)
        target.append(each.text)
        is_last = at + 1 == len(comments) or start is None or comments[at + 1].start > start
        if start is not None and is_last and not text[each.end : start].strip() and _is_gap(text[each.end : start]):
            target.append(GAP)
        previous = each


def _around(by_start: Sequence[tuple[int, int, int]], offset: int) -> int | None:
    """Give the part that an offset lies in. Parts do not lie in each other; of equal ones it is the last."""
    at = bisect_right(by_start, offset, key=lambda part: part[0]) - 1
    return by_start[at][2] if at >= 0 and offset < by_start[at][1] else None


def _beside(by_end: Sequence[tuple[int, int]], comment: _Comment, text: str) -> int | None:
    """Give the part that ends before a comment on its line, where nothing but a comma stands between them."""
    at = bisect_right(by_end, (comment.start, len(by_end) + len(text))) - 1
    if at < 0 or "\n" in comment.text:
        return None
    end, number = by_end[at]
    return None if text[end : comment.start].strip(" \t,") else number


def _is_gap(between: str) -> bool:
    """Tell whether a blank line stands between two things, or something else than blanks."""
    return between.count("\n") > 1 or bool(between.strip(" \t\r\n,"))
