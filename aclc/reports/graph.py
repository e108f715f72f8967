"""A picture of access in the form that is asked for."""

from __future__ import annotations

from aclc.reach.graph.space import View
from aclc.reach.pictures.picture import Picture

FORMATS = ("dot", "mermaid", "json", "svg", "html")


def graph_report(picture: Picture, view: View, kind: str, name: str, tailnet: str | None) -> str:
    """Give a picture in one of `FORMATS`.

    Args:
        picture: what to draw.
        view: where the rules behind it stand.
        kind: the form.
        name: the policy's.
        tailnet: whose nodes it is about; None: every tailnet's.
    """
    notes = left_out(picture)
    if kind == "json":
        from aclc.reports.graph_json import graph_json

        return graph_json(picture, view, tailnet=tailnet)
    if kind == "dot":
        from aclc.reports.graph_dot import dot

        return dot(picture, notes)
    if kind == "mermaid":
        from aclc.reports.graph_mermaid import mermaid

        return mermaid(picture, notes)
    if kind == "svg":
        from aclc.reports.graph_svg import svg

        return svg(picture, view, notes)
    from aclc.reports.graph_html import graph_html

    where = "in any tailnet that fits it" if tailnet is None else f"in {tailnet}"
    return graph_html(picture, view, name=name, where=where, notes=notes)


def left_out(picture: Picture) -> list[str]:
    """Say what is not drawn, and what the boxes hide."""
    notes = []
    if not picture.flows:
        notes.append("No rule opens anything here.")
    if picture.left_out:
        one = picture.left_out == 1
        notes.append(
            f"{picture.left_out} more connection{' is' if one else 's are'} not drawn, the narrowest ones: "
            "use --from, --to or --most."
        )
    return notes
