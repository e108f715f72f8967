"""Read the values of HuJSON from tokens, guessing on where the text is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclc.records import NamedTuple
from aclc.syntax.hujson_document import MAX_DEPTH, Child, Value, merge_duplicates
from aclc.syntax.hujson_faults import BEYOND_LIMITS, SYNTAX_ERROR, Faults, shown
from aclc.syntax.hujson_stream import Stream
from aclc.syntax.hujson_tokens import Token, Tokens

_NUMBER_LIKE = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]*)?|0[xX][0-9a-fA-F]+|-?(?:NaN|Infinity)")

VALUES = frozenset(("string", "scalar", "{", "["))


class Node(NamedTuple):
    """A value that was read. `sound`: whether it may be used; `clear`: whether it is plain where it ends."""

    value: Value
    start: int
    end: int
    sound: bool
    clear: bool = True


class _Items(NamedTuple):
    """What was read of a container."""

    pairs: list[tuple[str, Value]]
    values: list[Value]
    children: list[Child]


class Values(Stream):
    """Reads values; `children` is where everything stands, by the start of its container."""

    def __init__(self, scanned: Tokens, faults: Faults) -> None:
        super().__init__(scanned, faults)
        self.children: dict[int, Sequence[Child]] = {}

    def value(self) -> Node:
        """Read the value that begins here."""
        token = self.take()
        if token.kind in "{[":
            if len(self.open) >= MAX_DEPTH:
                return self.too_deep(token)
            return self.container(token)
        return Node(token.value, token.start, token.end, token.sound, token.sound or token.kind == "scalar")

    def drop_value(self) -> None:
        """Read a value that has no place, for the errors in it."""
        broken = dict(self.broken)
        self.value()
        self.broken = broken
        self.lose()

    def too_deep(self, opener: Token) -> Node:
        """Drop a value that is nested too deep."""
        what = f"brackets nest more than {MAX_DEPTH} deep"
        self.faults.add(BEYOND_LIMITS, opener.start, opener.end, what)
        depth = 1
        while depth and self.kind() != "end":
            kind = self.take().kind
            depth += (kind in "{[") - (kind in "}]")
        return Node(None, opener.start, self.end(), sound=False)

    def container(self, opener: Token) -> Node:
        """Read an object or array whose bracket was just taken; one without extent is one that the text lacks."""
        items = _Items([], [], [])
        self.open.append(opener)
        if opener.kind == "{":
            self.members(opener, items)
        else:
            self.elements(opener, items)
        self.open.pop()
        self.children[opener.start] = tuple(items.children)
        value: Value = merge_duplicates(items.pairs) if opener.kind == "{" else items.values
        return Node(value, opener.start, max(opener.end, self.end()), sound=True)

    # Objects

    def members(self, opener: Token, items: _Items) -> None:
        """Read members up to and with the closing brace, or up to where the object must have ended."""
        separated = True  # whether a member may come here
        while True:
            token = self.peek()
            if token.kind == "}":
                self.closed(opener, self.take())
                return
            if token.kind == "end" or (token.kind in {"]", "{"} and self.around() == "["):
                self.never_closed(opener, token)
                return
            if self.member_at() and self.is_outdented(token):
                self.never_closed(opener, token)
                return
            if token.kind in {"string", "scalar"} or (token.kind == "word" and self.member_at()):
                separated = self.member(items) if separated or self.comma_missing() else True
            else:
                self.odd_in_object(token)
                separated = True

    def comma_missing(self) -> bool:
        """Report what is wrong when a member's value is followed by a string; tell whether that is a name."""
        if self.member_at():
            self.missing_comma()
            return True
        token = self.take()
        self.wrong(token, f"{self.written(token)} stands where `,` or `}}` is expected")
        self.lose()
        self.skip(",")
        return False

    def member(self, items: _Items) -> bool:
        """Read a member; tell whether another may follow without a comma."""
        name = self.take()
        key = self.key(name)
        if not self.colon(name):
            self.lose()
            self.skip(",")
            return True
        token = self.peek()
        if token.kind in VALUES and not (self.member_at() and not self.same_line(name.start, token.start)):
            self.path.append(name.start if key is None else key)
            node = self.value()
            self.path.pop()
            if key is not None and node.sound:
                items.pairs.append((key, node.value))
                items.children.append(Child(key, name.start, name.end, node.start, node.end))
            else:
                self.lose()
            return self.after_member() or not node.clear
        self.lose()
        if token.kind == "word":
            self.bare_text()
        elif token.kind in {"template", "junk"}:
            self.take()
        elif not (self.cut and token.kind == "end"):
            self.faults.add(SYNTAX_ERROR, name.start, self.end(), f"member {self.written(name)} has no value")
        self.after_member()
        return True

    def key(self, name: Token) -> str | None:
        """Give the key that a token says, None where that is in doubt."""
        if name.kind == "string":
            return name.value if name.sound and isinstance(name.value, str) else None
        text = self.text[name.start : name.end]
        fix = self.faults.fix("quote the name", name.start, name.end, f'"{text}"') if "\\" not in text else None
        what = f"name {shown(text)} is not in quotes"
        if self.kind() in {":", "="}:
            self.faults.add(SYNTAX_ERROR, name.start, name.end, what, fix=fix)
        return text if fix else None

    def colon(self, name: Token) -> bool:
        """Read the colon after a name; tell whether a value is to follow."""
        token = self.peek()
        if token.kind == ":":
            self.take()
            while self.kind() == ":":
                self.wrong(self.take(), "one `:` too many")
            return True
        if token.kind == "=":
            self.take()
            fix = self.faults.fix("write `:`", token.start, token.end, ":")
            self.faults.add(SYNTAX_ERROR, token.start, token.end, "`=` stands where `:` is expected", fix=fix)
            return True
        if name.kind == "string" and not name.sound:
            return False
        if token.kind in VALUES and not self.member_at() and self.same_line(name.end, token.start):
            fix = self.faults.fix("insert the colon", name.end, name.end, ":")
            self.faults.add(SYNTAX_ERROR, name.end, name.end, f"missing `:` after {self.written(name)}", fix=fix)
            return True
        if not (self.cut and token.kind == "end"):
            self.wrong(name, f"{self.written(name)} has no value", help='a member is written `"name": value`')
        return False

    def after_member(self) -> bool:
        """Read what separates members; tell whether anything did."""
        if self.comma_taken():
            return True
        token = self.peek()
        if token.kind == ",":
            self.take()
            return True
        if token.kind not in {":", ";", "="}:
            return False
        self.take()
        what = f"`{token.kind}` stands where `,` is expected"
        if token.kind == ";" or self.member_at() or self.kind() in {"}", "{"}:
            fix = self.faults.guess("write `,`", token.start, token.end, ",")
            self.faults.add(SYNTAX_ERROR, token.start, token.end, what, fix=fix)
        else:
            self.wrong(token, what)
            self.lose()
            if self.kind() in VALUES:
                self.drop_value()
            self.skip(",")
        return True

    def odd_in_object(self, token: Token) -> None:
        """Report and drop what cannot stand where a name should."""
        if token.kind in {"{", "["}:
            empty = self.kind(1) == "}"
            hint = "remove it" if empty else 'give it a name, as in `"name": …`, or remove a bracket too many before it'
            self.wrong(token, f"`{token.kind}` stands where a name is expected", help=hint)
            self.drop_value()
            self.skip(",")
        elif token.kind == "word" and ":" in str(token.value):
            self.bare_member()
        elif token.kind == "word":
            self.bare_text()
        elif token.kind == ",":
            self.extra_comma(self.take())
        elif token.kind == "]":
            self.stray(self.take(), self.open[-1].start if self.open else 0)
            self.lose()
            self.skip(",")
        else:
            self.odd(self.take())

    def bare_member(self) -> None:
        """Report a name and a value run together without quotes, as in `a:b`."""
        token = self.take()
        name = str(token.value).partition(":")[0]
        end = token.start + len(name)
        fix = self.faults.guess("quote the name", token.start, end, f'"{name}"')
        self.faults.add(SYNTAX_ERROR, token.start, end, f"name {shown(name)} is not in quotes", fix=fix)
        self.lose()
        self.after_member()

    def odd(self, token: Token) -> None:
        """Drop a sign, a template marker or junk, with the value that it may have been the name of."""
        if token.kind in {":", ";", "="}:
            self.wrong(token, f"`{token.kind}` has nothing before it")
        if token.kind == "conflict":
            self.broken[()] = None
        self.lose()
        if self.kind() == ":":
            token = self.take()
        if token.kind == ":" and self.kind() in VALUES and not self.member_at():
            self.drop_value()
        self.skip(",")

    # Arrays

    def elements(self, opener: Token, items: _Items) -> None:
        """Read elements up to and with the closing bracket, or up to where the array must have ended."""
        separated = True
        while True:
            token = self.peek()
            if token.kind == "]":
                self.closed(opener, self.take())
                return
            if token.kind == "end":
                self.never_closed(opener, token)
                return
            if token.kind == "}":
                if self.brace_ends_array(opener, token, items):
                    return
                separated = True
            elif self.member_at():
                if self.member_ends_array(token, items):
                    self.never_closed(opener, token)
                    return
                separated = self.without_brace(token, items)
            elif token.kind in VALUES:
                if not separated:
                    self.missing_comma()
                separated = self.element(items)
            else:
                self.odd_in_array(token)
                separated = True

    def element(self, items: _Items) -> bool:
        """Read an element; tell whether another may follow without a comma."""
        self.path.append(len(items.values))
        node = self.value()
        self.path.pop()
        if node.sound:
            items.values.append(node.value)
            items.children.append(Child(None, node.start, node.end, node.start, node.end))
        else:
            self.lose()
        return self.after_element() or not node.clear

    def after_element(self) -> bool:
        """Read what separates elements; tell whether anything did."""
        if self.comma_taken():
            return True
        token = self.peek()
        if token.kind in {";", ":"} and self.open[-1].kind == "[":
            self.take()
            fix = self.faults.guess("write `,`", token.start, token.end, ",")
            what = f"`{token.kind}` stands where `,` is expected"
            self.faults.add(SYNTAX_ERROR, token.start, token.end, what, fix=fix)
            return True
        self.skip(",")
        return token.kind == ","

    def brace_ends_array(self, opener: Token, brace: Token, items: _Items) -> bool:
        """Find out what a `}` in an array means, and report it; tell whether the array ends with it."""
        outside, further = self.around(1), self.around(2)
        comma = self.kind(1) == ","
        nested = bool(items.values) and isinstance(items.values[-1], dict | list)
        follower = self.kind(2 if comma else 1)
        wrong = False
        if outside != "{":
            ends = False
        elif comma and self.member_at(2):
            ends, wrong = True, further != "{"
        elif comma and follower in {"}", "]", "end"}:
            ends, wrong = True, not further and follower == "}"
        elif comma or follower == "]":
            ends = further == "[" and not nested
        else:
            ends = True
        if wrong:
            self.take()
            fix = self.faults.guess("write `]`", brace.start, brace.end, "]")
            note = (opener.start, opener.end, "this is open")
            what = "`}` stands where `]` is expected"
            self.faults.add(SYNTAX_ERROR, brace.start, brace.end, what, fix=fix, note=note)
        elif ends:
            self.never_closed(opener, brace)
        else:
            self.stray(self.take(), opener.start)
            self.lose()
            self.skip(",")
        return ends

    def member_ends_array(self, token: Token, items: _Items) -> bool:
        """Tell whether a member in an array shows that the array should have ended, not that a brace is missing."""
        if "{" not in (each.kind for each in self.open[:-1]) or not items.values:
            return False
        last = items.values[-1]
        return not (isinstance(last, dict) and token.value in last)

    def without_brace(self, token: Token, items: _Items) -> bool:
        """Read members whose opening brace is missing; tell whether a comma follows."""
        self.faults.add(
            SYNTAX_ERROR,
            token.start,
            token.end,
            f"missing `{{` before {self.written(token)}",
            help="an array holds values; a member belongs into an object",
        )
        self.lose()
        self.path.append(len(items.values))
        node = self.container(Token("{", token.start, token.start))
        self.path.pop()
        items.values.append(node.value)
        items.children.append(Child(None, node.start, node.end, node.start, node.end))
        return self.after_element()

    def odd_in_array(self, token: Token) -> None:
        """Report and drop what cannot stand where an element should."""
        if token.kind == "word":
            self.bare_text()
            self.skip(",")
        elif token.kind == ",":
            self.extra_comma(self.take())
        else:
            self.odd(self.take())

    # Both

    def bare_text(self) -> None:
        """Report words without quotes; several in a row are a comment without its mark."""
        first = last = self.take()
        while self.kind() in {"word", "scalar"} and self.same_line(last.end, self.peek().start):
            last = self.take()
        text = shown(self.text[first.start : last.end])
        if first is not last:
            hint = "begin a comment with `//`"
            alone = self.kind() == "end" or not self.same_line(last.end, self.peek().start)
            fix = self.faults.guess("make it a comment", first.start, first.start, "// ") if alone else None
            what = f"{text} is neither value nor comment"
            self.faults.add(SYNTAX_ERROR, first.start, last.end, what, help=hint, fix=fix)
            return
        self.lose()
        if _NUMBER_LIKE.fullmatch(self.text, first.start, first.end):
            hint = "a number has no leading zero or plus sign, and digits on both sides of a point"
            self.wrong(first, f"{text} is no number of JSON", help=hint)
            return
        word = str(first.value)
        plain = {"true": "true", "false": "false", "null": "null", "none": "null"}.get(word.lower(), f'"{word}"')
        guess = self.faults.guess(f"write `{plain}`", first.start, first.end, plain) if "\\" not in word else None
        self.faults.add(SYNTAX_ERROR, first.start, first.end, f"{text} is not in quotes", fix=guess)
