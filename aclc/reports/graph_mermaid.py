"""A picture of access as Mermaid, which GitHub, GitLab and many wikis draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclc.reach.pictures.picture import Picture
from aclc.reports.graph_labels import WORDS, box_lines, flow_label

_PLAIN = re.compile(r"[A-Za-z0-9 .,:/@()-]")

_CLASSES = (
    "classDef people fill:#ddf4ff,stroke:#0969da,color:#1f2328",
    "classDef own fill:#ddf4ff,stroke:#0969da,color:#1f2328",
    "classDef machines fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "classDef node fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "classDef network fill:#f6f0ff,stroke:#8250df,color:#1f2328",
    "classDef internet fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    "classDef anyone fill:#ffebe9,stroke:#cf222e,color:#1f2328",
    "classDef other fill:#f6f8fa,stroke:#8c959f,color:#1f2328",
    "classDef same fill:#f6f8fa,stroke:#8c959f,color:#1f2328",
    "classDef gained fill:#dafbe1,stroke:#1a7f37,color:#1a7f37",
    "classDef lost fill:#ffebe9,stroke:#cf222e,color:#cf222e,stroke-dasharray:5 3",
)


def mermaid(picture: Picture, notes: Sequence[str] = ()) -> str:
    """Give the text of a flow chart, left to right; gains have thick arrows, losses dotted ones. `notes`: boxes of text
    without arrows."""
    return "".join((*_lines(picture), *_noted(notes)))


def _noted(notes: Sequence[str]) -> Iterator[str]:
    for number, note in enumerate(notes):
        yield f"  %% {note}\n"
        yield f'  n{number}["{_quoted(note)}"]:::note\n'
    if notes:
        yield "  classDef note fill:none,stroke:none,color:#59636e\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield "flowchart LR\n"
    for number, box in enumerate(picture.boxes):
        label = "<br/>".join(_quoted(line) for line in box_lines(box))
        yield f'  b{number}["{label}"]:::{box.kind}\n'
    for number, flow in enumerate(picture.flows):
        arrow = {"same": "-->", "gained": "==>", "lost": "-.->"}[flow.state]
        line = {"same": "---", "gained": "===", "lost": "-.-"}[flow.state]
        sources = " & ".join(f"b{each}" for each in flow.sources)
        targets = " & ".join(f"b{each}" for each in flow.targets)
        yield f'  f{number}(["{_quoted(WORDS[flow.state] + flow_label(flow))}"]):::{flow.state}\n'
        yield f"  {sources} {line} f{number} {arrow} {targets}\n"
    used = {box.kind for box in picture.boxes} | {flow.state for flow in picture.flows}
    for each in _CLASSES:
        if each.split()[1] in used:
            yield f"  {each}\n"


def _quoted(text: str) -> str:
    """Give text that stands between quotes in Mermaid: whatever could end it, format it or be HTML as a code point.

    The first character too, unless it is a letter: "1." or "-" would begin a list.
    """
    shown = "".join(each if _PLAIN.fullmatch(each) else f"#{ord(each)};" for each in text)
    return shown if not shown or shown[0].isalpha() or shown[0] == "#" else f"#{ord(shown[0])};{shown[1:]}"
