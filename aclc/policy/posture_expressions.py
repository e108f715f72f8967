"""Posture conditions: `node:os == 'linux'`, `node:tsVersion >= '1.40'`, `ip:country IN ['NL']`, `custom:tier IS SET`.

Whether the attribute exists and takes this operator is not asked here. Grammar: reference §7.3.
"""

from __future__ import annotations

import re

from aclc.diagnostics import shown
from aclc.policy.model import PostureCondition
from aclc.records import NamedTuple

Value = str | bool | int | float

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
OPERATORS = (*COMPARISONS, "IN", "NOT IN", "IS SET", "NOT SET")

_BLANK = re.compile(r"[ \t\r\n]*")
_ATTRIBUTE = re.compile(r"[A-Za-z][\w.\-]*(?::[\w.\-/]+)+")
_SYMBOL = re.compile(r"[=!<>~]+")
_WORD = re.compile(r"[^\s'\"\[\],=!<>]+")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?\Z")


class PostureFault(NamedTuple):
    """What is wrong with a condition: the words for it, advice, and where in the text."""

    message: str
    help: str | None
    start: int
    end: int


def parse_condition(text: str) -> PostureCondition | PostureFault:
    """Read one condition; the first thing wrong is given where it cannot be read."""
    return _Reader(text).condition()


class _Reader:
    """Reads a condition from left to right; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def condition(self) -> PostureCondition | PostureFault:
        self._skip()
        attribute = _ATTRIBUTE.match(self.text, self.at)
        if attribute is None:
            return self._fault(
                "condition must begin with an attribute such as `node:os`", "write ATTRIBUTE OPERATOR VALUE"
            )
        self.at = attribute.end()
        operator = self._operator()
        if isinstance(operator, PostureFault):
            return operator
        values: tuple[Value, ...] | PostureFault = ()
        if operator in ("IN", "NOT IN"):
            values = self._list()
        elif operator in COMPARISONS:
            value = self._value()
            values = value if isinstance(value, PostureFault) else (value,)
        if isinstance(values, PostureFault):
            return values
        self._skip()
        if self.at < len(self.text):
            return self._fault(
                f"{shown(self._next())} follows a complete condition",
                "give each condition its own string; all of them must hold",
            )
        return PostureCondition(self.text, attribute.group(), operator, values)

    def _operator(self) -> str | PostureFault:
        self._skip()
        symbol = _SYMBOL.match(self.text, self.at)
        if symbol is not None:
            operator = symbol.group()
            if operator not in COMPARISONS:
                return self._fault(
                    f"{shown(operator)} is not an operator",
                    "for equality write `==`" if operator in ("=", "===") else _OPERATOR_HELP,
                    len(operator),
                )
            self.at = symbol.end()
            return operator
        start = self.at
        word = self._word()
        if not word:
            return self._fault("condition has no operator", _OPERATOR_HELP)
        # Documentation has them in upper case, but policies in use have `is set`.
        operator = word.upper()
        if operator in ("NOT", "IS"):
            operator = f"{operator} {self._word().upper()}"
        if operator in OPERATORS:
            return operator
        written = self.text[start : self.at]
        self.at = start
        return self._fault(f"{shown(written)} is not an operator", _OPERATOR_HELP, len(written))

    def _list(self) -> tuple[Value, ...] | PostureFault:
        self._skip()
        if not self._take("["):
            return self._fault("`IN` needs a list in square brackets", "write `IN ['a', 'b']`")
        values: list[Value] = []
        self._skip()
        if self._take("]"):
            return ()
        while True:
            value = self._value()
            if isinstance(value, PostureFault):
                return value
            values.append(value)
            self._skip()
            if self._take("]"):
                return tuple(values)
            if not self._take(","):
                return self._fault("list is not closed", "separate values by commas and end with `]`")

    def _value(self) -> Value | PostureFault:
        self._skip()
        if self._take("'"):
            end = self.text.find("'", self.at)
            if end < 0:
                self.at -= 1
                return self._fault("string is not closed", "end it with a single quote", len(self.text) - self.at)
            value, self.at = self.text[self.at : end], end + 1
            return value
        found = _WORD.match(self.text, self.at)
        if found is None:
            advice = "strings stand in single quotes" if self.text[self.at : self.at + 1] == '"' else None
            return self._fault("value is missing" if advice is None else "double quotes are not allowed here", advice)
        word = found.group()
        if word in ("true", "false"):
            self.at = found.end()
            return word == "true"
        if _NUMBER.match(word):
            self.at = found.end()
            return float(word) if "." in word else int(word)
        return self._fault(
            f"{shown(word)} is not a value", f"strings stand in single quotes: `'{word[:40]}'`", len(word)
        )

    def _word(self) -> str:
        self._skip()
        found = _WORD.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def _take(self, character: str) -> bool:
        if self.text.startswith(character, self.at):
            self.at += 1
            return True
        return False

    def _skip(self) -> None:
        blank = _BLANK.match(self.text, self.at)
        assert blank is not None  # the pattern matches the empty string
        self.at = blank.end()

    def _next(self) -> str:
        return self.text[self.at :].split()[0]

    def _fault(self, message: str, advice: str | None, length: int | None = None) -> PostureFault:
        end = self.at + (max(1, len(self.text) - self.at) if length is None else length)
        return PostureFault(message, advice, self.at, min(end, len(self.text)))


_OPERATOR_HELP = "operators: " + ", ".join(f"`{operator}`" for operator in OPERATORS)
