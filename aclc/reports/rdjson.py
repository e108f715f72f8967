"""Reviewdog's diagnostic format: comments with suggestions on pull requests of many services."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aclc.diagnostics import Diagnostic, Fix, Severity
from aclc.source import Span

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def rdjson_report(diagnostics: Sequence[Diagnostic]) -> str:
    """Give the document. Lines and columns count from 1, columns in bytes of UTF-8; order is kept.

    Suggestions are the repairs in the file that the finding is in.
    """
    document = {"source": {"name": "aclc"}, "diagnostics": [_diagnostic(found) for found in diagnostics]}
    return json.dumps(document, indent=1) + "\n"


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    parts = [found.message, *([f"help: {found.help}"] if found.help else [])]
    parts += [f"the control plane says: {found.control}"] if found.control else []
    related = [{"message": note.text, "location": _location(note.span)} for note in found.notes]
    return {
        "message": "\n".join(parts),
        "location": _location(found.span),
        "severity": _SEVERITIES[found.severity],
        "code": {"value": f"{found.code.id} {found.code.slug}"},
        **({"relatedLocations": related} if related else {}),
        **({"suggestions": _suggestions(found.fix, found.span)} if found.fix else {}),
    }


def _location(span: Span) -> dict[str, Any]:
    return {"path": span.source.name.removeprefix("./"), "range": _range(span)}


def _suggestions(fix: Fix, span: Span) -> list[dict[str, Any]]:
    return [
        {"range": _range(edit.span), "text": edit.text}
        for edit in fix.edits
        if edit.span.source.name == span.source.name
    ]


def _range(span: Span) -> dict[str, dict[str, int]]:
    return {"start": _position(span, span.start), "end": _position(span, span.end)}


def _position(span: Span, offset: int) -> dict[str, int]:
    at = span.source.position(offset)
    before = span.source.text[offset - at.column + 1 : offset]
    return {"line": at.line, "column": len(before.encode("utf-8", "surrogateescape")) + 1}
