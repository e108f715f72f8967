"""Where the comments of a policy belong when it is written anew: above what they stood before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aclc.source import Document, Path, Source
from aclc.syntax.comments import hujson_comments, language_comments


class PlacedComments(NamedTuple):
    """Comments by the number of the part that they stand above, each in order; `tail`: those behind everything."""

    above: dict[int, list[str]]
    tail: list[str]


def place_comments(document: Document, paths: Sequence[Path], sources: Iterable[Source]) -> PlacedComments:
    """Give each comment of a policy's texts to one of its parts.

    Args:
        document: tells where the parts stand. paths: the parts that can have comments. sources: the policy's texts.

    A comment inside a part belongs to the innermost one that it is inside of; any other to the next part of its own
    text, and where none follows, to the end. Cost: comments × parts.
    """
    spans = [(document.span(path), number) for number, path in enumerate(paths)]
    placed = PlacedComments({}, [])
    for source in sources:
        here = [(span, number) for span, number in spans if span.source is source]
        starts = sorted((span.start, number) for span, number in here)
        for offset, text in (language_comments if source.is_language else hujson_comments)(source.text):
            inside = [number for span, number in here if span.start <= offset < span.end]
            after = next((number for start, number in starts if start >= offset), None)
            if inside:
                placed.above.setdefault(inside[-1], []).append(text)
            elif after is not None:
                placed.above.setdefault(after, []).append(text)
            else:
                placed.tail.append(text)
    return placed
