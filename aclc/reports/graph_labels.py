"""What stands in the boxes and on the arrows of a picture, short enough to read."""

from __future__ import annotations

from aclc.reach.graph.service_sets import Services
from aclc.reach.graph.space import View
from aclc.reach.pictures.picture import Box, Flow, State
from aclc.reports.rule_places import lines_text
from aclc.reports.safe_text import columns, leading, printable
from aclc.reports.services import services_text

MOST_NAMES = 5
LONGEST_NAME = 44
MOST_SERVICES = 3
SIGNS: dict[State, str] = {"same": "", "gained": "+ ", "lost": "− "}
WORDS: dict[State, str] = {"same": "", "gained": "gained: ", "lost": "lost: "}
"""In place of signs, where a sign at the beginning would be read as a list (Mermaid before 11.6)."""


def box_lines(box: Box, most: int = MOST_NAMES) -> list[str]:
    """Give a box's text line by line: its names, and how many more there are."""
    shown = box.names if len(box.names) <= most else box.names[: most - 1]
    lines = [shorten(name) for name in shown]
    left = len(box.names) - len(shown)
    return [*lines, f"and {left} more"] if left else lines


def shorten(name: str) -> str:
    """Give a name on one line, its end cut off where it is too long to draw."""
    text = printable(name).replace("\t", " ")
    return text if columns(text) <= LONGEST_NAME else leading(text, LONGEST_NAME - 1) + "…"


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
