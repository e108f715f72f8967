"""HuJSON in the one form that the control plane's formatter gives it, byte for byte.

Most of the layout is the author's: a container that has a line end inside stays on several lines, one that has none stays on one
line while it fits into 80 columns; single blank lines between members stay; so do comments, where they are. The
formatter decides blanks, indentation (one tab), trailing commas, the form of strings, and puts the values of neighbouring one-line
members into one column.

What it does was measured on tailscale/hujson (of 2026-07) and holds for each of the corpus's files.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from aclc.syntax.hujson_cst import Array, Object, Scalar, Value, parse_cst

WIDTH = 80
"""A container that would make a line longer is put on several lines."""

_COMMENT = re.compile(r"//[^\n]*+|/\*(?s:.*?)\*/")
_HALF = re.compile("[\ud800-\udfff]")


def format_hujson(text: str) -> str | None:
    """Give the text as the control plane's formatter writes it; None where it refuses the text.

    Formatting twice gives the same as formatting once. Plain JSON stays plain JSON: trailing commas are put only into text that
    has comments or trailing commas already. Bytes that are not UTF-8 become U+FFFD. Cost: about 1 MB/s.
    """
    tree = parse_cst(text)
    if tree is None:
        return None
    return _Formatter(is_standard(tree)).text(tree)


class _Comment(NamedTuple):
    """A comment and how many line ends stand between it and what is before it."""

    lines: int
    text: str


class _Extra(NamedTuple):
    """Blanks and comments between two tokens; `lines`: how many line ends stand after the last comment."""

    comments: tuple[_Comment, ...]
    lines: int

    @property
    def broken(self) -> bool:
        """Whether there is a line end anywhere."""
        return self.lines > 0 or any(each.lines or "\n" in each.text for each in self.comments)


def _extra(text: str) -> _Extra:
    """Take blanks and comments apart."""
    comments: list[_Comment] = []
    at = 0
    for found in _COMMENT.finditer(text):
        comments.append(_Comment(text.count("\n", at, found.start()), found[0]))
        at = found.end()
    return _Extra(tuple(comments), text.count("\n", at))


def _comment(text: str, indent: str) -> str:
    """Give a comment with its further lines indented; the indentation that they share is taken away first.

    A last line that only ends the comment goes below its start. Lines that all begin with a star keep a space before it.
    """
    head, *lines = [line.rstrip() for line in text.split("\n")]
    if lines and lines[-1].lstrip() == "*/":
        lines[-1] = ""
    shared = os.path.commonprefix([line[: len(line) - len(line.lstrip())] for line in lines if line])
    lines = [line[len(shared) :] for line in lines]
    if lines and not lines[-1]:
        lines[-1] = "*/"
    star = " " if all(line.startswith("*") for line in lines) else ""
    return "\n".join((head, *(indent + star + line if line else "" for line in lines)))


def _written(extra: _Extra, indent: str, last_indent: str) -> str:
    """Give blanks and comments, those at line starts indented; `last_indent` is for what follows."""
    pieces: list[str] = []
    for lines, text in extra.comments:
        pieces.append(_gap(lines, indent))
        pieces.append(_comment(text, indent))
    pieces.append(_gap(extra.lines, last_indent) if extra.comments or extra.lines else "")
    return "".join(pieces)


def _gap(lines: int, indent: str) -> str:
    """Give a gap: a space, a line end or a blank line."""
    return "\n" * min(lines, 2) + indent if lines else " "


def _literal(text: str) -> str:
    """Give a scalar in its shortest form: in strings only those escapes that must be."""
    if not text.startswith('"') or "\\" not in text:
        return text
    return json.dumps(_HALF.sub("\ufffd", json.loads(text)), ensure_ascii=False)


def is_standard(value: Value) -> bool:
    """Tell whether a tree has neither comments nor trailing commas."""
    node = value.node
    if "/" in value.before or "/" in value.after:
        return False
    if isinstance(node, Scalar):
        return True
    if node.trailing_comma or "/" in node.tail:
        return False
    return all(is_standard(each) for each in _parts(node))


def _parts(node: Object | Array) -> Iterator[Value]:
    """Give the values in a container, names included."""
    if isinstance(node, Array):
        yield from node.elements
    else:
        for member in node.members:
            yield member.name
            yield member.value


def _length(text: str) -> int:
    """Give the number of bytes, which is what widths are counted in."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def _has_line_end(parts: list[Value], node: Object | Array) -> bool:
    """Tell whether the author put a part of a container, or its closing bracket, on a line of its own."""
    firsts = parts if isinstance(node, Array) else parts[::2]
    if "/" in parts[-1].after and "\n" in parts[-1].after:
        return True
    return "\n" in node.tail or any("\n" in each.before for each in firsts)


class _Size(NamedTuple):
    """How long the first and the last line of something are: the same where it is one line.

    `broken`: whether it is not; `split`: whether for another reason than a comment in an empty container.
    """

    first: int
    last: int
    broken: bool = False
    split: bool = False


class _Ruler:
    """Measures the lines of a container that has no line end of its own."""

    def __init__(self) -> None:
        self.ended: list[int] = []  # lengths of the lines before the last one
        self.line = 1  # of the last one, with the opening bracket
        self.split = False

    def size(self) -> _Size:
        """Give what was measured."""
        first = self.ended[0] if self.ended else self.line
        return _Size(first, self.line, broken=bool(self.ended), split=self.split)

    def end_line(self) -> None:
        """Begin a new line."""
        self.ended.append(self.line)
        self.line = 0

    def add(self, size: _Size) -> None:
        """Put something at the end of the line."""
        self.line += size.first
        self.split |= size.split
        if size.broken:
            self.end_line()
            self.line = size.last

    def extra(self, extra: _Extra) -> None:
        """Put blanks and comments at the end of the line.

        A space is counted on both sides of each run of comments. Text behind the last line end of a block comment counts
        for nothing. (So it was measured.)
        """
        ended = len(self.ended)
        silent = False
        for each in extra.comments:
            if each.lines:
                if self.line:
                    self.end_line()
                silent = False
            if silent:
                continue
            head, *rest = each.text.split("\n")
            self.line += 1 + _length(head)
            if rest or each.text.startswith("//"):
                self.end_line()
                silent = bool(rest)
        if extra.comments and self.line and not silent:
            self.line += 1
            if extra.lines:
                self.end_line()
        self.split |= len(self.ended) > ended

    def colon(self, extra: _Extra) -> None:
        """Put a colon and what is after it at the end of the line."""
        self.line += len(": ")
        self.extra(extra)
        if extra.lines and not extra.comments:
            self.end_line()
            self.split = True


class _Formatter:
    """Formats one tree; `standard`: whether it is to stay plain JSON."""

    def __init__(self, standard: bool) -> None:  # noqa: FBT001
        self.standard = standard
        self.expanded: set[int] = set()
        self.sized: dict[int, _Size] = {}

    def text(self, tree: Value) -> str:
        """Give the text of the whole tree."""
        self.measure(tree)
        before = _written(_extra(tree.before), "", "").lstrip("\n ")
        value = self.value(tree, 0)
        after = _written(_extra(tree.after), "", "")
        return before + value + after.rstrip("\n ") + "\n"

    # Which containers are put on several lines

    def measure(self, value: Value) -> _Size:
        """Give the size of a value, having found out which containers in it are to be expanded."""
        size = self.sized[id(value.node)] = self.measured(value.node)
        return size

    def measured(self, node: Scalar | Object | Array) -> _Size:
        """Give the size of a node."""
        if isinstance(node, Scalar):
            node.text = _literal(node.text)
            length = _length(node.text)
            return _Size(length, length)
        parts = list(_parts(node))
        if not parts:
            ruler = _Ruler()
            ruler.extra(_extra(node.tail))
            return _Size(ruler.ended[0], 1, broken=True) if ruler.ended else _Size(2, 2)
        if not node.trailing_comma:  # what stands after the last part is treated as if a comma stood before it
            node.tail, parts[-1].after = parts[-1].after, ""
        ruler = _Ruler()
        self.measure_parts(node, ruler)
        ruler.line += 1
        if not _has_line_end(parts, node) and max([*ruler.ended, ruler.line]) <= WIDTH:
            return ruler.size()
        self.expanded.add(id(node))
        opening = _Ruler()
        opening.extra(_extra(parts[0].before))
        return _Size(opening.size().first, 1, broken=True, split=True)

    def measure_parts(self, node: Object | Array, ruler: _Ruler) -> None:
        """Put the parts of a container on a line."""
        if isinstance(node, Array):
            for element in node.elements:
                self.measure_part(element, ruler)
                ruler.line += len(", ")
            return
        for member in node.members:
            self.measure_part(member.name, ruler)
            ruler.colon(_extra(member.value.before))
            ruler.add(self.measure(member.value))
            ruler.extra(_extra(member.value.after))
            ruler.line += len(", ")

    def measure_part(self, value: Value, ruler: _Ruler) -> None:
        """Put a value with the extra around it on a line."""
        ruler.extra(_extra(value.before))
        ruler.add(self.measure(value))
        ruler.extra(_extra(value.after))

    # Text

    def value(self, value: Value, depth: int) -> str:
        """Give the text of a value without the extra around it; `depth`: how far its closing bracket is indented."""
        node = value.node
        if isinstance(node, Scalar):
            return node.text
        opener, closer = "{}" if isinstance(node, Object) else "[]"
        expanded = id(node) in self.expanded
        rows = self.elements(node, depth) if isinstance(node, Array) else self.members(node, depth)
        comma = (expanded and not self.standard) or self.divides(node)
        return opener + ",".join(rows) + "," * bool(rows and comma) + self.tail(node, depth) + closer

    def divides(self, node: Object | Array) -> bool:
        """Tell whether a trailing comma stands between comments, so that it cannot go."""
        return "/" in node.tail and any("/" in each.after for each in list(_parts(node))[-1:])

    def tail(self, node: Object | Array, depth: int) -> str:
        """Give what stands between the last part, or its comma, and the closing bracket."""
        extra = _extra(node.tail)
        indent = "\t" * depth
        if not extra.comments:
            return "\n" + indent if id(node) in self.expanded else ""
        if id(node) in self.expanded or extra.broken:
            extra = extra._replace(lines=1)
        if not list(_parts(node)):
            extra = _tight(extra)
        return _written(extra, indent + "\t", indent)

    def lead(self, value: Value, index: int, node: Object | Array, depth: int) -> str:
        """Give what stands before a part of a container, after the comma before it."""
        extra = _extra(value.before)
        indent = "\t" * (depth + 1)
        if index == 0:
            extra = _tight(extra)
        if id(node) not in self.expanded:
            return _written(extra, indent, indent) or " " * (index > 0)
        if extra.broken:
            return _written(extra, indent, indent)
        if not extra.comments:
            return "\n" + indent
        first = extra.comments[0]._replace(lines=1)
        return _written(extra._replace(comments=(first, *extra.comments[1:])), indent, indent)

    def elements(self, node: Array, depth: int) -> list[str]:
        """Give the elements of an array, each with what is before and after it."""
        inner = depth + (id(node) in self.expanded)
        return [
            self.lead(element, index, node, depth) + self.value(element, inner) + self.trail(element, depth)
            for index, element in enumerate(node.elements)
        ]

    def trail(self, value: Value, depth: int) -> str:
        """Give what stands between a part and the comma or colon after it."""
        extra = _extra(value.after)
        indent = "\t" * (depth + 2)
        return _written(_tight(extra)._replace(lines=min(extra.lines, 1)), indent, indent) if extra.comments else ""

    def members(self, node: Object, depth: int) -> list[str]:
        """Give the members of an object, each with what is before and after it, values in columns."""
        inner = depth + (id(node) in self.expanded)
        rows: list[_Row] = []
        for index, member in enumerate(node.members):
            extra = _extra(member.value.before)
            indent = "\t" * (depth + 2)
            if extra.comments:
                extra = extra._replace(
                    lines=min(extra.lines, 1),
                    comments=(extra.comments[0]._replace(lines=min(extra.comments[0].lines, 1)), *extra.comments[1:]),
                )
                colon = _written(extra, indent, indent)
            else:
                colon = "\n" + indent if extra.lines else " "
            label = self.value(member.name, 0) + self.trail(member.name, depth) + ":" + colon
            deeper = inner + ("\n" in label)
            trail = self.trail(member.value, depth)
            row = _Row(self.lead(member.name, index, node, depth), label, self.value(member.value, deeper) + trail)
            one_line = "\n" not in label + trail and not self.sized[id(member.value.node)].split
            rows.append(row._replace(one_line=one_line))
        return _aligned(rows) if id(node) in self.expanded else [row.lead + row.label + row.value for row in rows]


class _Row(NamedTuple):
    """A member: what is before it, name and colon, value; `one_line`: whether it may be aligned."""

    lead: str
    label: str
    value: str
    one_line: bool = False


def _aligned(rows: list[_Row]) -> list[str]:
    """Give the rows with the values of neighbouring one-line rows in one column."""
    texts: list[str] = []
    group: list[_Row] = []
    for row in rows:
        if group and (not row.one_line or row.lead.count("\n") > 1):
            texts += _columns(group)
            group = []
        if row.one_line:
            group.append(row)
        else:
            texts.append(row.lead + row.label + row.value)
    return texts + _columns(group)


def _columns(group: list[_Row]) -> list[str]:
    """Give the rows of a group with their values in one column."""
    widths = [_length(row.label) for row in group]
    width = max(widths, default=0)
    return [row.lead + row.label + " " * (width - own) + row.value for row, own in zip(group, widths, strict=True)]


def _tight(extra: _Extra) -> _Extra:
    """Take away the blank line at the start."""
    if extra.comments:
        first = extra.comments[0]
        return extra._replace(comments=(first._replace(lines=min(first.lines, 1)), *extra.comments[1:]))
    return extra._replace(lines=min(extra.lines, 1))
