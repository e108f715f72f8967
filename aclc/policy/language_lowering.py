"""What lowering a policy in the aclc language works on: the value that grows, and the place of each part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.dialect import Dialect
from aclc.policy.language_document import About, LanguageDocument
from aclc.policy.language_files import Module, Statement
from aclc.policy.language_groups import Finite
from aclc.policy.language_names import NameTable
from aclc.policy.language_sets import NOBODY, Item, taken_apart
from aclc.source import Document, Path, Span
from aclc.syntax.language_part import Part

EXPIRED = Code("LNG004", "expired-rule", Severity.WARNING)
BAD_DATE = Code("LNG007", "bad-date", Severity.ERROR)
REPEATED_CLAUSE = Code("LNG008", "clause-given-twice", Severity.ERROR)
EXPIRES_SOON = Code("LNG010", "rule-expires-soon", Severity.INFO)

SOON = timedelta(days=14)
"""How long before its last day a rule is told of."""


class Lowering:
    """A policy on its way into a value.

    `belongs`: the module of each thing in the value, by its path. `at`: rules whose last day lies before it are left
    out. `ends`: the last days of rules.
    """

    def __init__(
        self,
        document: LanguageDocument,
        dialect: Dialect,
        modules: Sequence[Module],
        names: NameTable,
        finite: Finite,
        found: list[Diagnostic],
        at: date | None,
    ) -> None:
        self.document = document
        self.dialect = dialect
        self.modules = modules
        self.names = names
        self.finite = finite
        self.found = found
        self.value: dict[str, Any] = {}
        self.belongs: dict[Path, int] = {}
        self.ends: list[tuple[date, Span]] = []
        self._at = at

    def section(self, key: str, empty: Any) -> Any:
        """Give a section of the value, which is empty at first."""
        return self.value.setdefault(key, empty)

    def place(self, path: Path, part: Part, statement: Statement) -> None:
        """Note that the value at a path stands where a part of a statement stands."""
        self.document.place(path, Span(statement.source, part.start, part.end))

    def put(self, section: str, key: str, value: Any, statement: Statement, word: Part) -> None:
        """Put a named member into a section; the second of one name was reported and is left out."""
        path = (section, key)
        table = self.section(section, {})
        if key not in table:
            table[key] = value
            self.belongs[path] = statement.module
            self.place(path, statement.part, statement)
            self.document.place_key(path, Span(statement.source, word.start, word.end))
            self._place_section(section, statement)

    def add(self, section: str, entry: dict[str, Any], statement: Statement, about: About) -> None:
        """Put an entry at the end of a list; its parts have their places already, at `next_path`."""
        path = self.next_path(section)
        self.value[section].append(entry)
        self.belongs[path] = statement.module
        self.place(path, statement.part, statement)
        self._place_section(section, statement)
        if about != About():
            self.document.abouts[path] = about

    def _place_section(self, section: str, statement: Statement) -> None:
        """Note that a section, which the language has no word for, begins with the first word of its first statement.

        WHY not all of the statement: what is said of the section does not hang on what else that says.
        """
        whole = Span(statement.source, statement.part.start, statement.part.end)
        self.document.place_key((section,), whole.within(0, len(whole.text.split(None, 1)[0])))

    def next_path(self, section: str) -> Path:
        """Give the path of the entry that comes next in a list."""
        return (section, len(self.section(section, [])))

    def texts(self, path: Path, parts: Iterable[Part], statement: Statement, text: Callable[[Part], str]) -> list[str]:
        """Give the texts of some parts as a list, each with its place."""
        return self.items(path, [Item(text(part), part) for part in parts], statement)

    def items(self, path: Path, items: Sequence[Item], statement: Statement, first: int = 0) -> list[str]:
        """Give some items as a list, each with its place. `first`: how many the list has already."""
        for index, item in enumerate(items, first):
            self.place((*path, index), item.part, statement)
        return [item.text for item in items]

    def selectors(self, path: Path, part: Part | None, statement: Statement, first: int = 0) -> list[str]:
        """Give a list of selectors as HuJSON spells them: what `within` and `except` take away is gone."""
        if part is None:
            return []
        self.place(path, part, statement)
        return self.items(path, self.selected(part, statement), statement, first)

    def selected(self, part: Part, statement: Statement) -> list[Item]:
        """Give the selectors of a list, what `within` and `except` take away gone."""
        items = self._plain(part.parts, statement)
        within, without = part.first("within"), part.first("except")
        if within is None and without is None:
            return items
        before = len(self.found)
        left = taken_apart(
            items,
            None if within is None else self._plain(within.parts, statement),
            None if without is None else self._plain(without.parts, statement),
            self.finite.known,
            lambda each: Span(statement.source, each.start, each.end),
            self.found,
        )
        if not left and not any(each.severity is Severity.ERROR for each in self.found[before:]):
            span = Span(statement.source, part.start, part.end)
            self.found.append(NOBODY.at(span, "nothing is left of this list", help="a rule must mean somebody"))
        return left

    def _plain(self, parts: Iterable[Part], statement: Statement) -> list[Item]:
        listed = (part for part in parts if part.kind not in {"within", "except"})
        found = ((self.selector(part, statement), part) for part in listed)
        return [Item(text, part) for text, part in found if text is not None]

    def selector(self, part: Part, statement: Statement) -> str | None:
        """Give one selector as HuJSON spells it; None where it means nothing, which is reported. What stands in quotes
        means itself."""
        return self.names.selector(part, statement.source)

    def clauses(self, statement: Statement) -> dict[str, Part]:
        """Give the clauses of a rule by kind; each but `app` may stand once."""
        clauses: dict[str, Part] = {}
        for part in statement.part.parts:
            if part.kind in clauses and part.kind not in {"app", "selectors", "attr_name", "attr_pool", "attr_app"}:
                span = Span(statement.source, part.start, part.end)
                self.found.append(REPEATED_CLAUSE.at(span, "clause stands twice in one rule"))
            clauses.setdefault(part.kind, part)
        return clauses

    def about(self, statement: Statement) -> About | None:
        """Give what a rule says about itself; None where its last day is over, so that it is left out."""
        clauses = {part.kind: part for part in statement.part.parts if part.kind in {"until", "because", "owner"}}
        until = clauses.get("until")
        day = None if until is None else self._day(until, statement)
        if day is not None and self._at is not None and day < self._at:
            return None
        owner = clauses["owner"].parts[0].text if "owner" in clauses else self.modules[statement.module].name
        return About(owner, clauses["because"].parts[0].text if "because" in clauses else "", day)

    def _day(self, until: Part, statement: Statement) -> date | None:
        word = until.parts[0]
        try:
            day = date.fromisoformat(word.text)
        except ValueError:
            span = Span(statement.source, word.start, word.end)
            help = "write the year, the month and the day: `until 2026-12-31`"
            self.found.append(BAD_DATE.at(span, f"{shown(word.text)} is no date", help=help))
            return None
        # WHY not of tests: one that ends guards a rule that ends, which is told of already.
        if statement.part.kind not in {"test", "ssh_test"}:
            self.ends.append((day, Span(statement.source, until.start, until.end)))
        return day


def ending(document: Document, today: date, at: date | None) -> Iterator[Diagnostic]:
    """Warn of rules whose last day is over, and of those whose last day comes soon.

    `at`: rules whose last day lies before it were left out of the policy. None: they are all still in it.
    """
    for day, span in document.ends if isinstance(document, LanguageDocument) else ():
        if day < today:
            stays = "" if at is not None and day < at else " and is still in the policy"
            help = "remove it, or give it a new day; `--at DATE` leaves out what is over by then"
            yield EXPIRED.at(span, f"rule ended on {day}{stays}", help=help)
        elif day - today <= SOON:
            yield EXPIRES_SOON.at(span, f"rule ends on {day}", help="give it a new day, or let it go")
