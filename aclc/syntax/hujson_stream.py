"""The tokens of a HuJSON text as a reader goes through them, and the faults that concern brackets and commas."""

from __future__ import annotations

import re

from aclc.source import Path
from aclc.syntax.hujson_faults import BRACE_IN_COMMENT, SYNTAX_ERROR, Faults, shown
from aclc.syntax.hujson_tokens import Token, Tokens

PAIR = {"{": "}", "[": "]", "}": "{", "]": "["}

_BRACKET = re.compile(r"[\[\]{}]")
_INDENT = re.compile(r"[ \t]*+")


class Stream:
    """Tokens, the place among them, what is open there, and what was lost so far."""

    def __init__(self, scanned: Tokens, faults: Faults) -> None:
        self.tokens, self.comments, self.cut = scanned
        self.faults = faults
        self.text = faults.source.text
        self.at = 0
        self.open: list[Token] = []
        self.path: list[str | int] = []
        self.broken: dict[Path, None] = {}
        self.suspect: tuple[Token, Token, Path] | None = None
        self.ended = False
        self.unclosed = sum((each.kind == "{") - (each.kind == "}") for each in self.tokens)

    def kind(self, ahead: int = 0) -> str:
        """Give the kind of the next token, or of one after it."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)].kind

    def peek(self) -> Token:
        """Give the next token."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Give the next token and go on; the last one, `end`, stays."""
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def skip(self, kind: str) -> None:
        """Go on if the next token is of this kind."""
        if self.kind() == kind:
            self.take()

    def end(self) -> int:
        """Give where the last token ended."""
        return self.tokens[self.at - 1].end if self.at else 0

    def comma_taken(self) -> bool:
        """Tell whether the last token was a comma, as after a container that lacks its closing bracket."""
        return self.at > 0 and self.tokens[self.at - 1].kind == ","

    def member_at(self, ahead: int = 0) -> bool:
        """Tell whether a name and a colon come next."""
        return self.kind(ahead) in {"string", "word", "scalar"} and self.kind(ahead + 1) in {":", "="}

    def same_line(self, start: int, end: int) -> bool:
        """Tell whether no line ends between two offsets."""
        return self.text.find("\n", start, end) < 0

    def written(self, token: Token) -> str:
        """Give a token's text for a message."""
        return shown(self.text[token.start : token.end])

    def lose(self) -> None:
        """Mark the container at hand: something in it was dropped or guessed."""
        self.broken[tuple(self.path)] = None

    def around(self, levels: int = 1) -> str:
        """Give the bracket that is open so many levels outside the innermost one, or nothing."""
        return self.open[-1 - levels].kind if len(self.open) > levels else ""

    def wrong(self, token: Token, message: str, help: str | None = None) -> None:
        """Report a token as a syntax error."""
        self.faults.add(SYNTAX_ERROR, token.start, token.end, message, help=help)

    def closed(self, opener: Token, closer: Token) -> None:
        """Take note of a pair of brackets; the first pair whose indentation disagrees is suspect."""
        if self.suspect is None and self.text.count("\n", opener.start, closer.start):
            inner, outer = self.indent(opener), self.indent(closer)
            if len(outer) < len(inner) and self.first_on_line(closer):
                self.suspect = opener, closer, tuple(self.path)

    def indent(self, token: Token) -> str:
        """Give the blanks at the start of a token's line."""
        found = _INDENT.match(self.text, self.text.rfind("\n", 0, token.start) + 1)
        return found[0] if found else ""

    def is_outdented(self, token: Token) -> bool:
        """Tell whether a member shows by its indentation that the object at hand should have ended before it: where the
        text lacks a closing brace, it stands on a line of its own, no deeper than the line that opened the object, and
        another object is around."""
        opener = self.open[-1]
        return (
            self.unclosed > 0
            and self.around() == "{"
            and opener.start != opener.end
            and not self.same_line(opener.start, token.start)
            and self.first_on_line(token)
            and len(self.indent(token)) <= len(self.indent(opener))
        )

    def first_on_line(self, token: Token) -> bool:
        """Tell whether only blanks stand before a token on its line."""
        return not self.text[self.text.rfind("\n", 0, token.start) + 1 : token.start].strip(" \t")

    def missing_comma(self) -> None:
        """Report that a comma should follow the last token."""
        at = self.end()
        fix = self.faults.fix("insert the comma", at, at, ",")
        self.faults.add(SYNTAX_ERROR, at, at, f"missing comma before {self.written(self.peek())}", fix=fix)

    def extra_comma(self, comma: Token) -> None:
        """Report a comma with nothing before it."""
        fix = self.faults.fix("remove the comma", comma.start, comma.end, "")
        self.faults.add(SYNTAX_ERROR, comma.start, comma.end, "comma with nothing before it", fix=fix)

    def stray(self, closer: Token, since: int) -> None:
        """Report a closing bracket that closes nothing; its opener may be in a comment after `since`."""
        swallowed = self.in_comments(PAIR[closer.kind], since, closer.start)
        if swallowed is None:
            opener = "" if not self.open else f"`{self.open[-1].kind}` is open here"
            self.wrong(closer, f"`{closer.kind}` closes nothing", help=opener or "remove it")
        else:
            self.faults.add(
                BRACE_IN_COMMENT,
                swallowed,
                swallowed + 1,
                f"this `{PAIR[closer.kind]}` is inside a comment and opens nothing",
                help="take it out of the comment, or put its counterpart into one",
                note=(closer.start, closer.end, "this would close it"),
            )

    def never_closed(self, opener: Token, noticed: Token) -> None:
        """Report a bracket without a counterpart, `noticed` being the token that shows it."""
        at_end = noticed.kind == "end"
        self.unclosed -= opener.kind == "{"
        if opener.start == opener.end and at_end and not self.path:
            return  # members without outer braces: reported, and nothing is lost
        self.lose()
        if at_end:
            self.broken[()] = None
        if opener.start == opener.end or (at_end and (self.ended or self.cut)):
            return
        self.ended = at_end
        note = None if at_end else (noticed.start, noticed.end, "it should be closed before this")
        if at_end:
            swallowed = self.in_comments(PAIR[opener.kind], opener.end, noticed.start)
            if swallowed is not None:
                self.faults.add(
                    BRACE_IN_COMMENT,
                    swallowed,
                    swallowed + 1,
                    f"this `{PAIR[opener.kind]}` is inside a comment and closes nothing",
                    help="put it on a line of its own",
                    note=(opener.start, opener.end, "so this is never closed"),
                )
                return
            if self.suspect is not None:
                opener, closer, path = self.suspect
                self.broken[path] = None
                note = (closer.start, closer.end, "by its indentation, this was to close something further out")
        hint = f"add `{PAIR[opener.kind]}` where it should end"
        self.faults.add(
            SYNTAX_ERROR, opener.start, opener.end, f"`{opener.kind}` is never closed", help=hint, note=note
        )

    def in_comments(self, bracket: str, start: int, end: int) -> int | None:
        """Give a bracket inside the comments between two offsets that has no counterpart there.

        Of opening ones the last, of closing ones the first.
        """
        opened: list[tuple[str, int]] = []
        for comment in self.comments:
            if comment[0] < start or comment[1] > end:
                continue
            for found in _BRACKET.finditer(self.text, *comment):
                if found[0] in "{[":
                    opened.append((found[0], found.start()))
                elif opened and opened[-1][0] == PAIR[found[0]]:
                    opened.pop()
                elif found[0] == bracket:
                    return found.start()
        return next((at for kind, at in reversed(opened) if kind == bracket), None)
