"""A picture of access in the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.reach.pictures.picture import Kind, Picture, State
from aclc.reports.graph_labels import WORDS, box_lines, flow_label

_FILLS: dict[Kind, tuple[str, str]] = {
    "people": ("#ddf4ff", "#0969da"),
    "own": ("#ddf4ff", "#0969da"),
    "machines": ("#fff8c5", "#9a6700"),
    "node": ("#fff8c5", "#9a6700"),
    "network": ("#f6f0ff", "#8250df"),
    "internet": ("#ffebe9", "#cf222e"),
    "anyone": ("#ffebe9", "#cf222e"),
    "other": ("#f6f8fa", "#8c959f"),
}
_STATES: dict[State, tuple[str, str]] = {
    "same": ("#8c959f", "solid"),
    "gained": ("#1a7f37", "bold"),
    "lost": ("#cf222e", "dashed"),
}


def dot(picture: Picture, notes: Sequence[str] = ()) -> str:
    """Give the text of a directed graph, left to right, with lines of text below."""
    return "".join(_lines(picture, notes))


def _lines(picture: Picture, notes: Sequence[str]) -> Iterator[str]:
    yield "digraph access {\n"
    if notes:
        text = "".join(_quoted(note) + "\\l" for note in notes)
        yield f'  graph [label="{text}", labelloc=b, labeljust=l, fontname="monospace", fontsize=11];\n'
    yield '  graph [rankdir=LR, nodesep=0.15, ranksep=0.6];\n  node [fontname="monospace", fontsize=11];\n'
    for number, box in enumerate(picture.boxes):
        fill, line = _FILLS[box.kind]
        label = "".join(_quoted(text) + "\\l" for text in box_lines(box))
        yield f'  b{number} [shape=box, style="rounded,filled", fillcolor="{fill}", color="{line}", label="{label}"];\n'
    for number, flow in enumerate(picture.flows):
        color, style = _STATES[flow.state]
        label = _quoted(WORDS[flow.state] + flow_label(flow))
        yield f'  f{number} [shape=box, style="rounded,{style}", height=0.25, color="{color}", label="{label}"];\n'
        for source in flow.sources:
            yield f'  b{source} -> f{number} [arrowhead=none, color="{color}", style={style}];\n'
        for target in flow.targets:
            yield f'  f{number} -> b{target} [color="{color}", style={style}];\n'
    yield "}\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
