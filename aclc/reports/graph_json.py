"""A picture of access for other programs that draw: boxes and flows, schema_version 1."""

from __future__ import annotations

import json

from aclc.reach.graph.space import View
from aclc.reach.pictures.picture import Picture
from aclc.reports.reach_json import services_json
from aclc.reports.rule_places import rule_places

SCHEMA_VERSION = 1


def graph_json(picture: Picture, view: View, *, tailnet: str | None) -> str:
    """Give the document; `tailnet` None: for every tailnet."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tailnet": tailnet,
        "boxes": [{"kind": box.kind, "names": list(box.names), "nodes": box.nodes} for box in picture.boxes],
        "flows": [
            {
                "sources": list(flow.sources),
                "targets": list(flow.targets),
                "services": services_json(flow.services),
                "own_devices_only": flow.own,
                "because": rule_places(view, flow.grants),
            }
            for flow in picture.flows
        ],
        "left_out": picture.left_out,
    }
    return json.dumps(document, indent=1) + "\n"
