"""HuJSON as a tree that keeps every byte: what the formatter and repairs work on.

Between any two tokens there may be blanks and comments; the tree calls them extra and keeps them as they are written.
Put together in order, all texts of the tree are the source again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclc.syntax.hujson_verdict import first_refusal

_EXTRA = re.compile(r"(?:[ \t\r\n]++|//[^\n]*+\n|/\*(?s:.*?)\*/)*+")
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*+"|[-+.a-zA-Z0-9]++')


class Value:
    """A value with the extra around it, up to the next punctuation.

    `start` and `end` are the offsets of the value itself, without the extra.
    """

    __slots__ = ("after", "before", "end", "node", "start")

    def __init__(self, before: str, node: Scalar | Object | Array, after: str, start: int, end: int) -> None:
        self.before = before
        self.node = node
        self.after = after
        self.start = start
        self.end = end


class Scalar:
    """A string, number, `true`, `false` or `null`, as written."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Member:
    """A name and a value; the colon stands between `name.after` and `value.before`."""

    __slots__ = ("name", "value")

    def __init__(self, name: Value, value: Value) -> None:
        self.name = name
        self.value = value


class Object:
    """Members. `tail`: the extra before the closing brace, where nothing or a trailing comma stands before it."""

    __slots__ = ("members", "tail", "trailing_comma")

    def __init__(self) -> None:
        self.members: list[Member] = []
        self.trailing_comma = False
        self.tail = ""


class Array:
    """Elements. `tail`: the extra before the closing bracket, where nothing or a trailing comma stands before it."""

    __slots__ = ("elements", "tail", "trailing_comma")

    def __init__(self) -> None:
        self.elements: list[Value] = []
        self.trailing_comma = False
        self.tail = ""


def parse_cst(text: str) -> Value | None:
    """Give the tree of a text, None where the control plane refuses it.

    Raises:
        RecursionError: brackets nest hundreds deep; `parse_hujson` has refused such text before.
    """
    if first_refusal(text) is not None:
        return None
    return _Builder(text).value()


def written(value: Value) -> str:
    """Give the text of a tree."""
    return "".join(_pieces(value))


def parts(node: Object | Array) -> list[Value]:
    """Give the values in a container, names included."""
    if isinstance(node, Array):
        return node.elements
    return [each for member in node.members for each in (member.name, member.value)]


def is_standard(value: Value) -> bool:
    """Tell whether a tree is plain JSON: without comments and trailing commas."""
    node = value.node
    if "/" in value.before or "/" in value.after:
        return False
    if isinstance(node, Scalar):
        return True
    return not node.trailing_comma and "/" not in node.tail and all(is_standard(each) for each in parts(node))


def _pieces(value: Value) -> Iterator[str]:
    node = value.node
    yield value.before
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Object):
        yield "{"
        for index, member in enumerate(node.members):
            yield from ("," * (index > 0), *_pieces(member.name), ":")
            yield from _pieces(member.value)
        yield from ("," * node.trailing_comma, node.tail, "}")
    else:
        yield "["
        for index, element in enumerate(node.elements):
            yield "," * (index > 0)
            yield from _pieces(element)
        yield from ("," * node.trailing_comma, node.tail, "]")
    yield value.after


class _Builder:
    """Builds the tree of a text that is known to be right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def extra(self) -> str:
        """Read blanks and comments."""
        found = _EXTRA.match(self.text, self.at)
        extra = found[0] if found else ""
        self.at += len(extra)
        return extra

    def value(self) -> Value:
        """Read a value and the extra on both sides."""
        before = self.extra()
        return self.value_after(before)

    def value_after(self, before: str) -> Value:
        """Read a value whose extra has been read."""
        start = self.at
        opener = self.text[start]
        node: Scalar | Object | Array
        if opener == "{":
            node = self.object()
        elif opener == "[":
            node = self.array()
        else:
            found = _SCALAR.match(self.text, start)
            node = Scalar(found[0] if found else "")
            self.at += len(node.text)
        end = self.at
        return Value(before, node, self.extra(), start, end)

    def object(self) -> Object:
        """Read an object."""
        node = Object()
        self.at += 1
        while True:
            before = self.extra()
            if self.text[self.at] == "}":
                node.tail = before
                node.trailing_comma = bool(node.members)
                break
            name = self.value_after(before)
            self.at += 1
            node.members.append(Member(name, self.value()))
            if self.text[self.at] == "}":
                break
            self.at += 1
        self.at += 1
        return node

    def array(self) -> Array:
        """Read an array."""
        node = Array()
        self.at += 1
        while True:
            before = self.extra()
            if self.text[self.at] == "]":
                node.tail = before
                node.trailing_comma = bool(node.elements)
                break
            node.elements.append(self.value_after(before))
            if self.text[self.at] == "]":
                break
            self.at += 1
        self.at += 1
        return node
