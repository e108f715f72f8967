"""A semantic difference for machines: one JSON document, schema_version 1 (`diff.schema.json`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aclc.policy.language_document import About
from aclc.reach.difference.causes import Cause
from aclc.reach.difference.diff import Diff
from aclc.reach.difference.onward_rows import OnwardRow
from aclc.reach.difference.power_rows import PowerRow
from aclc.reach.difference.review import ReviewRow
from aclc.reports.diff_blocks import headline, principals
from aclc.reports.json_report import span_json
from aclc.reports.reach_json import services_json
from aclc.source import Span

SCHEMA_VERSION = 1


def diff_json(found: Diff) -> str:
    """Give the document."""
    return json.dumps(diff_document(found), indent=1) + "\n"


def diff_document(found: Diff) -> dict[str, Any]:
    """Give the document as values. Names are written as in reports for people; counts are null for every tailnet."""
    exact = found.tailnet is not None
    gaining, losing = principals(found)
    return {
        "schema_version": SCHEMA_VERSION,
        "headline": headline(found),
        "tailnet": found.tailnet,
        "proven": not exact and not found.doubts,
        "changes_access": found.changes_access,
        "gives_access": found.gives_access,
        "principals": {"gain": list(gaining), "lose": list(losing)},
        "doubts": list(found.doubts),
        "network": [_network(each, exact=exact) for each in found.network],
        "ssh": [
            {
                "change": each.kind,
                "mode": each.mode,
                "who": _names(each.who.texts, each.nodes[0] if exact else None),
                "what": _names(each.what.texts, each.nodes[1] if exact else None),
                "logins": list(each.tokens),
                "terms": list(each.terms),
                "scope": each.scope,
                "accepted": each.accepted,
                "because": _causes(each.causes),
            }
            for each in found.sessions
        ],
        "through_sessions": {
            **{
                _change(gained=gained): [
                    _onward(each, exact=exact) for each in found.onward.rows if each.gained is gained
                ]
                for gained in (True, False)
            },
            "left_out": found.onward.left_out,
        },
        "capabilities": [
            {
                "change": _change(gained=each.gained),
                "name": each.name,
                "values": [json.loads(value) for value in each.values if value],
                "who": _names(each.who.texts, each.nodes[0] if exact else None),
                "what": _names(each.what.texts, each.nodes[1] if exact else None),
                "scope": each.scope,
                "accepted": each.accepted,
                "because": _causes(each.causes),
            }
            for each in found.capabilities
        ],
        "node_attrs": [
            {
                "change": _change(gained=each.gained),
                "name": each.name,
                "value": json.loads(each.value) if each.value else None,
                "nodes": _names(each.nodes.texts, each.size if exact else None),
                "accepted": each.accepted,
                "because": _causes(each.causes),
            }
            for each in found.attributes
        ],
        "approvals": [{**_power(each, "what"), "kept": list(each.kept)} for each in found.approvals],
        "tag_ownership": [{**_power(each, "tags"), "through": list(each.through)} for each in found.ownership],
        "exposure": [
            {
                "change": _change(gained=each.gained),
                "who": each.stranger,
                "names": list(each.who),
                "what": list(each.what.texts),
                "services": services_json(each.services),
                "accepted": each.accepted,
                "because": _causes(each.causes),
            }
            for each in found.exposure
        ],
        "posture_removed": [
            {
                "who": list(each.who),
                "what": list(each.what),
                "postures": list(each.removed),
                "asked_now": list(each.asked),
                "redefined": [
                    {"name": one.name, "before": list(one.before), "after": list(one.after)} for one in each.redefined
                ],
                **_sides(cause),
            }
            for each in found.guards
            for cause in each.causes
        ],
        "tests": [
            {"change": "added" if each.added else "removed", "suite": each.suite, "assertion": each.text}
            for each in found.assertions
        ],
        "settings": [
            {
                "key": each.name,
                "before": json.loads(each.before) if each.before else None,
                "after": json.loads(each.after) if each.after else None,
                "loosens": each.loosens,
                **_sides(each.cause),
            }
            for each in found.settings
        ],
    }


def _network(row: ReviewRow, *, exact: bool) -> dict[str, Any]:
    who, what = (
        {**_names(words.texts, row.nodes[side] if exact else None), "ranges": row.ranges[side] if exact else None}
        for side, words in enumerate((row.who, row.what))
    )
    return {
        "change": _change(gained=row.gained),
        "who": who,
        "what": what,
        "services": services_json(row.part.services),
        "scope": "own" if row.part.own else "others" if row.others else "any",
        "shared": row.shared,
        "anyone": row.anyone,
        "decided_elsewhere": row.elsewhere,
        "only_over_ip_version": row.family,
        "accepted": row.accepted,
        "because": _causes(row.causes),
    }


def _onward(row: OnwardRow, *, exact: bool) -> dict[str, Any]:
    return {
        "who": _names(row.who.texts, row.sources.bit_count() if exact else None),
        "through": _names(row.through.texts, row.machines.bit_count() if exact else None),
        "what": list(row.what.texts),
        "services": services_json(row.services),
        "way": list(row.way),
        "because": _causes(row.causes),
    }


def _power(row: PowerRow, what: str) -> dict[str, Any]:
    return {
        "change": _change(gained=row.gained),
        "who": list(row.who),
        "except": list(row.apart),
        what: list(row.powers),
        "accepted": row.accepted,
        "because": _causes(row.causes),
    }


def _change(*, gained: bool) -> str:
    return "gained" if gained else "lost"


def _names(texts: Sequence[str], nodes: int | None) -> dict[str, Any]:
    return {"names": list(texts), "nodes": nodes}


def _causes(causes: Sequence[Cause]) -> list[dict[str, Any]]:
    return [
        {
            **_sides(cause),
            "definitions": [
                {"name": each.name, "became": each.became, **_place(each.span)} for each in cause.definitions
            ],
        }
        for cause in causes
    ]


def _sides(cause: Cause) -> dict[str, Any]:
    """Give where the rule stands in the two files, null where it does not, with what it says about itself."""
    return {
        side: None if span is None else {**_place(span), **_said(said)}
        for side, span, said in (("old", cause.old, cause.old_said), ("new", cause.new, cause.new_said))
    }


def _said(said: About) -> dict[str, str]:
    texts = {"owner": said.owner, "reason": said.because, "until": "" if said.until is None else f"{said.until}"}
    return {key: text for key, text in texts.items() if text}


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.source.name, "span": span_json(span)}
