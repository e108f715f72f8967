"""A policy in the aclc language as the value that HuJSON would have, with the place of each part in the `.aclc` text.

So both languages are read by one reader: what it finds, it finds at the right place of either.
"""

from __future__ import annotations

from aclc.source import Path, Source, Span
from aclc.syntax.hujson_document import Value


class LanguageDocument:
    """The value of an aclc text. Built once by `read_language`; then only read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.value: Value = {}
        self.broken: tuple[Path, ...] = ()
        self._spans: dict[Path, tuple[int, int]] = {(): (0, len(source.text))}
        self._keys: dict[Path, tuple[int, int]] = {}

    def place(self, path: Path, start: int, end: int) -> None:
        """Note where the value at a path stands; the first note counts."""
        self._spans.setdefault(path, (start, end))

    def place_key(self, path: Path, start: int, end: int) -> None:
        """Note where the key of a member stands."""
        self._keys.setdefault(path, (start, end))

    def span(self, path: Path) -> Span:
        """Give the span of the value at `path`, else of the nearest thing around it that has one."""
        while path not in self._spans:
            path = path[:-1]
        return Span(self.source, *self._spans[path])

    def key_span(self, path: Path) -> Span:
        """Give the span of the name that the member at `path` has, else of its value."""
        return Span(self.source, *self._keys[path]) if path in self._keys else self.span(path)

    def string_span(self, path: Path, start: int, end: int) -> Span:
        """Give the span of a part of a string; of the whole where the text spells it otherwise than its value."""
        span = self.span(path)
        value = self._at(path)
        if isinstance(value, str) and span.text == value:
            return span.within(start, end)
        return span

    def intact(self, path: Path) -> bool:
        """Tell whether what is missing at `path` is truly missing: not so where a statement could not be read."""
        del path
        return not self.broken

    def _at(self, path: Path) -> Value:
        value = self.value
        for step in path:
            try:
                value = value[step]  # type: ignore[index]  # whatever has no such part ends below
            except (KeyError, IndexError, TypeError):
                return None
        return value
