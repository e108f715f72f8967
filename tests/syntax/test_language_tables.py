"""The tables of the aclc language are what lark makes of its grammar, and what they read is what lark reads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark

from aclc.policy.read_hujson import read_policy
from aclc.policy.write_language import language_text
from aclc.source import Source
from aclc.syntax import language_tables
from aclc.syntax.grammar_files import grammar_text
from aclc.syntax.language import laid_out, parse_by_grammar, parse_language
from aclc.syntax.language_part import Part
from aclc.syntax.language_tables import END, GRAMMAR, TABLES, fingerprint, parse_by_tables
from tests.corpus import REPOSITORY, corpus_files, needs_corpus

FILE = REPOSITORY / "grammar" / TABLES


def tables_text() -> str:
    """Give the tables as lark makes them, with states numbered in the order in which they are come by."""
    lark: Any = Lark(grammar_text(GRAMMAR), parser="lalr", maybe_placeholders=False)
    table = lark.parser.parser._parse_table
    order = _reached(table.states, table.start_states["start"])
    numbers = {state: number for number, state in enumerate(order)}
    rules = {rule: number for number, rule in enumerate(lark.rules)}
    states = [
        {
            name: -1 - rules[target] if hasattr(target, "expansion") else numbers[target]
            for name, (_, target) in sorted(table.states[state].items())
        }
        for state in order
    ]
    strings = {each.pattern.value: each.name for each in lark.terminals if each.pattern.type == "str"}
    patterns = {each.name: each.pattern.value for each in lark.terminals if each.pattern.type == "re"}
    parts = {
        "grammar": json.dumps(fingerprint(grammar_text(GRAMMAR))),
        "accepted": json.dumps(numbers[table.end_states["start"]]),
        "words": json.dumps(dict(sorted(strings.items()))),
        "patterns": json.dumps(dict(sorted(patterns.items()))),
        "rules": _lines(map(_rule, lark.rules)),
        "states": _lines(states),
    }
    return "{\n" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}\n"


def _reached(states: Any, start: int) -> list[int]:
    """Give the states by their distance from the first one: lark's own numbers differ from run to run."""
    order = [start]
    for state in order:
        for _, (_, target) in sorted(states[state].items()):
            if isinstance(target, int) and target not in order:
                order.append(target)
    return order


def _rule(rule: Any) -> str:
    """Give a rule as `origin kind shape inlined`; the shape has a mark per symbol: dropped, kept or a helper."""
    assert not rule.options.keep_all_tokens
    shape = "".join(
        "-" if each.is_term and each.filter_out else "*" if not each.is_term and each.name.startswith("_") else "."
        for each in rule.expansion
    )
    is_inlined = rule.options.expand1 and not rule.alias
    assert not is_inlined or shape == ".", f"{rule}: the tables know only rules of one symbol that may be inlined"
    kind = "" if rule.origin.name.startswith("_") else rule.alias or rule.origin.name
    return f"{rule.origin.name} {kind} {shape} {'?' if is_inlined else ''}"


def _lines(values: Any) -> str:
    return "[\n" + ",\n".join(json.dumps(each) for each in values) + "\n]"


def test_the_tables_are_what_lark_makes_of_the_grammar(request: pytest.FixtureRequest) -> None:
    expected = tables_text()
    if request.config.getoption("--update-goldens") and expected != FILE.read_text(encoding="utf-8"):
        FILE.write_text(expected, encoding="utf-8")
    assert expected == FILE.read_text(encoding="utf-8"), f"grammar/{TABLES} is stale: run `make goldens`"


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "allow any -> any on any"
    expected = parse_by_tables(f"{text}\n")
    read = grammar_text
    monkeypatch.setattr(
        language_tables, "grammar_text", lambda name: read(name) + ("// new\n" if name == GRAMMAR else "")
    )
    language_tables._tables.cache_clear()
    try:
        assert parse_by_tables(f"{text}\n") is None
        assert expected == parse_language(Source("p.aclc", text)).value
    finally:
        language_tables._tables.cache_clear()


def by_tables(text: str) -> tuple[Part, ...] | None:
    return parse_by_tables(f"{text}\n")


def by_grammar(text: str) -> tuple[Part, ...] | None:
    found = parse_by_grammar(text)
    return found if not found or isinstance(found[0], Part) else None


def converted(path: Path) -> str | None:
    """Give a HuJSON policy in the language; None for what is no policy."""
    read = read_policy(Source("policy.hujson", path.read_bytes().decode("utf-8", "surrogateescape")))
    if read.value is None or read.failed:
        return None
    return language_text(read.value, read.value.sections)


DOCS = (REPOSITORY / "docs" / "language.md").read_text(encoding="utf-8")
POLICIES = REPOSITORY / "policies"
TEXTS = [
    *(each for each in re.findall(r"```aclc[^\n]*\n(.*?)```", DOCS, re.DOTALL)),
    *(path.read_text(encoding="utf-8") for path in sorted(POLICIES.glob("**/*.aclc"))),
    *(text for path in sorted(POLICIES.glob("*/policy.hujson")) if (text := converted(path))),
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_texts_are_read_by_tables_as_lark_reads_them(text: str) -> None:
    """Those with faults, which the tutorial has on purpose, are not read by either."""
    laid = laid_out(text)[0]
    assert by_grammar(laid) == by_tables(laid)


def test_texts_without_faults_need_no_lark() -> None:
    assert None not in {by_tables(laid_out(text)[0]) for text in TEXTS if by_grammar(laid_out(text)[0]) is not None}
    assert len([text for text in TEXTS if by_tables(laid_out(text)[0])]) > len(TEXTS) * 3 / 4


@needs_corpus
def test_real_policies_are_read_by_tables_as_lark_reads_them() -> None:
    seen = 0
    for path in corpus_files("policies/head/*")[::4]:
        text = converted(path)
        if text is not None:
            laid = laid_out(text)[0]
            assert by_grammar(laid) == by_tables(laid) is not None, path.name
            seen += 1
    assert seen > 10


WORDS = sorted(json.loads(FILE.read_text(encoding="utf-8"))["words"])
PIECES = st.sampled_from(
    [
        *WORDS,
        "web",
        "tag:web",
        "80-90",
        "-1",
        "$x",
        '"a b"',
        '"\\u0041"',
        "a:",
        "x->",
        "assert a",
        "onx",
        "\n",
        " ",
        "\t",
        END,
    ]
)


@given(pieces=st.lists(PIECES, max_size=12), glue=st.sampled_from(["", " "]))
def test_no_text_is_read_otherwise_than_by_lark(pieces: list[str], glue: str) -> None:
    """What the tables do not read, lark is asked about; what they read, it reads so, too."""
    found = by_tables(text := glue.join(pieces))
    assert found is None or by_grammar(text) == found


LINES = [line for text in TEXTS for line in laid_out(text)[0].split("\n") if line.strip()]


@given(data=st.data())
def test_broken_statements_are_read_as_lark_reads_them(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(LINES))
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, min(len(line), start + 6)))
    text = (
        line[:start] + data.draw(st.sampled_from(["", " ", ",", "\n", "on", "tag ", '"', "->", "-", ":"])) + line[end:]
    )
    found = by_tables(text)
    assert found is None or by_grammar(text) == found
