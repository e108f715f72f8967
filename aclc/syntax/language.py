"""The aclc language as a tree: what `grammar/aclc.lark` says, with the place of every part. Lark's own types stay
here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, ClassVar, NamedTuple

from aclc.diagnostics import Code, Diagnostic, Outcome, Severity, did_you_mean, shown
from aclc.source import Source, Span
from aclc.syntax.grammar_files import grammar_text

SYNTAX = Code("LNG001", "language-syntax", Severity.ERROR)

MAX_SIZE = 8 * 1024 * 1024
MAX_DEPTH = 64
"""Brackets within brackets; beyond that a file is refused."""

STATEMENTS = (
    "group", "tag", "host", "ipset", "posture", "default", "service", "allow", "acl", "ssh", "approve", "attr", "test",
    "sshtest", "option", "raw",
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
}


# Promises stand among the statements; `aclc.reach.property_file` reads them.
_PROMISE = re.compile(r"^(?:assert|assume)[ \t][^\n]*", re.MULTILINE)


class Part(NamedTuple):
    """A part of a statement: a rule of the grammar with its parts, or a word (`kind` is `name` or `text`, no parts).

    `text`: of a word, what it says, quotes and escapes gone; of anything else, empty. `start`, `end`: in the source.
    """

    kind: str
    start: int
    end: int
    text: str
    parts: tuple[Part, ...]

    def all(self, kind: str) -> Iterator[Part]:
        """Give the direct parts of a kind."""
        return (part for part in self.parts if part.kind == kind)

    def first(self, kind: str) -> Part | None:
        """Give the first direct part of a kind, None where there is none."""
        return next(self.all(kind), None)


def parse_language(source: Source) -> Outcome[tuple[Part, ...]]:
    """Give the statements of a text in order, and everything that is wrong with its form.

    A statement that cannot be read is left out and reported; the others are given all the same. Never raises, for any
    text.
    """
    text = _PROMISE.sub(lambda match: " " * len(match.group()), source.text)
    if len(text) > MAX_SIZE:
        span = Span(source, 0, 0)
        return Outcome((), (SYNTAX.at(span, f"file is larger than {MAX_SIZE // 1024 // 1024} MB"),))
    lines = list(_statements(text))
    if all(_depth(line) <= MAX_DEPTH for _, line in lines):
        found = _parse(text)
        if not isinstance(found, _Fault):
            return Outcome(tuple(found), ())
    statements: list[Part] = []
    diagnostics: list[Diagnostic] = []
    for start, line in lines:
        if _depth(line) > MAX_DEPTH:
            span = Span(source, start, start + len(line))
            diagnostics.append(SYNTAX.at(span, f"brackets stand more than {MAX_DEPTH} deep"))
            continue
        found = _parse(line)
        if isinstance(found, _Fault):
            diagnostics.append(_complaint(source, start, line, found))
        else:
            statements += (_moved(part, start) for part in found)
    return Outcome(tuple(statements), tuple(diagnostics))


def _offset(at: int | None) -> int:
    return at or 0


class _Fault(NamedTuple):
    """Where a text stops being a statement. `expected`: names of what could have stood there."""

    start: int
    end: int
    expected: frozenset[str]


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text into its statements: (start, text). Lines inside brackets and lines that begin with a blank belong to
    the statement before; a bracket that is never closed ends at the next line that begins with a statement's word."""
    start = at = depth = 0
    for line in text.splitlines(keepends=True):
        begins = bool(line.strip()) and line[0] not in " \t\r\n}])"
        word = line.split(maxsplit=1)[0] if begins else ""
        if begins and at > start and (depth <= 0 or word in STATEMENTS):
            yield start, text[start:at]
            start, depth = at, 0
        depth += _balance(line)
        at += len(line)
    if text[start:].strip():
        yield start, text[start:]


def _balance(line: str) -> int:
    """Give how many brackets a line opens more than it closes, strings and comments left out."""
    depth = 0
    quoted = False
    at = 0
    while at < len(line):
        character = line[at]
        if quoted:
            at += character == "\\"
            quoted = character != '"'
        elif character == '"':
            quoted = True
        elif character == "#" or line.startswith("//", at):
            break
        else:
            depth += (character in "{[") - (character in "}]")
        at += 1
    return depth


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        depth += (character in "{[") - (character in "}]")
        deepest = max(deepest, depth)
    return deepest


def _parse(text: str) -> list[Part] | _Fault:
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

    try:
        tree = _parser().parse(text if text.endswith("\n") else text + "\n")
    except UnexpectedToken as error:
        start = error.token.start_pos if error.token.start_pos is not None else len(text)
        end = error.token.end_pos if error.token.end_pos is not None else start
        return _Fault(min(start, len(text)), min(max(end, start), len(text)), frozenset(error.accepts))
    except UnexpectedCharacters as error:
        at = min(_offset(error.pos_in_stream), len(text))
        return _Fault(at, min(at + 1, len(text)), frozenset(error.allowed or ()))
    except UnexpectedEOF as error:
        return _Fault(len(text), len(text), frozenset(error.expected))
    return [_part(child) for child in tree.children]


@cache
def _parser() -> Any:
    """Give the parser; building it takes about 0.15 s, so once."""
    from lark import Lark

    class JoinLines:
        """Takes away line ends inside brackets and before lines that begin with a blank."""

        always_accept: ClassVar[tuple[str, ...]] = ("_NL",)

        def process(self, stream: Iterable[Any]) -> Iterator[Any]:
            depth, held = 0, None
            for token in stream:
                if token.type == "_NL":
                    held = held or token
                    continue
                if held is not None:
                    if depth <= 0 and token.column == 1:
                        yield held
                    held = None
                depth += (token.type in {"LBRACE", "LSQB"}) - (token.type in {"RBRACE", "RSQB"})
                yield token
            if held is not None:
                yield held

    return Lark(
        grammar_text("aclc.lark"),
        parser="lalr",
        propagate_positions=True,
        maybe_placeholders=False,
        postlex=JoinLines(),
    )


def _part(node: Any) -> Part:
    """Give a tree of lark as a part. Depth is bounded by `MAX_DEPTH`."""
    if hasattr(node, "data"):
        meta = node.meta
        parts = tuple(_part(child) for child in node.children)
        start = getattr(meta, "start_pos", 0) if not meta.empty else 0
        end = getattr(meta, "end_pos", 0) if not meta.empty else 0
        return Part(str(node.data), start, end, "", parts)
    text = str(node)
    if node.type == "STRING":
        return Part("text", node.start_pos, node.end_pos, _unquoted(text), ())
    return Part("name", node.start_pos, node.end_pos, text, ())


def _unquoted(text: str) -> str:
    import json

    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]


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
    span = Span(source, start + fault.start, start + max(fault.end, fault.start))
    expected = sorted(
        {_WORDS.get(name, f"`{_literal(name)}`") for name in fault.expected if name not in {"BLANK", "COMMENT"}}
    )
    what = shown(span.text.strip()) if span.text.strip() else "the end of the line"
    advice = f"here could stand {' or '.join(expected)}" if 0 < len(expected) <= 8 else None
    return SYNTAX.at(span, f"{what} does not belong here", help=advice)


def _literal(name: str) -> str:
    """Give the word that one of lark's own terminal names stands for."""
    return "->" if name.startswith("__ANON") or name == "MINUS" else name.lower()
