"""YAML as a value that knows where its parts stand, bounded against texts made to exhaust the reader.

The parser's events are put together here, without recursion, so depth and size are held to limits while the value
grows: an alias counts as much as what it repeats. Plain scalars mean what YAML 1.2 says: `yes`, `12:30` and dates are
texts.
"""

from __future__ import annotations

import math
import re
from typing import Any

import yaml

from aclc.diagnostics import Code, Note, Outcome, Severity
from aclc.source import Path, Source, Span

BAD_YAML = Code("TLN001", "tailnet-syntax", Severity.ERROR)

MAX_DEPTH = 64
"""Nesting beyond this is refused; a tailnet file has less than ten levels."""

MAX_VALUES = 5_000_000
"""Values, those behind aliases counted as often as they are named."""

_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: truth for truth in (True, False) for word in (str(truth).lower(), str(truth), str(truth).upper())
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,308}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")


class _Part:
    """A value, its place, its parts by key or index, and how many values it holds."""

    __slots__ = ("end", "key_end", "key_start", "parts", "size", "start", "value")

    def __init__(self, start: int, end: int, value: Any) -> None:
        self.start = self.key_start = start
        self.end = self.key_end = end
        self.value = value
        self.parts: dict[str | int, _Part] = {}
        self.size = 1


class YamlDocument:
    """A YAML file as a `Document`. Keys are looked up as written only."""

    __slots__ = ("_root", "source", "value")

    def __init__(self, source: Source, root: _Part) -> None:
        self.source = source
        self.value: Any = root.value
        self._root = root

    def span(self, path: Path) -> Span:
        """Give the span of the value at `path`, of the deepest part of it that exists."""
        part = self._at(path)
        return Span(self.source, part.start, part.end)

    def key_span(self, path: Path) -> Span:
        """Give the span of the key that `path` ends in, of the value where it is no member."""
        part = self._at(path)
        return Span(self.source, part.key_start, part.key_end)

    def _at(self, path: Path) -> _Part:
        part = self._root
        for step in path:
            if step not in part.parts:
                break
            part = part.parts[step]
        return part


class _RefusedError(Exception):
    """A fault in the text, with its place."""

    def __init__(self, start: int, end: int, message: str, help: str | None = None, first: _Part | None = None) -> None:
        super().__init__(message)
        self.start, self.end, self.message, self.help, self.first = start, end, message, help, first


def parse_yaml(source: Source) -> Outcome[YamlDocument]:
    """Give the document of a YAML text, or its first fault. One document per file; merge keys (`<<`) are honoured."""
    text = source.text
    odd = next((at for at, character in enumerate(text) if "\udc80" <= character <= "\udcff"), None)
    if odd is not None:
        return Outcome(None, (BAD_YAML.at(Span(source, odd, odd + 1), "the text is not valid UTF-8 here"),))
    try:
        return Outcome(YamlDocument(source, _Builder(text).root()), ())
    except _RefusedError as fault:
        notes = (
            (Note(Span(source, fault.first.key_start, fault.first.key_end), "first given here"),) if fault.first else ()
        )
        found = BAD_YAML.at(Span(source, fault.start, fault.end), fault.message, help=fault.help, notes=notes)
        return Outcome(None, (found,))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = min(mark.index if mark else 0, len(text))
        words = " ".join((error.problem or error.context or "wrong YAML").split()).rstrip(".")
        return Outcome(None, (BAD_YAML.at(Span(source, at, min(at + 1, len(text))), f"this is not YAML: {words}"),))
    except yaml.reader.ReaderError as error:
        at = min(error.position, len(text)) if isinstance(error.position, int) else 0
        return Outcome(None, (BAD_YAML.at(Span(source, at, at), f"this is not YAML: {error.reason}"),))


class _Builder:
    """Puts events together: the containers still open, and in mappings the key that waits for its value."""

    def __init__(self, text: str) -> None:
        self.text = text
        # WHY: the C library does not count a byte order mark, the Python one does; neither sees it here.
        self.shift = text.startswith("\ufeff")
        self.open: list[_Part] = []
        self.keys: list[_Part | None] = []
        self.merged: list[list[_Part]] = []
        self.anchors: dict[str, _Part] = {}
        self.done: _Part | None = None

    def root(self) -> _Part:
        for event in yaml.parse(self.text[self.shift :], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            start, end = _index(event.start_mark) + self.shift, _index(event.end_mark) + self.shift
            if isinstance(event, yaml.ScalarEvent):
                self._add(_Part(start, end, _scalar(event)), event.anchor)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._enter(_Part(start, end, [] if isinstance(event, yaml.SequenceStartEvent) else {}), event.anchor)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._leave(end)
            elif isinstance(event, yaml.AliasEvent):
                self._add(self._alias(str(event.anchor), start, end), None)
            elif isinstance(event, yaml.DocumentStartEvent) and self.done is not None:
                raise _RefusedError(start, end, "a tailnet file has one YAML document")
        return self.done if self.done is not None else _Part(0, 0, None)

    def _enter(self, part: _Part, anchor: str | None) -> None:
        if len(self.open) == MAX_DEPTH:
            raise _RefusedError(part.start, part.end, f"nested deeper than {MAX_DEPTH} levels")
        if anchor:
            self.anchors[anchor] = part
        self.open.append(part)
        self.keys.append(None)
        self.merged.append([])

    def _leave(self, end: int) -> None:
        part = self.open.pop()
        self.keys.pop()
        for other in self.merged.pop():
            for name, value in other.parts.items():
                if name not in part.parts:
                    part.parts[name] = value
                    part.value[name] = value.value
        # WHY strip: the parser ends a block only where the next thing begins.
        part.end = part.key_end = part.start + len(self.text[part.start : end].rstrip())
        self._add(part, None)

    def _alias(self, name: str, start: int, end: int) -> _Part:
        named = self.anchors.get(name)
        if named is None:
            raise _RefusedError(start, end, f"no anchor `{name}` stands before this alias")
        if named in self.open:
            raise _RefusedError(start, end, f"alias `{name}` stands inside what it repeats")
        part = _Part(start, end, named.value)
        part.parts, part.size = named.parts, named.size
        return part

    def _add(self, part: _Part, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = part
        if not self.open:
            self.done = part
            return
        holder = self.open[-1]
        holder.size += part.size
        if holder.size > MAX_VALUES:
            raise _RefusedError(part.start, part.end, f"more than {MAX_VALUES} values, aliases counted in full")
        if isinstance(holder.value, list):
            holder.parts[len(holder.value)] = part
            holder.value.append(part.value)
        elif self.keys[-1] is None:
            if isinstance(part.value, dict | list):
                raise _RefusedError(part.start, part.end, "a key must be a text")
            self.keys[-1] = part
        else:
            self._add_member(holder, self.keys[-1], part)
            self.keys[-1] = None

    def _add_member(self, holder: _Part, key: _Part, part: _Part) -> None:
        name = key.value if isinstance(key.value, str) else self.text[key.start : key.end]
        if name == "<<":
            merged = list(part.parts.values()) if isinstance(part.value, list) else [part]
            if not all(isinstance(each.value, dict) for each in merged):
                raise _RefusedError(part.start, part.end, "only mappings can be merged")
            self.merged[-1] += merged
            return
        earlier = holder.parts.get(name)
        if earlier is not None:
            raise _RefusedError(key.start, key.end, f"key `{name}` is given twice", first=earlier)
        part.key_start, part.key_end = key.start, key.end
        holder.parts[name] = part
        holder.value[name] = part.value


def _index(mark: Any) -> int:
    return mark.index if mark is not None else 0


def _scalar(event: yaml.ScalarEvent) -> str | bool | int | float | None:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text) and math.isfinite(number := float(text)):
        return number
    return text
