"""Why a connection is allowed or refused, for machines: one JSON document, schema_version 1."""

from __future__ import annotations

import json
from typing import Any

from aclc.reach.space import View
from aclc.reach.why import Answer, Asked
from aclc.reports.json_report import span_json
from aclc.reports.why_text import overall
from aclc.source import Span

SCHEMA_VERSION = 1


def why_json(view: View, asked: Asked, answer: Answer) -> str:
    """Give the document. Verdicts: `yes`, `partly`, `no`, `nobody`."""
    nodes = view.resolved.tailnet.nodes
    session = answer.session
    document = {
        "schema_version": SCHEMA_VERSION,
        "src": asked.src.text,
        "dst": asked.dst.text,
        "protocol": asked.protocol if asked.port is not None else None,
        "port": asked.port,
        "verdict": overall(asked, answer),
        "network": {
            "verdict": answer.network,
            "allowed_by": [_rule(view, reason.grant) for reason in answer.reasons],
            "nearest": [{**_rule(view, near.grant), "lacks": list(near.lacks)} for near in answer.nearest],
            "edit": answer.edit,
        },
        "routes": [{"node": nodes[route.node].name, "approved": route.approved} for route in answer.routes],
        "posture": [{**_rule(view, grant), "postures": list(postures)} for grant, postures in answer.posture_refuses],
        "ssh": None
        if session is None
        else {
            "verdict": session.verdict,
            "check": session.checked,
            "logins": list(session.logins),
            "rules": [_place_of_ssh(view, index) for index in session.rules],
        },
    }
    return json.dumps(document, indent=1) + "\n"


def _rule(view: View, grant: int) -> dict[str, Any]:
    rule = view.resolved.grants[grant]
    span = rule.place.span
    return {"section": f"{rule.origin}s" if rule.origin != "default" else None, "index": rule.position, **_span(span)}


def _place_of_ssh(view: View, index: int) -> dict[str, Any]:
    span = (view.resolved.policy.ssh or ())[index].place.span
    return {"section": "ssh", "index": index, **_span(span)}


def _span(span: Span) -> dict[str, Any]:
    return {"file": span.source.name, "span": span_json(span)}
