"""The aclc language in one layout: what `aclc fmt` writes for `.aclc` files.

A statement stands on one line where it fits, else each of its clauses has a line of its own. Comments stay where they
are, and so do blank lines, one at a time. Nothing is put into columns: a changed line changes no other line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from aclc.records import NamedTuple
from aclc.source import Source
from aclc.syntax.language import laid_out, parse_language
from aclc.syntax.language_part import Part

WIDTH = 100
"""Characters that a line may have, unless it is a single word."""

_INDENT = "    "

_TOKEN = re.compile(
    r"""
    (?P<comment>(?:\#|//)[^\n]*)
    | (?P<end>\n)
    | (?P<word>"(?:[^"\\\n]|\\.)*" | -> | -[0-9][0-9.eE+-]*
        | [^\s"\#,;:=(){}\[\]|\->](?:(?!->)[^\s"\#,;={}\[\]|])*(?<!:))
    | (?P<mark>[^\s])
    """,
    re.VERBOSE,
)

_CLAUSES = frozenset({
    "->", "on", "via", "app", "when", "until", "because", "owner", "as", "every", "env", "recorded", "proto", "with",
    "owned", "owns", "from", "within", "except",
})  # fmt: skip
"""Words before which a statement that is too long goes to the next line. As a name such a word breaks a line as well:
that looks odd and means the same."""

_OPEN, _CLOSE = "{[", "}]"


class _Token(NamedTuple):
    """A word, a mark or a comment. `line`: the number of its line within the statement."""

    text: str
    line: int
    is_comment: bool = False


def format_language(text: str) -> str | None:
    """Give a text of the aclc language in its one layout; None where it has errors of form.

    Formatting twice gives the same as formatting once. Line ends become line feeds, `//` becomes `#`. Cost: linear.
    """
    if parse_language(Source("policy.aclc", text)).failed:
        return None
    lines: list[str] = []
    at = 0
    for line in laid_out(text)[0].split("\n"):
        written = text[at : at + len(line)]
        at += len(line) + 1
        if line.strip():
            lines += _statement(list(_tokens(written)))
        elif written.strip():
            lines.append(_comment(written.strip()))
        elif lines and lines[-1]:
            lines.append("")
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n" if lines else ""


def same_statements(before: str, after: str) -> bool:
    """Tell whether two texts have the same statements, word for word, and the same comments in the same order."""
    found = [
        [token for line in _lines(text) for token in _tokens(line) if not token.is_comment] for text in (before, after)
    ]
    comments = [[_comment(token.text) for token in _tokens(text) if token.is_comment] for text in (before, after)]
    trees = [_bare(parse_language(Source("policy.aclc", text)).value or ()) for text in (before, after)]
    words = [[token.text for token in _without_last_commas(each)] for each in found]
    return words[0] == words[1] and comments[0] == comments[1] and trees[0] == trees[1]


def _lines(text: str) -> list[str]:
    return laid_out(text)[0].split("\n")


def _bare(parts: Iterable[Part]) -> list[object]:
    """Give parts without their places. A promise is one part of many words: blanks between them do not count."""
    return [
        (part.kind, part.text if part.kind == "text" else [each.text for each in _tokens(part.text)], _bare(part.parts))
        for part in parts
    ]


def _tokens(text: str) -> Iterator[_Token]:
    line = 0
    for match in _TOKEN.finditer(text):
        if match["end"] is not None:
            line += 1
        else:
            yield _Token(match.group().rstrip(), line, match["comment"] is not None)


def _without_last_commas(tokens: Sequence[_Token]) -> list[_Token]:
    """Leave out commas before a closing bracket."""
    following = ""
    kept: list[_Token] = []
    for token in reversed(tokens):
        if not (token.text == "," and following in {"}", "]"}):
            kept.append(token)
        following = following if token.is_comment else token.text
    return kept[::-1]


def _comment(text: str) -> str:
    """Give a comment with the mark `#`.

    >>> _comment("//why"), _comment("#  why"), _comment("#")
    ('# why', '#  why', '#')
    """
    said = text.removeprefix("//") if text.startswith("//") else text[1:]
    said = said.rstrip()
    return f"#{said}" if not said or said[0] in " \t#!" else f"# {said}"


def _statement(tokens: Sequence[_Token]) -> list[str]:
    tokens = _without_last_commas(tokens)
    words = [token for token in tokens if not token.is_comment]
    last = words[-1]
    ending = [_comment(token.text) for token in tokens if token.is_comment and token.line == last.line]
    inside = [token for token in tokens if token.is_comment and token.line != last.line]
    if inside:
        return _as_broken(tokens)
    line = _joined(words)
    lines = [line] if len(line) <= WIDTH else list(_broken(words))
    return [*lines[:-1], "  ".join([lines[-1], *ending])]


def _as_broken(tokens: Sequence[_Token]) -> list[str]:
    """Give a statement that has comments inside: its lines end where they ended."""
    lines: list[str] = []
    depth = 0
    for number in sorted({token.line for token in tokens}):
        words = [token for token in tokens if token.line == number and not token.is_comment]
        comments = [_comment(token.text) for token in tokens if token.line == number and token.is_comment]
        shut = 1 if words and words[0].text in _CLOSE else 0
        indent = _INDENT * (1 + depth - shut) if lines else ""
        lines.append(indent + "  ".join([*([_joined(words)] if words else []), *comments]))
        depth += sum(word.text in _OPEN for word in words) - sum(word.text in _CLOSE for word in words)
    return lines


def _broken(words: Sequence[_Token]) -> Iterator[str]:
    """Give a statement on several lines: one for each clause, and a clause that is too long on several."""
    clauses: list[list[_Token]] = [[]]
    depth = 0
    for word in words:
        if depth == 0 and clauses[-1] and (word.text in _CLAUSES or clauses[-1][-1].text == ";"):
            clauses.append([])
        clauses[-1].append(word)
        depth += (word.text in _OPEN) - (word.text in _CLOSE)
    for number, clause in enumerate(clauses):
        indent = _INDENT if number else ""
        line = indent + _joined(clause)
        if len(line) <= WIDTH:
            yield line
        elif any(word.text in _OPEN for word in clause):
            yield from _nested(clause, indent)
        else:
            yield from _filled(clause, indent)


def _filled(clause: Sequence[_Token], indent: str) -> Iterator[str]:
    """Give a clause without brackets on as few lines as can be; they end behind commas."""
    line: list[_Token] = []
    for piece in _pieces(clause):
        if line and len(indent + _joined([*line, *piece])) > WIDTH:
            yield indent + _joined(line)
            indent = 2 * _INDENT
            line = []
        line += piece
    yield indent + _joined(line)


def _nested(words: Sequence[_Token], indent: str) -> Iterator[str]:
    """Give words with JSON among them: what fits stays on the line, else what is in the brackets has lines of its own,
    further in."""
    line: list[_Token] = []
    for piece in _pieces(words):
        if line and len(indent + _joined([*line, *piece])) > WIDTH and not any(word.text in _OPEN for word in piece):
            yield indent + _joined(line)
            indent = 2 * _INDENT
            line = []
        at = 0
        while at < len(piece):
            end = _closing(piece, at)
            comma = [word for word in piece[end + 1 : end + 2] if word.text == ","]
            if end == at or len(indent + _joined([*line, *piece[at : end + 1], *comma])) <= WIDTH:
                line += piece[at : end + 1]
            else:
                first, last = at, end
                while piece[first + 1].text in _OPEN and _closing(piece, first + 1) == last - 1:
                    first, last = first + 1, last - 1
                yield indent + _joined([*line, *piece[at : first + 1]])
                yield from _listed(piece[first + 1 : last], indent + _INDENT)
                line = list(piece[last : end + 1])
            at = end + 1
    if line:
        yield indent + _joined(line)


def _listed(words: Sequence[_Token], indent: str) -> Iterator[str]:
    """Give what is in brackets: members of objects, and entries with brackets, on lines of their own, others on few."""
    line: list[_Token] = []
    for piece in _pieces(words):
        is_plain = not any(word.text in {*_OPEN, ":"} for word in piece)
        if line and (not is_plain or len(indent + _joined([*line, *piece])) > WIDTH):
            yield indent + _joined(line)
            line = []
        if is_plain:
            line += piece
        else:
            yield from _nested(piece, indent)
    if line:
        yield indent + _joined(line)


def _pieces(words: Sequence[_Token]) -> list[list[_Token]]:
    """Cut words behind the commas that stand outside of brackets."""
    pieces: list[list[_Token]] = [[]]
    depth = 0
    for word, after in pairwise([*words, _Token("", 0)]):
        pieces[-1].append(word)
        depth += (word.text in _OPEN) - (word.text in _CLOSE)
        if word.text == "," and depth == 0 and after.text:
            pieces.append([])
    return pieces


def _closing(words: Sequence[_Token], at: int) -> int:
    """Give where the bracket that opens at a word closes; the word itself where none does."""
    depth = 0
    for number in range(at, len(words)):
        depth += (words[number].text in _OPEN) - (words[number].text in _CLOSE)
        if depth == 0:
            return number
    return len(words) - 1


def _joined(words: Sequence[_Token]) -> str:
    """Give words with one blank between them, none inside brackets and before a comma, semicolon or colon."""
    pieces: list[str] = []
    for number, word in enumerate(words):
        before = words[number - 1].text if number else ""
        is_tight = not number or word.text in {",", ";", ":", "}", "]"} or before in {"{", "["}
        pieces.append(word.text if is_tight else f" {word.text}")
    return "".join(pieces)
