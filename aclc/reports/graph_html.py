"""A picture of access as one HTML page: the drawing, and the same as a table to search and to sort."""

from __future__ import annotations

from collections.abc import Sequence

from aclc.reach.graph.space import View
from aclc.reach.pictures.picture import Picture
from aclc.records import NamedTuple
from aclc.reports.graph_svg import svg
from aclc.reports.pages import page
from aclc.reports.rule_places import lines_text
from aclc.reports.services import services_text


class Row(NamedTuple):
    """A flow as a row of the table."""

    who: tuple[str, ...]
    what: tuple[str, ...]
    services: str
    because: str


def graph_html(picture: Picture, view: View, *, name: str, where: str, notes: Sequence[str]) -> str:
    """Give the page for the policy called `name`."""
    rows = [
        Row(
            tuple(each for at in flow.sources for each in picture.boxes[at].names),
            tuple(each for at in flow.targets for each in picture.boxes[at].names),
            services_text(flow.services),
            lines_text(view, flow.grants),
        )
        for flow in picture.flows
    ]
    drawing = svg(picture, view, standalone=False)
    return page("graph.html.j2", picture=drawing, rows=rows, name=name, where=where, notes=notes)
