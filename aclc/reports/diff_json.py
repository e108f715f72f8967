"""A semantic difference for machines: one JSON document, schema_version 1."""

from __future__ import annotations

import json
from typing import Any

from aclc.reach.causes import Cause
from aclc.reach.diff import Diff
from aclc.reach.naming import Named
from aclc.reports.json_report import span_json
from aclc.source import Span

SCHEMA_VERSION = 1


def diff_json(found: Diff) -> str:
    """Give the document."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tailnet": found.tailnet,
        "proven": found.tailnet is None and not found.doubts,
        "changes_access": found.changes_access,
        "gives_access": found.gives_access,
        "doubts": list(found.doubts),
        "network": [
            {
                "change": "gained" if each.gained else "lost",
                "who": _named(each.who),
                "what": _named(each.what),
                "services": [
                    {"protocol": protocol, "first": first, "last": last} for protocol, first, last in each.services
                ],
                "scope": each.scope,
                "shared": each.shared,
                "anyone": each.anyone,
                "accepted": each.accepted,
                "because": [_cause(cause) for cause in each.causes],
            }
            for each in found.network
        ],
        "ssh": [
            {
                "change": each.kind,
                "mode": each.mode,
                "who": _named(each.who),
                "what": _named(each.what),
                "logins": list(each.logins),
                "accepted": each.accepted,
                "scope": each.scope,
                "because": [_cause(cause) for cause in each.causes],
            }
            for each in found.sessions
        ],
        "capabilities": [
            {
                "change": "gained" if each.gained else "lost",
                "name": each.name,
                "value": json.loads(each.value) if each.value else None,
                "who": _named(each.who),
                "what": _named(each.what),
            }
            for each in found.parameters
        ],
        "node_attrs": [
            {
                "change": "gained" if each.gained else "lost",
                "name": each.name,
                "value": json.loads(each.value) if each.value else None,
                "nodes": _named(each.nodes),
            }
            for each in found.attributes
        ],
        "approvals": [
            {"change": "gained" if each.gained else "lost", "who": each.who, "what": each.power}
            for each in found.approvals
        ],
        "tag_ownership": [
            {
                "change": "gained" if each.gained else "lost",
                "who": each.who,
                "tag": each.power,
                "through": list(each.through),
            }
            for each in found.ownership
        ],
        "posture_removed": [
            {"postures": list(each.removed), "old": _place(each.old), "new": _place(each.new)} for each in found.guards
        ],
        "tests": [
            {"change": "added" if each.added else "removed", "suite": each.suite, "assertion": each.text}
            for each in found.assertions
        ],
    }
    return json.dumps(document, indent=1) + "\n"


def _named(named: Named) -> dict[str, Any]:
    return {
        "selectors": list(named.selectors),
        "rest": list(named.rest),
        "nodes": named.nodes,
        "ranges": named.ranges,
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "old": _place(cause.old) if cause.old is not None else None,
        "new": _place(cause.new) if cause.new is not None else None,
        "definitions": [{"name": name, **_place(span)} for name, span in cause.definitions],
    }


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.source.name, "span": span_json(span)}
