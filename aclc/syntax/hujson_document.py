"""A parsed HuJSON file: its value, and where each part of it stands.

The value is plain Python data without positions. Positions are worked out when somebody asks: the JSON scanner of the
standard library reads the children of one container after the other and says where each ends, and the document
remembers them. So the first question costs about as much as reading the file did, and ten thousand questions hardly
more than one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from aclc.records import NamedTuple
from aclc.source import Path, Source, Span

Value = dict[str, "Value"] | list["Value"] | str | int | float | bool | None

MAX_DEPTH = 128
"""Nesting beyond this is refused. Real policies stay below 10; what reads a value may use recursion without fear."""

_BLANK = re.compile(r"[ \t\r\n]*+")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")


class Child(NamedTuple):
    """A member of an object, or an element of an array (`key` None, key offsets those of the value)."""

    key: str | None
    key_start: int
    key_end: int
    start: int
    end: int


class Layout(NamedTuple):
    """Where things stand.

    `plain` is JSON at the offsets of the source; what is in `children`, by the start of its
    container, need not be looked for there.
    """

    plain: str
    root: Child
    children: dict[int, Sequence[Child]]


class HujsonDocument:
    """A HuJSON file as a value that knows where it came from.

    `value`: the data, of duplicate keys the last (see `merge_duplicates`). `broken`: paths of the containers in which
    something was lost or guessed because the text is wrong; `()` among them: whole sections may be missing. Empty for
    a file that parses, and also where a repair has only one reading (a missing comma). Nobody should conclude
    anything from what is missing in a broken container: ask `intact`.
    """

    __slots__ = ("_aliases", "_children", "_members", "_plain", "_root", "broken", "source", "value")

    def __init__(
        self,
        source: Source,
        value: Value,
        layout: Layout,
        aliases: Mapping[str, Sequence[str]],
        broken: tuple[Path, ...] = (),
    ) -> None:
        self.source = source
        self.value = value
        self.broken = broken
        self._plain, self._root, self._children = layout
        self._aliases = aliases
        self._members: dict[int, dict[str, list[Child]]] = {}

    def __repr__(self) -> str:
        return f"HujsonDocument({self.source.name!r})"

    def intact(self, path: Path) -> bool:
        """Tell whether the text is right in all that `path` leads to, so that what is missing there is truly missing.

        Of a path that leads nowhere: whether it is truly missing.
        """
        depth, _ = self._descend(self._root, path, 0)
        if depth < len(path):
            return path[:depth] not in self.broken
        return not any(each[:depth] == path for each in self.broken)

    def span(self, path: Path) -> Span:
        """Give the span of the value at `path`, of the deepest part of it that exists where it leads nowhere."""
        _, child = self._descend(self._root, path, 0)
        return Span(self.source, child.start, child.end)

    def key_span(self, path: Path) -> Span:
        """Give the span, with quotes, of the key that `path` ends in; of the value where that is no member."""
        _, child = self._descend(self._root, path, 0)
        return Span(self.source, child.key_start, child.key_end)

    def has(self, path: Path) -> bool:
        """Tell whether `path` leads to a value."""
        depth, _ = self._descend(self._root, path, 0)
        return depth == len(path)

    def string_span(self, path: Path, start: int, end: int) -> Span:
        """Give the span of characters `start` to `end` of the string at `path`, counted in the decoded string.

        Offsets beyond the string are cut to it. A value that is no string gives its whole span.
        """
        depth, child = self._descend(self._root, path, 0)
        text = self.source.text
        if depth < len(path) or text[child.start] != '"':
            return Span(self.source, child.start, child.end)
        last = child.end - 1
        offsets = [min(child.start + 1 + max(0, each), last) for each in (start, max(start, end))]
        if text.find("\\", child.start, last) >= 0:
            offsets = [_written(text, child.start + 1, last, each) for each in (start, max(start, end))]
        return Span(self.source, offsets[0], offsets[1])

    def children(self, child: Child) -> Sequence[Child]:
        """Give what an object or array holds, in the order of the file, duplicates included; else nothing."""
        found = self._children.get(child.start)
        if found is None:
            if self._plain[child.start] not in "[{":
                return ()
            found = self._children[child.start] = tuple(_scan(self._plain, child.start))
        return found

    @property
    def root(self) -> Child:
        """The outermost value."""
        return self._root

    def _descend(self, at: Child, path: Path, depth: int) -> tuple[int, Child]:
        """Give how far `path` leads below `at`, and what stands there."""
        best = (depth, at)
        if depth < len(path):
            for child in self._candidates(at, path[depth]):
                found = self._descend(child, path, depth + 1)
                if found[0] == len(path):
                    return found
                if found[0] > best[0]:
                    best = found
        return best

    def _candidates(self, at: Child, step: str | int) -> Iterator[Child]:
        """Give the children that `step` may mean: as written, in other letter case, legacy; the last of each first."""
        if isinstance(step, int):
            children = self.children(at)
            if 0 <= step < len(children) and children[step].key is None:
                yield children[step]
            return
        members = self._members.get(at.start)
        if members is None:
            members = self._members[at.start] = _by_name(self.children(at))
        exact = members.get(step, ())
        yield from reversed(exact)
        for name in (step, *self._aliases.get(step, ())):
            for child in reversed(members.get("\0" + name.casefold(), ())):
                if child.key != step:
                    yield child


def _by_name(children: Sequence[Child]) -> dict[str, list[Child]]:
    """Give members by key, and again by folded key after a NUL."""
    members: dict[str, list[Child]] = {}
    for child in children:
        if child.key is not None:
            members.setdefault(child.key, []).append(child)
            members.setdefault("\0" + child.key.casefold(), []).append(child)
    return members


def _scan(plain: str, start: int) -> Iterator[Child]:
    """Give the children of the container that begins at `start` of valid JSON."""
    opener = plain[start]
    read = json.JSONDecoder().raw_decode
    blank = _BLANK.match
    at = blank(plain, start + 1).end()  # type: ignore[union-attr]  # the pattern matches the empty string
    while plain[at] not in "]}":
        key, key_start, key_end = None, at, at
        if opener == "{":
            key, key_end = read(plain, at)
            colon = blank(plain, key_end).end()  # type: ignore[union-attr]
            at = blank(plain, colon + 1).end()  # type: ignore[union-attr]
        _, end = read(plain, at)
        yield Child(key, key_start, key_end if key is not None else end, at, end)
        at = blank(plain, end).end()  # type: ignore[union-attr]
        if plain[at] == ",":
            at = blank(plain, at + 1).end()  # type: ignore[union-attr]


def _written(text: str, start: int, last: int, index: int) -> int:
    """Give the offset in `text` where character `index` of the string that begins at `start` is written."""
    at, left = start, index
    for found in _ESCAPE.finditer(text, start, last):
        plain = found.start() - at
        if left <= plain:
            break
        left -= plain + 1
        at = found.end()
    return max(start, min(at + left, last))


def merge_duplicates(pairs: Sequence[tuple[str, Value]]) -> dict[str, Value]:
    """Give the object that Go's encoding/json (v1) makes of members with repeated names.

    A later value replaces an earlier one, but a later object is merged key by key into an earlier one (as Go fills
    the same struct or map twice).
    """
    merged: dict[str, Value] = {}
    for key, value in pairs:
        before = merged.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            merged[key] = merge_duplicates((*before.items(), *value.items()))
        else:
            merged[key] = value
    return merged
