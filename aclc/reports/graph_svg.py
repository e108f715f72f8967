"""A picture of access as SVG, drawn by ourselves: boxes, pills for services, curves. Light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from aclc.reach.graph.space import View
from aclc.reach.pictures.layout import Layout, Placed, Size, Wire, lay_out
from aclc.reach.pictures.picture import Flow, Kind, Picture
from aclc.records import NamedTuple
from aclc.reports.graph_labels import SIGNS, box_lines, flow_label, flow_title
from aclc.reports.safe_text import columns, printable

FONT_SIZE = 13
CHARACTER = 7.9
"""Width of a character of a monospaced font of that size; texts are stretched to what was reckoned with."""

LINE_HEIGHT = 18
PADDING = 10
MARGIN = 16
NOTE_HEIGHT = 26
SMALLEST = 0.75
"""Part of its size to which a picture is shrunk to fit a page."""

_COLORS = {
    "paper": ("#fff", "#0d1117"),
    "ink": ("#1f2328", "#e6edf3"),
    "soft": ("#59636e", "#9198a1"),
    "line": ("#8c959f", "#7d8590"),
    "people": ("#ddf4ff", "#0c2d4d"),
    "people-line": ("#0969da", "#4493f8"),
    "machines": ("#fff8c5", "#3a2d09"),
    "machines-line": ("#9a6700", "#d29922"),
    "network": ("#f6f0ff", "#2b1f47"),
    "network-line": ("#8250df", "#ab7df8"),
    "anyone": ("#ffebe9", "#4b1113"),
    "anyone-line": ("#cf222e", "#f85149"),
    "pill": ("#f6f8fa", "#161b22"),
    "gained": ("#1a7f37", "#3fb950"),
    "gained-pill": ("#dafbe1", "#0f2e19"),
    "lost": ("#cf222e", "#f85149"),
    "lost-pill": ("#ffebe9", "#3d1214"),
}
"""What is drawn in which colour, in the light and in the dark."""

_SHAPES = """
.aclc text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
.aclc rect.box{stroke-width:1.5}
.aclc .copy rect.box{stroke-dasharray:5 3}
.aclc .pill.gained rect{stroke-width:1.5}
.aclc .pill.lost rect{stroke-width:1.5;stroke-dasharray:5 3}
.aclc .pill.gained text,.aclc .pill.lost text{font-weight:600}
.aclc path{fill:none;stroke-width:1.25}
.aclc path.gained{stroke-width:2}
.aclc path.lost{stroke-width:2;stroke-dasharray:5 3}
.aclc path.head{stroke:none}
"""
_PAINT = """
.aclc .paper{fill:$paper}
.aclc text{fill:$ink}
.aclc .more,.aclc .note{fill:$soft}
.aclc rect.box{fill:$pill;stroke:$line}
.aclc .people rect.box,.aclc .own rect.box{fill:$people;stroke:$people-line}
.aclc .machines rect.box,.aclc .node rect.box{fill:$machines;stroke:$machines-line}
.aclc .network rect.box{fill:$network;stroke:$network-line}
.aclc .anyone rect.box,.aclc .internet rect.box{fill:$anyone;stroke:$anyone-line}
.aclc .pill rect{fill:$pill;stroke:$line}
.aclc .pill.gained rect{fill:$gained-pill;stroke:$gained}
.aclc .pill.lost rect{fill:$lost-pill;stroke:$lost}
.aclc .pill.gained text{fill:$gained}
.aclc .pill.lost text{fill:$lost}
.aclc path{stroke:$line}
.aclc path.gained{stroke:$gained}
.aclc path.lost{stroke:$lost}
.aclc path.head{fill:$line;stroke:none}
.aclc path.head.gained{fill:$gained}
.aclc path.head.lost{fill:$lost}
"""


def _painted(which: int) -> str:
    return re.sub(r"\$([a-z-]+)", lambda match: _COLORS[match[1]][which], _PAINT)


# WHY no variables of CSS: editors and converters that know none would draw all in black.
STYLE = f"{_SHAPES}{_painted(0)}@media (prefers-color-scheme:dark){{{_painted(1)}}}\n"

_LEGEND: dict[Kind, str] = {
    "people": "people",
    "machines": "machines",
    "node": "machines",
    "network": "networks",
    "internet": "the internet",
    "anyone": "anyone",
}
REPEATED = "dashed: drawn elsewhere too, all of it or a part"
SWATCH = 14


def svg(
    picture: Picture,
    view: View | None = None,
    notes: Sequence[str] = (),
    *,
    before: View | None = None,
    standalone: bool = True,
) -> str:
    """Draw a picture. It needs nothing from anywhere: no font, no script.

    Args:
        picture: what to draw.
        view: where the rules behind flows stand; None: flows do not tell.
        notes: lines of text below the picture.
        before: where the rules behind flows stand that are lost.
        standalone: as a file of its own, with its style; else for a page that has `STYLE` already.
    """
    return "".join(_drawn(picture, view, before, notes, standalone=standalone))


class _Text(NamedTuple):
    lines: list[str]
    size: Size


def _text(lines: list[str]) -> _Text:
    width = max((columns(line) for line in lines), default=1) * CHARACTER + 2 * PADDING
    return _Text(lines, Size(width, len(lines) * LINE_HEIGHT + PADDING))


def _drawn(
    picture: Picture,
    view: View | None,
    before: View | None,
    notes: Sequence[str],
    *,
    standalone: bool,
) -> Iterator[str]:
    boxes = [_text(box_lines(box)) for box in picture.boxes]
    pills = [_text([SIGNS[flow.state] + flow_label(flow)]) for flow in picture.flows]
    pills = [each._replace(size=Size(each.size.width, LINE_HEIGHT + 6)) for each in pills]
    count = len(boxes)
    arrows = [
        arrow
        for number, flow in enumerate(picture.flows)
        for arrow in (
            *((source, count + number) for source in flow.sources),
            *((count + number, target) for target in flow.targets),
        )
    ]
    sizes = [each.size for each in (*boxes, *pills)]
    layout = lay_out(sizes, list(dict.fromkeys(arrows)), twice=count)
    repeated = _repeated(picture) | {at for at, placed in enumerate(layout.placed) if placed.is_copy}
    legend = _legend(picture, has_copies=bool(repeated))
    yield _head(layout, notes, legend, standalone=standalone)
    states = [flow.state for flow in picture.flows]
    for wire in layout.wires:
        one, other = layout.placed[wire.source].thing, layout.placed[wire.target].thing
        pill = (one if one >= count else other) - count
        yield _curve(wire, states[pill], pill, has_head=other < count)
    for at, placed in enumerate(layout.placed):
        if placed.thing < count:
            yield _box(placed, picture, boxes[placed.thing], is_repeated=at in repeated)
        else:
            number = placed.thing - count
            flow = picture.flows[number]
            yield _pill(placed, number, flow, pills[number], before if flow.state == "lost" else view)
    yield from _swatches(legend, layout.height + 2 * MARGIN)
    for number, note in enumerate(notes, 1 if legend else 0):
        y = layout.height + 2 * MARGIN + number * NOTE_HEIGHT + FONT_SIZE
        yield f'<text class="note" x="{MARGIN}" y="{_number(y)}">{escape(printable(note))}</text>\n'
    yield "</svg>\n"


def _legend(picture: Picture, *, has_copies: bool) -> list[tuple[str, str]]:
    """Give classes of boxes, each with what it stands for; empty where there is nothing to tell apart."""
    words: dict[str, str] = {}
    for box in picture.boxes:
        if box.kind in _LEGEND:
            words.setdefault(_LEGEND[box.kind], box.kind)
    found = [(kind, word) for word, kind in words.items()] if len(words) > 1 else []
    return [*found, ("copy", REPEATED)] if has_copies else found


def _swatches(legend: Sequence[tuple[str, str]], y: float) -> Iterator[str]:
    x: float = MARGIN
    for kind, word in legend:
        yield (
            f'<g class="{kind}"><rect class="box" x="{_number(x)}" y="{_number(y)}" width="{SWATCH}" '
            f'height="{SWATCH}" rx="3"/></g>\n<text class="note" x="{_number(x + SWATCH + 6)}" '
            f'y="{_number(y + FONT_SIZE - 1)}">{escape(word)}</text>\n'
        )
        x += _legend_width(word)


def _legend_width(word: str) -> float:
    return SWATCH + 6 + columns(word) * CHARACTER + 18


def _head(layout: Layout, notes: Sequence[str], legend: Sequence[tuple[str, str]], *, standalone: bool) -> str:
    longest = max((columns(note) * CHARACTER for note in notes), default=0)
    width = max(layout.width, longest, sum(_legend_width(word) for _, word in legend)) + 2 * MARGIN
    lines = len(notes) + (1 if legend else 0)
    height = layout.height + 2 * MARGIN + (lines * NOTE_HEIGHT + MARGIN / 2 if lines else 0)
    style = f"<style>{STYLE}</style>\n" if standalone else ""
    # WHY: a page makes it fit where the names can be read all the same, and lets people scroll where not.
    fit = "" if standalone else f' style="max-width:100%;min-width:{_number(width * SMALLEST)}px;height:auto"'
    role = "img" if standalone else "group"  # WHY: a page lets people go through its parts
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="aclc" role="{role}" aria-label="Who reaches what" '
        f'width="{_number(width)}" height="{_number(height)}" viewBox="0 0 {_number(width)} {_number(height)}"'
        f"{fit}>\n"
        f'{style}<rect class="paper" width="100%" height="100%"/>\n'
    )


def _curve(wire: Wire, state: str, flow: int, *, has_head: bool) -> str:
    points = [(x + MARGIN, y + MARGIN) for x, y in wire.points]
    x, y = points[-1]
    if has_head:
        points[-1] = (x - 7, y)
    path = f"M{_at(points[0])}"
    for (x1, y1), (x2, y2) in zip(points[1::2], points[2::2], strict=True):
        bend = (x2 - x1) / 2
        path += f"L{_at((x1, y1))}C{_at((x1 + bend, y1))} {_at((x2 - bend, y2))} {_at((x2, y2))}"
    mark = f' data-flow="{flow}"'
    drawn = f'<path class="{state}"{mark} d="{path}"/>\n'
    if has_head:
        drawn += f'<path class="head {state}"{mark} d="M{_number(x)} {_number(y)}l-8 -4v8z"/>\n'
    return drawn


def _repeated(picture: Picture) -> set[int]:
    """Give the boxes with a name that a box before them has too: those that stand for many on one side of a flow."""
    seen = set[str]()
    found = set[int]()
    for at, box in enumerate(picture.boxes):
        if seen.intersection(box.names):
            found.add(at)
        seen.update(box.names)
    return found


def _box(placed: Placed, picture: Picture, text: _Text, *, is_repeated: bool) -> str:
    box = picture.boxes[placed.thing]
    flows = [at for at, flow in enumerate(picture.flows) if placed.thing in {*flow.sources, *flow.targets}]
    classes = f"{box.kind} copy" if is_repeated else box.kind
    title = "\n".join(printable(name) for name in box.names)
    x, y = placed.x + MARGIN, placed.y + MARGIN
    lines = "".join(
        _line(line, x + PADDING, y + PADDING / 2 + number * LINE_HEIGHT + FONT_SIZE, is_soft=line.startswith("and "))
        for number, line in enumerate(text.lines)
    )
    rect = (
        f'<rect class="box" x="{_number(x)}" y="{_number(y)}" width="{_number(text.size.width)}" '
        f'height="{_number(text.size.height)}" rx="6"/>'
    )
    marks = f'data-box="{placed.thing}" data-flows="{" ".join(map(str, flows))}"'
    return f'<g class="{classes}" {marks}><title>{escape(title)}</title>{rect}{lines}</g>\n'


def _pill(placed: Placed, number: int, flow: Flow, text: _Text, view: View | None) -> str:
    x, y = placed.x + MARGIN, placed.y + MARGIN
    rect = (
        f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(text.size.width)}" '
        f'height="{_number(text.size.height)}" rx="12"/>'
    )
    line = _line(text.lines[0], x + PADDING, y + FONT_SIZE + 4, is_soft=False)
    title = f"<title>{escape(flow_title(flow, view))}</title>"
    return f'<g class="pill {flow.state}" data-flow="{number}">{title}{rect}{line}</g>\n'


def _line(text: str, x: float, y: float, *, is_soft: bool) -> str:
    soft = ' class="more"' if is_soft else ""
    width = _number(columns(text) * CHARACTER)
    return f'<text{soft} x="{_number(x)}" y="{_number(y)}" textLength="{width}">{escape(text)}</text>'


def _at(point: tuple[float, float]) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Give a coordinate with at most one digit after the point."""
    return f"{value:.1f}".removesuffix(".0")
