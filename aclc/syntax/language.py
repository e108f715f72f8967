"""The aclc language as a tree: what `grammar/aclc.lark` says, with the place of every part. Lark's own types stay
here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, did_you_mean, shown
from aclc.records import NamedTuple
from aclc.source import Source, Span
from aclc.syntax.grammar_files import grammar_text
from aclc.syntax.language_part import Part, word
from aclc.syntax.language_tables import GRAMMAR, parse_by_tables

SYNTAX = Code("LNG001", "language-syntax", Severity.ERROR)

MAX_SIZE = 8 * 1024 * 1024
MAX_DEPTH = 64
"""Brackets within brackets; beyond that a file is refused."""

STATEMENTS = (
    "include", "module", "export", "let", "for", "group", "tag", "host", "ipset", "posture", "service", "default",
    "allow", "acl", "ssh", "approve", "attr", "test", "sshtest", "option", "raw", "assert", "assume",
)  # fmt: skip

_WORDS = {
    "_NL": "the end of the line",
    "$END": "the end of the file",
    "NAME": "a name",
    "STRING": "a text in quotes",
    "COMMA": "`,`",
    "EQUAL": "`=`",
    "COLON": "`:`",
    "SEMICOLON": "`;`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "NEGATIVE": "a number",
}


def parse_language(source: Source) -> Outcome[tuple[Part, ...]]:
    """Give the statements of a text in order, and everything that is wrong with its form.

    A statement that cannot be read is left out and reported; the others are given all the same. Never raises, for any
    text.
    """
    if len(source.text) > MAX_SIZE:
        span = Span(source, 0, 0)
        return Outcome((), (SYNTAX.at(span, f"file is larger than {MAX_SIZE // 1024 // 1024} MB"),))
    text, depth = laid_out(source.text)
    if depth <= MAX_DEPTH:
        found = _parse(text)
        if not isinstance(found, _Fault):
            return Outcome(found, ())
    statements: list[Part] = []
    diagnostics: list[Diagnostic] = []
    for start, line in _statements(text):
        if depth > MAX_DEPTH and laid_out(line)[1] > MAX_DEPTH:
            span = Span(source, start, start + len(line.rstrip()))
            diagnostics.append(SYNTAX.at(span, f"brackets stand more than {MAX_DEPTH} deep"))
            continue
        found = _parse(line)
        if isinstance(found, _Fault):
            diagnostics.append(_complaint(source, start, line, found))
        else:
            statements += (_moved(part, start) for part in found)
    return Outcome(tuple(statements), tuple(diagnostics))


_LAYOUT = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?:#|//)[^\n]*|[\[\]{}\n]')
_WORD = re.compile(r"[a-z]+(?=[ \t])")
_NOTHING = re.compile(r"[ \t\r]*(?:(?:#|//)[^\n]*)?(?:\n|\Z)")


def laid_out(text: str) -> tuple[str, int]:
    r"""Give a text of the same length in which a line end ends a statement, and how deep its brackets stand.

    Comments become blanks, and so do line ends inside brackets and before lines that begin with a blank. A bracket that
    is never closed ends before the next line that begins with a statement's word.

    >>> laid_out("a # b\n  c\nd")
    ('a       c\nd', 0)
    """
    pieces: list[str] = []
    done = depth = deepest = 0
    ends: list[int] = []
    for match in _LAYOUT.finditer(text):
        piece = match.group()
        if piece == "\n":
            pieces += (text[done : match.start()], "\n")
            ends.append(len(pieces) - 1)
            done = match.end()
            if _NOTHING.match(text, done):
                continue
            word = _WORD.match(text, done)
            if depth and word and word.group() in STATEMENTS:
                depth = 0
            if depth or text.startswith((" ", "\t"), done):
                for end in ends:
                    pieces[end] = " "
            ends.clear()
        elif piece in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif piece in "}]":
            depth = max(0, depth - 1)
        elif piece[0] != '"':
            pieces += (text[done : match.start()], " " * len(piece))
            done = match.end()
    pieces.append(text[done:])
    return "".join(pieces), deepest


class _Fault(NamedTuple):
    """Where a text stops being a statement. `expected`: names of what could have stood there."""

    start: int
    end: int
    expected: frozenset[str]


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Cut a laid out text into its statements: (start, text)."""
    at = 0
    for line in text.split("\n"):
        if line.strip(" \t\r"):
            yield at, line
        at += len(line) + 1


def _parse(text: str) -> tuple[Part, ...] | _Fault:
    found = parse_by_tables(f"{text}\n")
    if found is None:
        return parse_by_grammar(text)
    return _TOO_DEEP_LOOP if any(map(_is_deep, found)) else found


def parse_by_grammar(text: str) -> tuple[Part, ...] | _Fault:
    """Give the statements of a laid out text as lark reads it by the grammar itself, or where it stops being one."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

    try:
        tree = _parser().parse(f"{text}\n")
    except UnexpectedToken as error:
        start = error.token.start_pos if error.token.start_pos is not None else len(text)
        end = error.token.end_pos if error.token.end_pos is not None else start
        return _Fault(min(start, len(text)), min(max(end, start), len(text)), frozenset(error.accepts))
    except UnexpectedCharacters as error:
        at = min(_offset(error.pos_in_stream), len(text))
        return _Fault(at, min(at + 1, len(text)), frozenset(error.allowed or ()))
    except UnexpectedEOF as error:
        return _Fault(len(text), len(text), frozenset(error.expected))
    if any(_is_deep_tree(child) for child in tree.children):
        return _TOO_DEEP_LOOP
    return tuple(_part(child) for child in tree.children)


def _offset(at: int | None) -> int:
    return at or 0


_TOO_DEEP = "too deep"
_TOO_DEEP_LOOP = _Fault(0, 0, frozenset({_TOO_DEEP}))


def _is_deep(part: Part) -> bool:
    """Tell whether loops stand so deep in a statement that nobody could mean it."""
    depth = 0
    while part.kind == "for":
        part = part.parts[-1]
        depth += 1
    return depth > MAX_DEPTH


def _is_deep_tree(node: Any) -> bool:
    depth = 0
    while getattr(node, "data", "") == "for":
        node = node.children[-1]
        depth += 1
    return depth > MAX_DEPTH


@cache
def _parser() -> Any:
    """Give the parser that says what is wrong with a text; building it takes about 0.2 s, so once."""
    from lark import Lark

    return Lark(grammar_text(GRAMMAR), parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _part(node: Any) -> Part:
    """Give a tree of lark as a part. Depth is bounded by `MAX_DEPTH`."""
    if hasattr(node, "data"):
        meta = node.meta
        parts = tuple(_part(child) for child in node.children)
        start = getattr(meta, "start_pos", 0) if not meta.empty else 0
        end = getattr(meta, "end_pos", 0) if not meta.empty else 0
        return Part(str(node.data), start, end, "", parts)
    return word(node.type, node.start_pos, str(node))


def _moved(part: Part, by: int) -> Part:
    """Give a part as it stands `by` characters further on."""
    return Part(part.kind, part.start + by, part.end + by, part.text, tuple(_moved(each, by) for each in part.parts))


def _complaint(source: Source, start: int, line: str, fault: _Fault) -> Diagnostic:
    """Say what is wrong with a statement, where, and what could stand there."""
    words = line.split(maxsplit=1)
    if words and words[0] not in STATEMENTS:
        at = start + line.index(words[0])
        near = did_you_mean(words[0], STATEMENTS)
        help = f"did you mean `{near}`?" if near else f"a statement begins with one of: {', '.join(STATEMENTS)}"
        return SYNTAX.at(Span(source, at, at + len(words[0])), f"{shown(words[0])} begins no statement", help=help)
    if fault.expected == {_TOO_DEEP}:
        return SYNTAX.at(Span(source, start, start + len(line.rstrip())), f"loops stand more than {MAX_DEPTH} deep")
    span = Span(source, start + fault.start, start + max(fault.end, fault.start))
    what = span.text.strip()
    message = f"{shown(what)} does not belong here" if what else "statement ends too early"
    return SYNTAX.at(span, message, help=_advice(fault.expected, what, words[0] if words else ""))


def _advice(expected: frozenset[str], found: str, statement: str) -> str | None:
    """Say what could stand where something else was found."""
    if statement == "allow" and "ON" in expected and found:
        return f"what a rule opens stands after `on`: `on {found}`"
    names = expected - {"BLANK"}
    if "__ANON_0" in names or "COLON" in names or "_NL" in names:
        names -= {"WITHIN", "EXCEPT"}
    listed = sorted({_WORDS.get(name, f"`{_literal(name)}`") for name in names})
    return f"here could stand {' or '.join(listed)}" if 0 < len(listed) <= 8 else None


def _literal(name: str) -> str:
    """Give the word that one of lark's own terminal names stands for."""
    return "->" if name.startswith("__ANON") or name == "MINUS" else name.lower()
