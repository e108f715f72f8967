"""Which containers the control plane's formatter puts on several lines."""

from __future__ import annotations

from aclc.records import NamedTuple
from aclc.syntax.hujson_cst import Array, Object, Scalar, Value, parts
from aclc.syntax.hujson_extra import Extra, extra_of

WIDTH = 80
"""A container that would make a longer line is put on several. Bytes are counted, and a tab is one."""


def length(text: str) -> int:
    """Give the number of bytes, which is what widths are counted in."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


class Size(NamedTuple):
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

    def size(self) -> Size:
        """Give what was measured."""
        first = self.ended[0] if self.ended else self.line
        return Size(first, self.line, broken=bool(self.ended), split=self.split)

    def end_line(self) -> None:
        """Begin a new line."""
        self.ended.append(self.line)
        self.line = 0

    def add(self, size: Size) -> None:
        """Put something at the end of the line."""
        self.line += size.first
        self.split |= size.split
        if size.broken:
            self.end_line()
            self.line = size.last

    def gap(self, extra: Extra) -> None:
        """Put blanks and comments at the end of the line.

        A space is counted on both sides of each run of comments. Text behind the last line end of a block comment
        counts for nothing. (So it was measured.)
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
            self.line += 1 + length(head)
            if rest or each.text.startswith("//"):
                self.end_line()
                silent = bool(rest)
        if extra.comments and self.line and not silent:
            self.line += 1
            if extra.lines:
                self.end_line()
        self.split |= len(self.ended) > ended

    def colon(self, extra: Extra) -> None:
        """Put a colon and what is after it at the end of the line."""
        self.line += len(": ")
        self.gap(extra)
        if extra.lines and not extra.comments:
            self.end_line()
            self.split = True


class Layout:
    """What was found out about the containers of a tree.

    `expanded`: those that go on several lines, by identity. `sizes`: of all values.
    """

    def __init__(self) -> None:
        self.expanded: set[int] = set()
        self.sizes: dict[int, Size] = {}

    def expands(self, node: Object | Array) -> bool:
        """Tell whether the parts of a container go on lines of their own."""
        return id(node) in self.expanded

    def splits(self, value: Value) -> bool:
        """Tell whether a value keeps its member out of a column."""
        return self.sizes[id(value.node)].split

    def measure(self, value: Value) -> Size:
        """Give the size of a value, having found out which containers in it are to be expanded."""
        size = self.sizes[id(value.node)] = self.measured(value.node)
        return size

    def measured(self, node: Scalar | Object | Array) -> Size:
        """Give the size of a node."""
        if isinstance(node, Scalar):
            own = length(node.text)
            return Size(own, own)
        inside = parts(node)
        if not inside:
            ruler = _Ruler()
            ruler.gap(extra_of(node.tail))
            return Size(ruler.ended[0], 1, broken=True) if ruler.ended else Size(2, 2)
        ruler = _Ruler()
        self.measure_parts(node, ruler)
        ruler.line += 1
        if not _has_line_end(inside, node) and max([*ruler.ended, ruler.line]) <= WIDTH:
            return ruler.size()
        self.expanded.add(id(node))
        opening = _Ruler()
        opening.gap(extra_of(inside[0].before))
        return Size(opening.size().first, 1, broken=True, split=True)

    def measure_parts(self, node: Object | Array, ruler: _Ruler) -> None:
        """Put the parts of a container on a line."""
        if isinstance(node, Array):
            for element in node.elements:
                self.measure_part(element, ruler)
                ruler.line += len(", ")
            return
        for member in node.members:
            self.measure_part(member.name, ruler)
            ruler.colon(extra_of(member.value.before))
            ruler.add(self.measure(member.value))
            ruler.gap(extra_of(member.value.after))
            ruler.line += len(", ")

    def measure_part(self, value: Value, ruler: _Ruler) -> None:
        """Put a value with the extra around it on a line."""
        ruler.gap(extra_of(value.before))
        ruler.add(self.measure(value))
        ruler.gap(extra_of(value.after))


def _has_line_end(inside: list[Value], node: Object | Array) -> bool:
    """Tell whether the author put a part of a container, or its closing bracket, on a line of its own."""
    firsts = inside if isinstance(node, Array) else inside[::2]
    if "/" in inside[-1].after and "\n" in inside[-1].after:
        return True
    return "\n" in node.tail or any("\n" in each.before for each in firsts)
