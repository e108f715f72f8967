"""A policy in the aclc language as the value that HuJSON would have, with the place of each part in the texts.

So both languages are read by one reader: what it finds, it finds at the right place of either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from aclc.records import NamedTuple
from aclc.source import Document, Path, Source, Span
from aclc.syntax.hujson_document import Value
from aclc.syntax.value_document import ValueDocument


class About(NamedTuple):
    """What is said about a rule besides what it allows. Texts are empty and the day None where nothing is said.

    `owner`: as the rule says, else the module that it stands in. `until`: the last day on which the rule holds.
    """

    owner: str = ""
    because: str = ""
    until: date | None = None


Services = Mapping[str, Sequence[str]]
"""Named services, as items of `ip`."""

NO_SERVICES: Services = MappingProxyType({})


class Promise(NamedTuple):
    """A line of properties (`assert …`, `assume …`) as it is to be read: constants are put in. `span`: where it stands.
    `services`: those that it may name."""

    text: str
    span: Span
    services: Services = NO_SERVICES


class LanguageDocument:
    """The value of an aclc text and of the files that it includes. Built once by `read_language`; then only read.

    `sources`: every text, the first one first. `included`: the names of all but the first, and where each is included
    first. `abouts`: of rules that say something about themselves, by path. `ends`: the last day of each rule that has
    one, and where that is said. `services`: those of the root. `used`: names that are used where the value does not
    show it: what they stand for was put in their place.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.value: Value = {}
        self.broken: tuple[Path, ...] = ()
        self.sources: tuple[Source, ...] = (source,)
        self.included: tuple[tuple[str, Span], ...] = ()
        self.abouts: dict[Path, About] = {}
        self.promises: tuple[Promise, ...] = ()
        self.services: Services = NO_SERVICES
        self.used: frozenset[str] = frozenset()
        self.ends: tuple[tuple[date, Span], ...] = ()
        self._spans: dict[Path, Span] = {(): Span(source, 0, len(source.text))}
        self._keys: dict[Path, Span] = {}
        self._grafts: dict[Path, tuple[ValueDocument, Path]] = {}

    def place(self, path: Path, span: Span) -> None:
        """Note where the value at a path stands; the first note counts."""
        self._spans.setdefault(path, span)

    def place_key(self, path: Path, span: Span) -> None:
        """Note where the key of a member stands."""
        self._keys.setdefault(path, span)

    def graft(self, path: Path, document: ValueDocument, there: Path) -> None:
        """Note that the value at a path, with all its parts, stands in another document."""
        self._grafts.setdefault(path, (document, there))

    def has_place(self, path: Path) -> bool:
        """Tell whether something in the text says just what stands at a path."""
        return path in self._spans

    def span(self, path: Path) -> Span:
        """Give the span of the value at `path`, else of the nearest thing around it that has one."""
        near = path
        while near not in self._spans:
            if near in self._grafts:
                document, there = self._grafts[near]
                return document.span((*there, *path[len(near) :]))
            near = near[:-1]
        return self._spans[near]

    def key_span(self, path: Path) -> Span:
        """Give the span of the name that the member at `path` has, else of its value."""
        if path in self._keys:
            return self._keys[path]
        grafted = self._grafted(path)
        return self.span(path) if grafted is None else grafted[0].key_span(grafted[1])

    def string_span(self, path: Path, start: int, end: int) -> Span:
        """Give the span of a part of a string; of the whole where the text spells it otherwise than its value."""
        grafted = self._grafted(path)
        if grafted is not None:
            return grafted[0].string_span(grafted[1], start, end)
        span = self.span(path)
        value = self._at(path)
        if isinstance(value, str) and span.text == value:
            return span.within(start, end)
        return span

    def intact(self, path: Path) -> bool:
        """Tell whether what is missing at `path` is truly missing: not so where a statement could not be read."""
        del path
        return not self.broken

    def _grafted(self, path: Path) -> tuple[ValueDocument, Path] | None:
        near = path
        while near and near not in self._spans:
            if near in self._grafts:
                document, there = self._grafts[near]
                return document, (*there, *path[len(near) :])
            near = near[:-1]
        return None

    def _at(self, path: Path) -> Value:
        value = self.value
        for step in path:
            try:
                value = value[step]  # type: ignore[index]  # whatever has no such part ends below
            except (KeyError, IndexError, TypeError):
                return None
        return value


def about_of(document: Document, path: Path) -> About:
    """Give what a rule says about itself, in whichever language it is written; HuJSON has no words for it."""
    return document.abouts.get(path, About()) if isinstance(document, LanguageDocument) else About()
