"""A picture of access as SVG, drawn by ourselves: boxes, pills for services, curves. Light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from aclc.reach.graph.space import View
from aclc.reach.pictures.layout import Layout, Placed, Size, Wire, lay_out
from aclc.reach.pictures.picture import Flow, Picture
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

STYLE = """
.aclc{--paper:#fff;--ink:#1f2328;--soft:#59636e;--line:#8c959f;--people:#ddf4ff;--people-line:#0969da;
--machines:#fff8c5;--machines-line:#9a6700;--network:#f6f0ff;--network-line:#8250df;--anyone:#ffebe9;
--anyone-line:#cf222e;--pill:#f6f8fa;--gained:#1a7f37;--gained-pill:#dafbe1;--lost:#cf222e;--lost-pill:#ffebe9}
@media (prefers-color-scheme:dark){.aclc{--paper:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#7d8590;
--people:#0c2d4d;--people-line:#4493f8;--machines:#3a2d09;--machines-line:#d29922;--network:#2b1f47;
--network-line:#ab7df8;--anyone:#4b1113;--anyone-line:#f85149;--pill:#161b22;--gained:#3fb950;--gained-pill:#0f2e19;
--lost:#f85149;--lost-pill:#3d1214}}
.aclc .paper{fill:var(--paper)}
.aclc text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;
fill:var(--ink)}
.aclc .more,.aclc .note{fill:var(--soft)}
.aclc rect.box{stroke-width:1.5;fill:var(--pill);stroke:var(--line)}
.aclc .people rect.box,.aclc .own rect.box{fill:var(--people);stroke:var(--people-line)}
.aclc .machines rect.box,.aclc .node rect.box{fill:var(--machines);stroke:var(--machines-line)}
.aclc .network rect.box,.aclc .internet rect.box{fill:var(--network);stroke:var(--network-line)}
.aclc .anyone rect.box,.aclc .internet rect.box{fill:var(--anyone);stroke:var(--anyone-line)}
.aclc .copy rect.box{stroke-dasharray:5 3}
.aclc .pill rect{fill:var(--pill);stroke:var(--line)}
.aclc .pill.gained rect{fill:var(--gained-pill);stroke:var(--gained);stroke-width:1.5}
.aclc .pill.lost rect{fill:var(--lost-pill);stroke:var(--lost);stroke-width:1.5;stroke-dasharray:5 3}
.aclc .pill.gained text{fill:var(--gained);font-weight:600}
.aclc .pill.lost text{fill:var(--lost);font-weight:600}
.aclc path{fill:none;stroke:var(--line);stroke-width:1.25}
.aclc path.gained{stroke:var(--gained);stroke-width:2}
.aclc path.lost{stroke:var(--lost);stroke-width:2;stroke-dasharray:5 3}
.aclc path.head{fill:var(--line);stroke:none}
.aclc path.head.gained{fill:var(--gained)}
.aclc path.head.lost{fill:var(--lost)}
"""


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
    yield _head(layout, notes, standalone=standalone)
    states = [flow.state for flow in picture.flows]
    for wire in layout.wires:
        one, other = layout.placed[wire.source].thing, layout.placed[wire.target].thing
        pill = (one if one >= count else other) - count
        yield _curve(wire, states[pill], pill, has_head=other < count)
    for placed in layout.placed:
        if placed.thing < count:
            yield _box(placed, picture, boxes[placed.thing])
        else:
            number = placed.thing - count
            flow = picture.flows[number]
            yield _pill(placed, number, flow, pills[number], before if flow.state == "lost" else view)
    for number, note in enumerate(notes):
        y = layout.height + 2 * MARGIN + number * NOTE_HEIGHT
        yield f'<text class="note" x="{MARGIN}" y="{_number(y)}">{escape(printable(note))}</text>\n'
    yield "</svg>\n"


def _head(layout: Layout, notes: Sequence[str], *, standalone: bool) -> str:
    longest = max((columns(note) for note in notes), default=0) * CHARACTER
    width = max(layout.width, longest) + 2 * MARGIN
    height = layout.height + 2 * MARGIN + len(notes) * NOTE_HEIGHT
    style = f"<style>{STYLE}</style>\n" if standalone else ""
    role = "img" if standalone else "group"  # WHY: a page lets people go through its parts
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="aclc" role="{role}" aria-label="Who reaches what" '
        f'width="{_number(width)}" height="{_number(height)}" viewBox="0 0 {_number(width)} {_number(height)}">\n'
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


def _box(placed: Placed, picture: Picture, text: _Text) -> str:
    box = picture.boxes[placed.thing]
    flows = [at for at, flow in enumerate(picture.flows) if placed.thing in {*flow.sources, *flow.targets}]
    classes = f"{box.kind} copy" if placed.is_copy else box.kind
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
