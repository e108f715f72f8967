"""Why a connection is allowed or refused, for machines: one JSON document, schema_version 1 (`why.schema.json`)."""

from __future__ import annotations

import json
from typing import Any

from aclc.reach.graph.space import View
from aclc.reach.questions.remedies import Remedy
from aclc.reach.questions.sessions import Session
from aclc.reports.json_report import span_json
from aclc.reports.reach_json import services_json
from aclc.reports.why_text import Explained, parts, parts_left_out
from aclc.source import Span

SCHEMA_VERSION = 1


def why_json(told: Explained) -> str:
    """Give the document. Verdicts: `yes`, `partly`, `no`, `nobody`; null for a layer that has no say."""
    view, asked, answer = told.view, told.asked, told.answer
    nodes = view.resolved.tailnet.nodes
    document = {
        "schema_version": SCHEMA_VERSION,
        "src": asked.src.text,
        "dst": asked.dst.text,
        "protocol": asked.protocol if asked.port is not None else None,
        "port": asked.port,
        "login": asked.login,
        "tailnet": None if asked.everywhere else told.setting.tailnet.name,
        "verdict": answer.verdict,
        "open": None
        if asked.port is not None
        else {"to_all": services_json(answer.open_to_all), "to_some": services_json(answer.open_to_some)},
        "network": {
            "verdict": answer.network,
            "allowed_by": [_rule(view, reason.grant) for reason in answer.reasons],
            "families": list(answer.families) or [4, 6],
            "nearest": [{**_rule(view, near.grant), "lacks": list(near.lacks)} for near in answer.nearest],
        },
        "parts": [
            {"what": list(part.targets), "may": list(part.may), "may_not": list(part.may_not)} for part in parts(told)
        ],
        "parts_left_out": parts_left_out(told),
        "route": None
        if answer.route is None
        else {
            "verdict": "partly" if answer.routed is not None and answer.route == "yes" else answer.route,
            "routers": []
            if asked.everywhere
            else [
                {
                    "node": nodes[route.node].name,
                    "approved": route.approved,
                    "exit_node": route.is_exit,
                    "lets_in": route.lets_in,
                }
                for route in answer.routes
            ],
        },
        "posture": None
        if answer.posture is None
        else {
            "verdict": answer.posture,
            "missing": [{**_rule(view, grant), "any_of": list(postures)} for grant, postures in answer.demands],
        },
        "ssh": None if answer.session is None else _session(view, answer.session),
        "remedies": [_remedy(each) for each in told.remedies],
        "remarks": [{"key": each.key, "text": each.text} for each in told.remarks],
    }
    return json.dumps(document, indent=1) + "\n"


def _session(view: View, found: Session) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "check": found.checked,
        "logins": list(found.logins),
        "rules": [_place_of_ssh(view, index) for index in found.rules],
        "nearest": [{**_place_of_ssh(view, near.rule), "lacks": list(near.lacks)} for near in found.nearest],
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "layer": remedy.layer,
        "text": remedy.words,
        "opens_more": remedy.opens_more,
        "edits": [{**_span(edit.span), "text": edit.text} for edit in remedy.edits],
    }


def _rule(view: View, grant: int) -> dict[str, Any]:
    rule = view.resolved.grants[grant]
    if rule.origin == "default":
        return {"section": None, "index": 0, "file": rule.place.span.source.name, "span": None}
    return {"section": f"{rule.origin}s", "index": rule.position, **_span(rule.place.span)}


def _place_of_ssh(view: View, index: int) -> dict[str, Any]:
    span = (view.resolved.policy.ssh or ())[index].place.span
    return {"section": "ssh", "index": index, **_span(span)}


def _span(span: Span) -> dict[str, Any]:
    return {"file": span.source.name, "span": span_json(span)}
