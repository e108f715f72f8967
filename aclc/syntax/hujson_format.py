"""HuJSON in the one form that the control plane's formatter gives it, byte for byte.

Most of the layout is the author's: a container that has a line end inside stays on several lines, one that has none
stays on one line while it fits; single blank lines between members stay; so do comments, where they are. The formatter
decides blanks, indentation (one tab), trailing commas, the form of strings, and puts the values of neighbouring
one-line members into one column.

What it does was measured on tailscale/hujson (of 2026-07) and holds for each of the corpus's files.
"""

from __future__ import annotations

import json
import re

from aclc.records import NamedTuple
from aclc.syntax.hujson_cst import Array, Object, Scalar, Value, is_standard, parse_cst, parts
from aclc.syntax.hujson_extra import extra_of
from aclc.syntax.hujson_layout import Layout, length

_HALF = re.compile("[\ud800-\udfff]")


def format_hujson(text: str) -> str | None:
    """Give the text as the control plane's formatter writes it; None where it refuses the text.

    Formatting twice gives the same as formatting once. Plain JSON stays plain JSON: trailing commas are put only into
    text that has comments or trailing commas already. Line ends become line feeds. Cost: about 1 MB/s.
    """
    tree = parse_cst(text)
    if tree is None:
        return None
    commas = not is_standard(tree)
    _normalise(tree)
    layout = Layout()
    layout.measure(tree)
    return _Writer(layout, "," * commas).text(tree)


def _normalise(value: Value) -> None:
    """Give strings their shortest form, and move what stands after a last part behind the comma that it may get."""
    node = value.node
    if isinstance(node, Scalar):
        node.text = _literal(node.text)
        return
    inside = parts(node)
    for each in inside:
        _normalise(each)
    if inside and not node.trailing_comma:
        node.tail, inside[-1].after = inside[-1].after, ""


def _literal(text: str) -> str:
    """Give a scalar in its shortest form: in strings only those escapes that must be."""
    if not text.startswith('"') or "\\" not in text:
        return text
    return json.dumps(_HALF.sub("\ufffd", json.loads(text)), ensure_ascii=False)


class _Writer:
    """Writes a tree; `comma`: what stands after the last part of an expanded container."""

    def __init__(self, layout: Layout, comma: str) -> None:
        self.layout = layout
        self.comma = comma

    def text(self, tree: Value) -> str:
        """Give the text of the whole tree."""
        before = extra_of(tree.before).written("", "").lstrip("\n ")
        after = extra_of(tree.after).written("", "").rstrip("\n ")
        return before + self.value(tree, 0) + after + "\n"

    def value(self, value: Value, depth: int) -> str:
        """Give the text of a value without the extra around it; `depth`: how far its closing bracket is indented."""
        node = value.node
        if isinstance(node, Scalar):
            return node.text
        opener, closer = "{}" if isinstance(node, Object) else "[]"
        rows = self.elements(node, depth) if isinstance(node, Array) else self.members(node, depth)
        return opener + ",".join(rows) + self.last_comma(node) + self.tail(node, depth) + closer

    def last_comma(self, node: Object | Array) -> str:
        """Give the trailing comma; on one line it goes, but where it stands between comments."""
        if self.layout.expands(node):
            return self.comma
        between = "/" in node.tail and any("/" in each.after for each in parts(node)[-1:])
        return "," * between

    def tail(self, node: Object | Array, depth: int) -> str:
        """Give what stands between the last part, or its comma, and the closing bracket."""
        extra = extra_of(node.tail)
        indent = "\t" * depth
        if not extra.comments:
            return "\n" + indent if self.layout.expands(node) else ""
        if self.layout.expands(node) or extra.broken:
            extra = extra.ending(1)
        return (extra if parts(node) else extra.tight).written(indent + "\t", indent)

    def elements(self, node: Array, depth: int) -> list[str]:
        """Give the elements of an array, each with what is before and after it."""
        inner = depth + self.layout.expands(node)
        return [
            self.lead(element, index, node, depth) + self.value(element, inner) + self.trail(element, depth)
            for index, element in enumerate(node.elements)
        ]

    def members(self, node: Object, depth: int) -> list[str]:
        """Give the members of an object, each with what is before and after it, values in columns."""
        inner = depth + self.layout.expands(node)
        rows: list[_Row] = []
        for index, member in enumerate(node.members):
            name = self.value(member.name, 0) + self.trail(member.name, depth)
            label = name + ":" + self.after_colon(member.value, depth)
            trail = self.trail(member.value, depth)
            rows.append(
                _Row(
                    self.lead(member.name, index, node, depth),
                    label,
                    self.value(member.value, inner + ("\n" in label)) + trail,
                    one_line="\n" not in label + trail and not self.layout.splits(member.value),
                )
            )
        return _aligned(rows) if self.layout.expands(node) else [row.text for row in rows]

    # Extra: what stands in a container is indented once, what goes on on a further line twice.

    def lead(self, value: Value, index: int, node: Object | Array, depth: int) -> str:
        """Give what stands before part number `index` of a container, after the comma before it."""
        extra = extra_of(value.before)
        indent = "\t" * (depth + 1)
        if index == 0:
            extra = extra.tight
        if not self.layout.expands(node):
            return extra.written(indent, indent) or " " * (index > 0)
        if not extra.broken:
            extra = extra.starting(1) if extra.comments else extra.ending(1)
        return extra.written(indent, indent)

    def trail(self, value: Value, depth: int) -> str:
        """Give what stands between a part and the comma or colon after it."""
        extra = extra_of(value.after)
        indent = "\t" * (depth + 2)
        return extra.tight.ending(min(extra.lines, 1)).written(indent, indent) if extra.comments else ""

    def after_colon(self, value: Value, depth: int) -> str:
        """Give what stands between a colon and the value after it."""
        extra = extra_of(value.before)
        indent = "\t" * (depth + 2)
        return extra.tight.ending(min(extra.lines, 1)).written(indent, indent) or " "


class _Row(NamedTuple):
    """A member: what is before it, name and colon, value; `one_line`: whether it may be aligned."""

    lead: str
    label: str
    value: str
    one_line: bool

    @property
    def text(self) -> str:
        """The whole."""
        return self.lead + self.label + self.value


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
            texts.append(row.text)
    return texts + _columns(group)


def _columns(group: list[_Row]) -> list[str]:
    """Give the rows of a group with their values in one column."""
    widths = [length(row.label) for row in group]
    width = max(widths, default=0)
    return [row.lead + row.label + " " * (width - own) + row.value for row, own in zip(group, widths, strict=True)]
