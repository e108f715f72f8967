"""What became of promises, for machines: one JSON document, schema_version 1 (`prove.schema.json`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aclc.reach.prove.property_findings import CODES, ends, findings, lines, step_text, witness_text
from aclc.reach.prove.prove import Verdict
from aclc.reports.json_report import diagnostic_json, span_json
from aclc.reports.prove_text import statement
from aclc.source import Span

SCHEMA_VERSION = 1


def prove_json(verdicts: Sequence[Verdict], tailnet: str | None) -> str:
    """Give the document. `ok`: every promise holds for certain. `tailnet`: null where it was decided for every one.

    `diagnostics` are those that `aclc check` gives.
    """
    document = {
        "schema_version": SCHEMA_VERSION,
        "ok": all(verdict.state == "holds" for verdict in verdicts),
        "tailnet": tailnet,
        "promises": [_promise(verdict) for verdict in verdicts],
        "diagnostics": [diagnostic_json(found) for found in findings(verdicts)],
    }
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def _promise(verdict: Verdict) -> dict[str, Any]:
    promise = verdict.promise
    return {
        "promise": statement(verdict),
        "kind": promise.kind,
        "code": CODES[promise.kind].id,
        "transitive": promise.transitive,
        "file": promise.span.source.name,
        "span": span_json(promise.span),
        "state": verdict.state,
        "reasons": list(verdict.doubts),
        "witness": _witness(verdict) if verdict.state == "broken" else None,
    }


def _witness(verdict: Verdict) -> dict[str, Any]:
    """Give the counterexample; `source`, `target` and what they use are null where it is no packet."""
    found: dict[str, Any] = {
        "text": witness_text(verdict),
        "source": None,
        "target": None,
        "protocol": None,
        "port": None,
        "way": [],
        "lines": [_line(span, text) for span, text in lines(verdict)],
    }
    witness = verdict.witness
    if witness is not None:
        source, target = ends(verdict, witness)
        protocol, port = witness.service
        is_packet = witness.source is not None and witness.target is not None
        found |= {
            "source": source or None,
            "target": target or None,
            "protocol": protocol if is_packet else None,
            "port": port if is_packet else None,
            "way": [step_text(verdict, step) for step in witness.steps],
        }
    return found


def _line(span: Span, text: str) -> dict[str, Any]:
    return {"message": text, "file": span.source.name, "span": span_json(span)}
