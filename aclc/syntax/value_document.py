"""What a policy is read from: a document whose value is plain data, in whichever language it was written."""

from __future__ import annotations

from typing import Protocol

from aclc.source import Path, Source, Span
from aclc.syntax.hujson_document import Value


class ValueDocument(Protocol):
    """A document with a value. `broken`: containers in which something was lost, as in `HujsonDocument`."""

    source: Source
    value: Value
    broken: tuple[Path, ...]

    def span(self, path: Path) -> Span:
        """Give the span of the value at `path`."""
        ...

    def key_span(self, path: Path) -> Span:
        """Give the span of the object key that `path` ends in."""
        ...

    def string_span(self, path: Path, start: int, end: int) -> Span:
        """Give the span of a part of the string at `path`."""
        ...

    def intact(self, path: Path) -> bool:
        """Tell whether what is missing at `path` is truly missing."""
        ...
