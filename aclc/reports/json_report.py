"""The report for machines: one JSON document, schema_version 1 (`check.schema.json` beside this file)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aclc.diagnostics import Diagnostic, Fix, Severity
from aclc.source import Span

SCHEMA_VERSION = 1


def json_report(diagnostics: Sequence[Diagnostic]) -> str:
    """Give the document. `ok` is false where any finding is an error, whatever `--fail-on` says. Order is kept."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "ok": not any(found.severity is Severity.ERROR for found in diagnostics),
        "diagnostics": [diagnostic_json(found) for found in diagnostics],
    }
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def diagnostic_json(found: Diagnostic) -> dict[str, Any]:
    """Give one finding as JSON."""
    return {
        "code": found.code.id,
        "name": found.code.slug,
        "severity": found.severity.label,
        "message": found.message,
        "file": found.span.source.name,
        "span": span_json(found.span),
        "control": found.control,
        "help": found.help,
        "notes": [
            {"message": note.text, "file": note.span.source.name, "span": span_json(note.span)} for note in found.notes
        ],
        "fix": _fix_json(found.fix) if found.fix else None,
        "docs": f"docs/rules/{found.code.slug}.md",
    }


def span_json(span: Span) -> dict[str, Any]:
    """Give a span: lines and columns from 1 in characters, offsets from 0 in bytes; `end` is exclusive."""
    return {
        "start": span.source.position(span.start)._asdict(),
        "end": span.source.position(span.end)._asdict(),
    }


def _fix_json(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safe": fix.safe,
        "edits": [
            {"file": edit.span.source.name, "span": span_json(edit.span), "text": edit.text} for edit in fix.edits
        ],
    }
