"""What stands in the boxes and on the arrows of a picture, short enough to read."""

from __future__ import annotations

from aclc.reach.graph.service_sets import Services
from aclc.reach.graph.space import View
from aclc.reach.pictures.picture import Box, Flow, State
from aclc.reports.rule_places import lines_text
from aclc.reports.safe_text import columns, leading, printable, trailing
from aclc.reports.services import services_text

MOST_NAMES = 5
LONGEST_NAME = 44
MOST_LINES = 6
MOST_SERVICES = 3
SIGNS: dict[State, str] = {"same": "", "gained": "+ ", "lost": "− "}
WORDS: dict[State, str] = {"same": "", "gained": "gained: ", "lost": "lost: "}
"""In place of signs, where a sign at the beginning would be read as a list (Mermaid before 11.6)."""


def box_lines(box: Box, most: int = MOST_NAMES) -> list[str]:
    """Give a box's text line by line: its names, and how many more there are."""
    shown = box.names if len(box.names) <= most else box.names[: most - 1]
    lines = [line for name in shown for line in name_lines(name)]
    left = len(box.names) - len(shown)
    return [*lines, f"and {left} more"] if left else lines


def name_lines(name: str) -> list[str]:
    """Give a name on a line, or on several where it is long: broken at blanks, what goes on indented.

    A word that is too long to draw loses its middle. Of more than `MOST_LINES` lines the rest is cut off.
    """
    words = [_shortened(word) for word in printable(name).replace("\t", " ").split(" ")]
    lines = [words[0]]
    for word in words[1:]:
        begins_addition = word.startswith("(") and columns(name) > LONGEST_NAME
        if begins_addition or columns(f"{lines[-1]} {word}") > LONGEST_NAME:
            lines.append(f"  {word}")
        else:
            lines[-1] += f" {word}"
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"]


def _shortened(word: str) -> str:
    room = LONGEST_NAME - 2
    if columns(word) <= room:
        return word
    return f"{leading(word, room - room // 3 - 1)}…{trailing(word, room // 3)}"


def flow_label(flow: Flow) -> str:
    """Give what a flow opens, ports beyond the first few counted."""
    return folded(flow.services)


def folded(services: Services) -> str:
    """Give services as text, ports beyond the first few counted: `tcp 22,80,443 +4`."""
    if len(services) <= MOST_SERVICES:
        return services_text(services)
    text = services_text(services)
    if len(text) <= 24:
        return text
    return f"{services_text(services[:MOST_SERVICES])} +{len(services) - MOST_SERVICES}"


def flow_title(flow: Flow, view: View | None) -> str:
    """Give everything about a flow in one line: all ports, and the rules behind it."""
    rules = f" ({lines_text(view, flow.grants, 12)})" if view is not None and flow.grants else ""
    return printable(services_text(flow.services)) + printable(rules)
