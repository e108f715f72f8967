"""Constants and loops of the aclc language, written out: what is left has neither.

`$env` stands for a constant (`let env = prod`) or for what a loop is at (`for env in dev, prod: …`), as a whole item
of a list or as a part of a name (`$env-db`). What stands in quotes is left as it is. Every part keeps the place of
the statement that it was written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclc.diagnostics import Code, Diagnostic, Note, Severity, did_you_mean, shown
from aclc.policy.language_files import Module, Statement
from aclc.source import Source, Span
from aclc.syntax.language_part import Part

CONSTANT = Code("LNG013", "bad-constant", Severity.ERROR)
TOO_MUCH = Code("LNG014", "too-much-written-out", Severity.ERROR)

MOST_STATEMENTS = 20_000
"""Statements that the loops of a policy may become."""
MOST_ITEMS = 5_000
"""Items of one list, constants written out."""
MOST_PARTS = 500_000
"""Words of all statements in which something was put in."""
MOST_NESTED = 8
"""Loops within loops; and ten times as many constants made from constants."""

_USE = re.compile(r"\$([A-Za-z][A-Za-z0-9_]*)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

Items = tuple[Part, ...]
Bound = Mapping[str, Items]


def written_out(
    statements: Sequence[Statement], modules: Sequence[Module], found: list[Diagnostic]
) -> tuple[Statement, ...]:
    """Give statements without `let`, `for` and `$`. What is wrong is added to `found`, and the statement left out."""
    return tuple(_Writing(statements, modules, found).run())


class _Writing:
    """Writes constants and loops out."""

    def __init__(self, statements: Sequence[Statement], modules: Sequence[Module], found: list[Diagnostic]) -> None:
        self._statements = statements
        self._modules = modules
        self._found = found
        self._constants: dict[int, dict[str, Statement]] = {}
        self._done: dict[tuple[int, str], Items] = {}
        self._open: list[tuple[int, str]] = []
        self._left = MOST_STATEMENTS
        self._parts = MOST_PARTS

    def run(self) -> Iterator[Statement]:
        """Note the constants first, so that they may be used above the line that defines them."""
        for statement in self._statements:
            if statement.part.kind == "let":
                self._define(statement)
        for statement in self._statements:
            if statement.part.kind == "let":
                self._constant(statement.part.parts[0].text, statement.module)
            elif statement.part.kind == "for":
                yield from self._loop(statement, {}, 1)
            else:
                yield from self._plain(statement, {})

    def _define(self, statement: Statement) -> None:
        word = statement.part.parts[0]
        span = Span(statement.source, word.start, word.end)
        if not _NAME.fullmatch(word.text):
            message = f"{shown(word.text)} is no name of a constant"
            self._found.append(CONSTANT.at(span, message, help="letters, digits and `_`, a letter first"))
            return
        module: int | None = statement.module
        while module is not None:
            first = self._constants.get(module, {}).get(word.text)
            if first is not None:
                note = Note(Span(first.source, first.part.start, first.part.end), "first defined here")
                self._found.append(CONSTANT.at(span, f"constant {shown(word.text)} is defined twice", notes=(note,)))
                return
            module = self._modules[module].parent
        self._constants.setdefault(statement.module, {})[word.text] = statement

    def _constant(self, name: str, module: int) -> Items | None:
        """Give what a constant stands for; None where a module cannot see one of that name."""
        owner: int | None = module
        while owner is not None and name not in self._constants.get(owner, {}):
            owner = self._modules[owner].parent
        if owner is None:
            return None
        key = owner, name
        if key not in self._done:
            statement = self._constants[owner][name]
            if key in self._open or len(self._open) > 10 * MOST_NESTED:
                what = "itself" if key in self._open else f"more than {10 * MOST_NESTED} others in a row"
                self._fault(statement.source, statement.part, f"constant {shown(name)} is made from {what}")
                return ()
            self._open.append(key)
            self._done[key] = self._items(statement.part.parts[1], statement, {})
            self._open.pop()
        return self._done[key]

    def _loop(self, statement: Statement, bound: Bound, depth: int) -> Iterator[Statement]:
        name, items, inner = statement.part.parts
        if not _NAME.fullmatch(name.text):
            self._fault(statement.source, name, f"{shown(name.text)} is no name for a loop to use")
            return
        if depth > MOST_NESTED:
            message = f"loops stand more than {MOST_NESTED} deep"
            self._found.append(TOO_MUCH.at(Span(statement.source, name.start, name.end), message))
            return
        if name.text in bound or self._constant(name.text, statement.module) is not None:
            self._fault(statement.source, name, f"{shown(name.text)} is the name of a constant or a loop already")
            return
        for item in self._items(items, statement, bound):
            step = {**bound, name.text: (item,)}
            one = statement._replace(part=inner)
            yield from self._loop(one, step, depth + 1) if inner.kind == "for" else self._plain(one, step)
            if self._left < 0:
                return

    def _plain(self, statement: Statement, bound: Bound) -> Iterator[Statement]:
        if bound:
            self._left -= 1
            if self._left == -1:
                message = f"loops of the policy become more than {MOST_STATEMENTS:,} statements"
                part = statement.part
                self._found.append(TOO_MUCH.at(Span(statement.source, part.start, part.end), message))
            if self._left < 0 or self._parts < 0:
                self._left = min(self._left, -1)
                return
        text = statement.source.text
        if text.find("$", statement.part.start, statement.part.end) < 0:
            yield statement
            return
        whole = self._part(statement.part, statement, bound)
        if whole is not None:
            yield statement._replace(part=whole)

    def _items(self, part: Part, statement: Statement, bound: Bound) -> Items:
        return self._list(part.parts, statement, bound) or ()

    def _part(self, part: Part, statement: Statement, bound: Bound) -> Part | None:
        """Give a part with its constants put in; None where one of them cannot be (which was reported)."""
        if part.kind == "name":
            text = self._text(part, statement, bound)
            return None if text is None else part._replace(text=text)
        if part.kind == "promise":
            word = part.parts[0]
            text = self._text(word, statement, bound)
            return None if text is None else part._replace(parts=(word._replace(text=text),))
        if not part.parts:
            return part
        parts = self._list(part.parts, statement, bound)
        return None if parts is None else part._replace(parts=parts)

    def _list(self, parts: Iterable[Part], statement: Statement, bound: Bound) -> Items | None:
        """Give some parts with constants put in: an item that is a constant by itself becomes all of its items."""
        found: list[Part] = []
        for part in parts:
            whole = _USE.fullmatch(part.parts[0].text) if _is_bare(part) else None
            if whole is not None:
                items = self._value(whole[1], part, statement, bound)
                if items is None:
                    return None
                # WHY at the use: what is wrong with an item is wrong where it is used; its text is in the message.
                found += (_placed(item, part.start, part.end) for item in items)
                self._parts -= len(items)
                if len(found) > MOST_ITEMS or self._parts < 0:
                    what = (
                        f"list becomes more than {MOST_ITEMS:,} items"
                        if self._parts >= 0
                        else "policy becomes too long"
                    )
                    self._found.append(TOO_MUCH.at(Span(statement.source, part.start, part.end), what))
                    return None
                continue
            one = self._part(part, statement, bound)
            if one is None:
                return None
            found.append(one)
        self._parts -= len(found)
        return tuple(found)

    def _value(self, name: str, part: Part, statement: Statement, bound: Bound) -> Items | None:
        items = bound.get(name)
        if items is None:
            items = self._constant(name, statement.module)
        if items is None:
            known = [*bound]
            owner: int | None = statement.module
            while owner is not None:
                known += self._constants.get(owner, {})
                owner = self._modules[owner].parent
            near = did_you_mean(name, known)
            help = f"did you mean `${near}`?" if near else f"define it: `let {name} = …`; a `$` itself stands in quotes"
            self._fault(statement.source, part, f"{shown('$' + name)} is no constant", help)
        return items

    def _text(self, part: Part, statement: Statement, bound: Bound) -> str | None:
        """Give a name with constants put in, each of which must be one plain name."""
        pieces: list[str] = []
        at = 0
        for use in _USE.finditer(part.text):
            items = self._value(use[1], part, statement, bound)
            if items is None:
                return None
            if len(items) != 1:
                message = f"{shown('$' + use[1])} stands for {len(items)} items where there is room for one"
                self._fault(statement.source, part, message, f"write `for each in ${use[1]}: …` and use `$each`")
                return None
            pieces += (part.text[at : use.start()], _word(items[0]))
            at = use.end()
        text = "".join([*pieces, part.text[at:]])
        if len(text) > MOST_ITEMS:
            self._fault(statement.source, part, "name becomes too long")
            return None
        return text

    def _fault(self, source: Source, part: Part, message: str, help: str | None = None) -> None:
        self._found.append(CONSTANT.at(Span(source, part.start, part.end), message, help=help))


def _is_bare(part: Part) -> bool:
    """Tell whether a part is an item of a list that may be several: a bare selector, or ports by one bare word."""
    return part.kind == "bare_selector" and bool(part.parts) and part.parts[0].kind == "name"


def _word(item: Part) -> str:
    """Give the name that an item says."""
    return item.text if item.kind in {"name", "text"} else item.parts[0].text


def _placed(part: Part, start: int, end: int) -> Part:
    """Give a part as if it stood somewhere else."""
    return Part(part.kind, start, end, part.text, tuple(_placed(each, start, end) for each in part.parts))
