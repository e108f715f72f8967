"""The aclc language read by tables that were made from its grammar beforehand (`grammar/aclc.tables.json`).

Lark takes 0.2 s to make them, and builds trees of its own. What stands here only follows them, for texts without
faults; what is wrong with others, and where, lark says.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from aclc.records import NamedTuple
from aclc.syntax.grammar_files import grammar_text
from aclc.syntax.language_part import Part, word

GRAMMAR, TABLES = "aclc.lark", "aclc.tables.json"

END = "$END"

WORDS = frozenset({"NAME", "STRING", "NEGATIVE", "PROMISE"})
"""Terminals that become parts."""

NOWHERE = -1
"""Where something begins that takes up no space."""

MISSING = -1_000_000
"""The action of a state for what cannot stand there."""


class Rule(NamedTuple):
    """One alternative of a rule of the grammar.

    `origin`: its left side. `kind`: of the part that it makes; empty for helpers, whose parts go to what holds them.
    `size`: symbols on its right side. `kept`: which of them become parts, and whether each is a helper. `is_inlined`:
    it has one symbol, whose part stands for the whole.
    """

    origin: str
    kind: str
    size: int
    kept: tuple[tuple[int, bool], ...]
    is_inlined: bool


class Tables(NamedTuple):
    """What the grammar says, made ready.

    `states`: for each, terminal or rule → the next state, or for a reduction -1 - the number of its rule; the first
    state is where a text begins, and with `accepted` one ends. `words`: text → terminal. `token`: one group for each
    kind of token. `promise`: what is tried first where a promise may stand.
    """

    rules: tuple[Rule, ...]
    states: tuple[dict[str, int], ...]
    accepted: int
    words: dict[str, str]
    token: re.Pattern[str]
    promise: re.Pattern[str]


@cache
def _tables() -> Tables | None:
    """Give the tables; None where they were made from another grammar."""
    read = json.loads(grammar_text(TABLES))
    if read["grammar"] != fingerprint(grammar_text(GRAMMAR)):
        return None
    rules = tuple(
        Rule(
            origin,
            kind,
            len(shape),
            tuple((at, each == "*") for at, each in enumerate(shape) if each != "-"),
            is_inlined=inlined == "?",
        )
        for origin, kind, shape, inlined in (line.split(" ") for line in read["rules"])
    )
    terminals = read["patterns"]
    marks = "|".join(re.escape(each) for each in read["words"] if not each.isalpha())
    pattern = "|".join(
        f"(?P<{name}>{text})"
        for name, text in (
            ("BLANK", terminals["BLANK"]),
            ("_NL", terminals["_NL"]),
            ("STRING", terminals["STRING"]),
            ("MARK", marks),
            ("NEGATIVE", terminals["NEGATIVE"]),
            ("NAME", terminals["NAME"]),
        )
    )
    return Tables(
        rules,
        tuple(read["states"]),
        read["accepted"],
        read["words"],
        re.compile(pattern),
        re.compile(terminals["PROMISE"]),
    )


def fingerprint(grammar: str) -> int:
    """Give the number by which tables know the grammar that they were made from."""
    return zlib.crc32(grammar.encode())


def parse_by_tables(text: str) -> tuple[Part, ...] | None:
    """Give the statements of a text that ends with a line end.

    None where it is not in the language, where only lark can tell, or where the tables do not fit the grammar. What is
    given is what lark gives: a token is chosen by what may stand in the state, as lark's contextual lexer does, and
    where that would take a part of a word for a word of the language, the answer is None.
    """
    tables = _tables()
    if tables is None:
        return None
    rules, states = tables.rules, tables.states
    stack = [0]
    values: list[Any] = []
    starts: list[int] = []
    ends: list[int] = []
    for terminal, start, end, found in _tokens(text, tables, stack):
        while (action := states[stack[-1]].get(terminal, MISSING)) < 0:
            if action == MISSING:
                return None
            rule = rules[-1 - action]
            if rule.is_inlined:
                stack[-1] = states[stack[-2]][rule.origin]
                continue
            base = len(values) - rule.size
            first = last = NOWHERE
            if rule.size:
                first, last = starts[base], ends[-1]
                if NOWHERE in {first, last}:
                    first = next((each for each in starts[base:] if each != NOWHERE), NOWHERE)
                    last = next((each for each in reversed(ends[base:]) if each != NOWHERE), NOWHERE)
            made = _made(rule, values[base:], first, last)
            del stack[base + 1 :], values[base:], starts[base:], ends[base:]
            state = states[stack[-1]][rule.origin]
            if terminal == END and state == tables.accepted:
                return tuple(made.parts)
            stack.append(state)
            values.append(made)
            starts.append(first)
            ends.append(last)
        stack.append(action)
        values.append(word(terminal, start, found) if terminal in WORDS else None)
        starts.append(start)
        ends.append(end)
    return None


def _tokens(text: str, tables: Tables, stack: list[int]) -> Iterator[tuple[str, int, int, str]]:
    """Give (terminal, start, end, text) of each token; the last state of the stack says what it may be. Ends early
    where nothing matches."""
    states, words, token, promise = tables.states, tables.words, tables.token.match, tables.promise.match
    at, length = 0, len(text)
    while at < length:
        found = token(text, at)
        if found is None:
            return
        terminal = found.lastgroup or ""
        start, at = at, found.end()
        if terminal == "BLANK":
            continue
        row = states[stack[-1]]
        if terminal == "NAME":
            if "PROMISE" in row and (whole := promise(text, start)) is not None:
                terminal, found, at = "PROMISE", whole, whole.end()
            elif (own := words.get(found.group())) in row and own is not None:
                terminal = own
        elif terminal == "MARK":
            terminal = words[found.group()]
        yield terminal, start, at, found.group()
    yield END, length, length, ""


def _made(rule: Rule, values: list[Any], first: int, last: int) -> Any:
    """Give the part that a rule makes of what it consists of; for a helper a list of parts."""
    parts: list[Part] = []
    for index, is_helper in rule.kept:
        if not is_helper:
            parts.append(values[index])
        elif parts:
            parts += values[index]
        else:
            parts = values[index]  # nobody else has this list: it may grow
    if not rule.kind:
        return parts
    return Part(rule.kind, max(first, 0), max(last, 0), "", tuple(parts))
