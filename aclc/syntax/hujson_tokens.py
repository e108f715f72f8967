"""Cut HuJSON text into tokens, whatever is wrong with it.

Faults inside a token (an escape, a quote, a comment) are reported here; faults in the order of tokens by
`hujson_recover`. For text without faults the tokens are exactly those of the language.
"""

from __future__ import annotations

import re

from aclc.diagnostics import Severity
from aclc.records import NamedTuple
from aclc.syntax.hujson_document import Value
from aclc.syntax.hujson_faults import (
    BEYOND_LIMITS,
    BOM_OR_CRLF,
    HASH_COMMENT,
    INVALID_CHARACTER,
    SYNTAX_ERROR,
    TEMPLATE_MARKER,
    UNTERMINATED_STRING,
    Faults,
    shown,
)
from aclc.syntax.hujson_read import integer, number
from aclc.syntax.hujson_strings import decoded

_BLANK = re.compile(r"[ \t\r\n]++")
_LINE = re.compile(r"[^\n]*+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"')
_PLAIN = re.compile(r"[^\\\x00-\x1f\ud800-\udfff]*+")
_SINGLE_QUOTED = re.compile(r"'((?:[^'\\\n]|\\[^\n])*+)'")
_CURLY_QUOTED = re.compile(r'[“”„‟«]([^"“”„‟«»\n]*)[“”"»]')
_TEMPLATE = re.compile(
    r"(?:\$\{[^}\n]{0,200}\}|%\{[^}\n]{0,200}\}|\{\{(?![ \t]*\")[^{}\n]{0,200}\}\}|\{%[^}\n]{0,200}%\})"
    r"(?:[^\s\",{}\[\]:]|:(?=[^\s\"{}\[\]]))*"
)
_TEMPLATE_IN_STRING = re.compile(
    r'"(?:\$\{[^}\n]*\}|%\{[^}\n]*\}|\{\{[^\n]*?\}\}|[^"\\\n]|\\[^\n])*+"(?=[ \t\r\n]*[,:\]}/])'
)
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: [^\n]*)?\r?(?=\n|\Z)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][-+]?[0-9]++)?")
_BARE = r"(?:[^\s\"'{}\[\],:;=/$%\x00-\x1f]|/(?![/*])|[$%](?!\{))"
_WORD = re.compile(rf"{_BARE}++(?::++{_BARE}++)*+")
_ODD_BLANK = re.compile("[^\\S \t\r\n]|[\u200b\u200c\u200d\u2060\ufeff]")
_GOES_ON = re.compile(r'\r?\n[ \t]*[^\s"{}\[\]/#][^"\n]*"(?=[ \t]*(?:[,:\]}\r\n]|\Z))')

_MARKER = re.compile(r"\$\{|%\{|\{\{")
_LONG_LINE = 2000

_LITERALS: dict[str, Value] = {"true": True, "false": False, "null": None}
_NAMES = {"\u00a0": "no-break space", "\u200b": "zero-width space", "\ufeff": "byte order mark"}


class Token(NamedTuple):
    """A piece of text that is neither blank nor comment.

    `kind`: one of `{}[]:,;=` itself, `string`, `scalar` (number, true, false, null), `word` (bare text), `template`,
    `conflict`, `junk`, `end`. `sound`: whether `value` is beyond doubt what the text says.
    """

    kind: str
    start: int
    end: int
    value: Value = None
    sound: bool = True


class Tokens(NamedTuple):
    """All of a text. `cut`: the text ends inside a comment, so that what is missing at the end says nothing."""

    tokens: list[Token]
    comments: list[tuple[int, int]]
    cut: bool


def tokens_of(text: str, faults: Faults) -> Tokens:
    """Cut the text, adding what is wrong inside tokens to `faults`. The last token is `end`."""
    return _Scanner(text, faults).scan()


class _Scanner:
    def __init__(self, text: str, faults: Faults) -> None:
        self.text = text
        self.faults = faults
        self.tokens: list[Token] = []
        self.comments: list[tuple[int, int]] = []
        self.odd_blanks: list[int] = []
        self.cut = False
        self.conflicted = False

    def scan(self) -> Tokens:
        """Cut the whole text."""
        text = self.text
        at = 0
        if text.startswith("\ufeff"):
            self.faults.add(
                BOM_OR_CRLF,
                0,
                1,
                "file begins with a byte order mark",
                help="save it as UTF-8 without BOM",
                fix=self.faults.fix("remove the byte order mark", 0, 1, ""),
                severity=Severity.ERROR,
            )
            at = 1
        while at < len(text):
            blank = _BLANK.match(text, at)
            if blank:
                at = blank.end()
            elif text[at] == '"':
                at = self.string(at)
            elif text[at] in "{}[]:,;=" and not self.marker_at(at):
                self.tokens.append(Token(text[at], at, at + 1))
                at += 1
            else:
                at = self.other(at)
        self.report_odd_blanks()
        self.tokens.append(Token("end", len(text), len(text)))
        return Tokens(self.tokens, self.comments, self.cut)

    def marker_at(self, at: int) -> bool:
        """Tell whether a bracket or sign begins a template or conflict marker."""
        if self.text[at] == "{":
            return _TEMPLATE.match(self.text, at) is not None
        return self.text[at] == "=" and self.conflict_at(at)

    def conflict_at(self, at: int) -> bool:
        """Tell whether a line of a merge conflict begins here."""
        return (at == 0 or self.text[at - 1] == "\n") and _CONFLICT.match(self.text, at) is not None

    def other(self, at: int) -> int:
        """Read what is neither blank, string nor punctuation; give where it ends."""
        text = self.text
        if text.startswith(("//", "/*"), at):
            return self.comment(at)
        if text[at] == "#":
            return self.hash_comment(at)
        if self.conflict_at(at):
            return self.conflict(at)
        template = _TEMPLATE.match(text, at)
        if template:
            self.template(at, template.end())
            return template.end()
        quoted = (_SINGLE_QUOTED if text[at] == "'" else _CURLY_QUOTED).match(text, at)
        if quoted:
            return self.misquoted(at, quoted.end(), quoted[1])
        if _ODD_BLANK.match(text, at):
            self.odd_blanks.append(at)
            return at + 1
        word = _WORD.match(text, at)
        if word:
            self.word(at, word.end())
            return word.end()
        if text[at] == "'":
            return self.unclosed(at)
        self.stray(at)
        return at + 1

    def stray(self, at: int) -> None:
        """Report a character that means nothing."""
        character = self.text[at]
        if character < " ":
            what = f"control character U+{ord(character):04X} outside a string"
            self.faults.add(INVALID_CHARACTER, at, at + 1, what, fix=self.faults.fix("remove it", at, at + 1, ""))
        else:
            self.faults.add(SYNTAX_ERROR, at, at + 1, f"{shown(character)} means nothing here")
        self.tokens.append(Token("junk", at, at + 1, sound=False))

    def report_odd_blanks(self) -> None:
        """Report all blanks that JSON does not know as one finding."""
        if not self.odd_blanks:
            return
        at = self.odd_blanks[0]
        character = self.text[at]
        name = _NAMES.get(character, "blank character")
        self.faults.add(
            INVALID_CHARACTER,
            at,
            at + 1,
            f"{name} U+{ord(character):04X} outside a string",
            help="only space, tab, carriage return and line feed may stand between values",
            fix=self.faults.fixes("make it a space", [(each, each + 1, " ") for each in self.odd_blanks]),
        )

    def comment(self, at: int) -> int:
        """Read a comment; give where it ends."""
        text = self.text
        line = text[at + 1] == "/"
        end = text.find("\n" if line else "*/", at + 2)
        if end < 0:
            end = len(text)
            if line:
                self.faults.add(
                    SYNTAX_ERROR,
                    at,
                    end,
                    "comment on the last line has no line end",
                    help="the control plane refuses a `//` comment that runs to the end of the file",
                    fix=self.faults.fix("end the line", end, end, "\n"),
                )
            else:
                self.cut = True
                self.faults.add(SYNTAX_ERROR, at, at + 2, "comment is never closed", help="close it with `*/`")
        elif not line:
            end += 2
        self.comments.append((at, end))
        for found in re.finditer("[\udc80-\udcff]+", text[at:end]):
            start = at + found.start()
            self.faults.add(INVALID_CHARACTER, start, at + found.end(), "comment holds bytes that are not UTF-8")
        for found in re.finditer("[\u2028\u2029]", text[at:end] if line else ""):
            start = at + found.start()
            self.faults.add(
                INVALID_CHARACTER,
                start,
                start + 1,
                f"line comment holds the separator U+{ord(found[0]):04X}",
                help="the control plane refuses it, since to some readers it ends the line; write a space",
                fix=self.faults.fix("make it a space", start, start + 1, " "),
            )
        return end

    def hash_comment(self, at: int) -> int:
        """Read a comment of another language."""
        end = self.end_of_line(at)
        marks = len(self.text[at:end]) - len(self.text[at:end].lstrip("#"))
        edits = [(at, at + marks, "//")]
        if end == len(self.text):
            edits.append((end, end, "\n"))
        self.faults.add(
            HASH_COMMENT,
            at,
            end,
            "`#` does not begin a comment",
            help="comments begin with `//`",
            fix=self.faults.fixes("write `//`", edits),
        )
        self.comments.append((at, end))
        return end

    def conflict(self, at: int) -> int:
        """Read a marker of a merge conflict, with the other side of it; give where the next line begins."""
        end = self.end_of_line(at)
        if not self.conflicted:
            self.conflicted = True
            hint = "keep one side and remove the markers"
            self.faults.add(SYNTAX_ERROR, at, end, "merge conflict is not resolved", help=hint)
            self.tokens.append(Token("conflict", at, end))
        elif self.text[at] in "=|":
            close = self.text.find("\n>>>>>>>", end)
            end = end if close < 0 else self.end_of_line(close + 1)
        return end

    def template(self, start: int, end: int) -> None:
        """Report a marker outside strings."""
        self.faults.add(
            TEMPLATE_MARKER,
            start,
            end,
            f"template marker {shown(self.text[start:end])} is no JSON",
            help="this file is a template: render it, and check the result",
            severity=Severity.ERROR,
        )
        self.tokens.append(Token("template", start, end, sound=False))

    def misquoted(self, start: int, end: int, content: str) -> int:
        """Read a string in other quotes than JSON's."""
        sound = "\\" not in content and '"' not in content and _PLAIN.fullmatch(content) is not None
        self.faults.add(
            SYNTAX_ERROR,
            start,
            end,
            f"string {shown(self.text[start:end])} is not in double quotes",
            help='only `"` quotes a string',
            fix=self.faults.fix("use double quotes", start, end, f'"{content}"') if sound else None,
        )
        self.tokens.append(Token("string", start, end, content, sound))
        return end

    def word(self, start: int, end: int) -> None:
        """Take bare text: a number, `true`, `false`, `null`, or what should be in quotes."""
        text = self.text[start:end]
        if text in _LITERALS:
            self.tokens.append(Token("scalar", start, end, _LITERALS[text]))
            return
        found = _NUMBER.fullmatch(text)
        if not found:
            self.tokens.append(Token("word", start, end, text, sound=False))
            return
        try:
            value: Value = integer(text) if found[1] is None and found[2] is None else number(text)
        except ValueError:
            self.faults.add(BEYOND_LIMITS, start, end, f"number {shown(text)} is too large")
            self.tokens.append(Token("scalar", start, end, sound=False))
        else:
            self.tokens.append(Token("scalar", start, end, value))

    def string(self, start: int) -> int:
        """Read a string; give where it ends."""
        found = _STRING.match(self.text, start)
        if found is None:
            return self.unclosed(start)
        end = found.end()
        if _PLAIN.fullmatch(self.text, start + 1, end - 1) and not self.suspicious(end):
            self.tokens.append(Token("string", start, end, self.text[start + 1 : end - 1]))
            return end
        if self.suspicious(end):
            marked = _MARKER.search(self.text, start, end) and _TEMPLATE_IN_STRING.match(self.text, start)
            if marked and marked.end() > end:
                self.template(start, marked.end())
                return marked.end()
            line_end = self.text.find("\n", end, end + _LONG_LINE)
            if self.text.count('"', end, end + _LONG_LINE if line_end < 0 else line_end) % 2 == 1:
                return self.left_open(start, end)
        value, sound = decoded(self.text, start + 1, end - 1, self.faults)
        self.tokens.append(Token("string", start, end, value, sound))
        return end

    def suspicious(self, end: int) -> bool:
        """Tell whether what follows a string cannot follow it, so that the quote may be the wrong one."""
        follower = self.text[end : end + 1]
        return bool(follower) and follower not in ' \t\r\n,:]}/#;="'

    def left_open(self, start: int, end: int) -> int:
        """Read a string that ran on to the opening quote of the next; give where it should have ended."""
        content = self.text[start + 1 : end - 1]
        before = content.rstrip(" \t[{")
        cut = bool(before) and before[-1] in ":,"
        close = start + 1 + len(before[:-1].rstrip(" \t")) if cut else end - 1
        self.report_unclosed(start, close)
        self.tokens.append(Token("string", start, close, sound=False))
        return close if cut else end

    def unclosed(self, start: int) -> int:
        """Read a string whose closing quote is not on its line; give where to go on."""
        text = self.text
        line_end = self.end_of_line(start)
        more = _GOES_ON.match(text, line_end)
        if more and text[start] == '"':
            what = "string runs over the end of the line"
            hint = r"write the line end as `\n`, or join the lines"
            self.faults.add(UNTERMINATED_STRING, start, line_end, what, help=hint)
            self.tokens.append(Token("string", start, more.end(), sound=False))
            return more.end()
        comment = text.find(" //", start, line_end)
        content = text[start + 1 : line_end if comment < 0 else comment]
        close = start + 1 + len(content.rstrip("]}[{,: \t\r"))
        self.report_unclosed(start, close)
        if close > start + 1:
            self.tokens.append(Token("string", start, close, sound=False))
        return close

    def report_unclosed(self, start: int, close: int) -> None:
        """Report a string without closing quote at its opening one."""
        what, hint, fix = "quote opens no string", "remove it", None
        if close > start + 1:
            what, hint = f"string {shown(self.text[start:close])} has no closing quote", 'close it with `"`'
            if self.text[start] == '"':
                fix = self.faults.guess("close the string", close, close, '"')
        self.faults.add(UNTERMINATED_STRING, start, close, what, help=hint, fix=fix)

    def end_of_line(self, at: int) -> int:
        """Give where the line at `at` ends, without its line end."""
        found = _LINE.match(self.text, at)
        end = found.end() if found else len(self.text)
        return end - 1 if end > at and self.text[end - 1] == "\r" else end
