"""SARIF 2.1.0, which GitHub code scanning and many editors read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from aclc import __version__
from aclc.diagnostics import Code, Diagnostic, Fix, Severity
from aclc.lint.catalogue import catalogue
from aclc.reports.fingerprint import fingerprints
from aclc.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif_report(diagnostics: Sequence[Diagnostic]) -> str:
    """Give the log: one run, one rule per code that occurs, one result per finding; order is kept.

    Columns count UTF-16 code units, which is what SARIF readers take when nothing else is said.
    """
    codes = sorted({found.code for found in diagnostics}, key=lambda code: code.id)
    index = {code: at for at, code in enumerate(codes)}
    results = [
        {
            "ruleId": found.code.id,
            "ruleIndex": index[found.code],
            "level": _LEVELS[found.severity],
            "message": {"text": _message(found)},
            "locations": [{"physicalLocation": _location(found.span)}],
            "partialFingerprints": {"aclcFinding/v1": fingerprint},
            **_related(found),
            **_flow(found),
            **({"fixes": [_fix(found.fix)]} if found.fix else {}),
        }
        for found, fingerprint in zip(diagnostics, fingerprints(diagnostics), strict=True)
    ]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "aclc",
                        "semanticVersion": __version__,
                        "rules": [
                            {
                                "id": code.id,
                                "name": code.slug,
                                **_page(code),
                                "defaultConfiguration": {"level": _LEVELS[code.severity]},
                            }
                            for code in codes
                        ],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=1) + "\n"


def _page(code: Code) -> dict[str, Any]:
    """Give what the page of a rule says, for readers that show it beside a finding."""
    page = next((entry for entry in catalogue() if entry.id == code.id), None)
    if page is None:
        return {"shortDescription": {"text": code.slug.replace("-", " ")}}
    return {"shortDescription": {"text": page.summary}, "help": {"text": page.page, "markdown": page.page}}


def _message(found: Diagnostic) -> str:
    parts = [found.message]
    if found.help:
        parts.append(f"Help: {found.help}.")
    if found.control:
        parts.append(f"The control plane says: {found.control}")
    return "\n".join(parts)


def _location(span: Span) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(span.source.name)}, "region": _region(span)}


def _uri(name: str) -> str:
    return quote(name.replace("\\", "/"), safe="/-._~", errors="replace")


def _region(span: Span) -> dict[str, int]:
    start, end = span.source.position(span.start), span.source.position(span.end)
    region = {
        "startLine": start.line,
        "startColumn": _column(span, span.start, start.column),
        "endLine": end.line,
        "endColumn": _column(span, span.end, end.column),
    }
    return {**region, "byteOffset": start.offset, "byteLength": end.offset - start.offset}


def _column(span: Span, offset: int, column: int) -> int:
    before = span.source.text[offset - column + 1 : offset]
    return 1 + sum(2 if ord(each) > 0xFFFF else 1 for each in before)


def _related(found: Diagnostic) -> dict[str, Any]:
    if not found.notes:
        return {}
    return {
        "relatedLocations": [
            {"id": at, "physicalLocation": _location(note.span), "message": {"text": note.text}}
            for at, note in enumerate(found.notes)
        ]
    }


def _flow(found: Diagnostic) -> dict[str, Any]:
    """Give the way of a witness, line by line, where a promise is broken."""
    if not found.notes or not found.code.id.startswith("PRP"):
        return {}
    steps = [
        {"location": {"physicalLocation": _location(note.span), "message": {"text": note.text}}} for note in found.notes
    ]
    return {"codeFlows": [{"threadFlows": [{"locations": steps}]}]}


def _fix(fix: Fix) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        changes.setdefault(_uri(edit.span.source.name), []).append(replacement)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": {"uri": uri}, "replacements": replacements} for uri, replacements in changes.items()
        ],
    }
