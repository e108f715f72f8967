"""Checkstyle XML, which Jenkins and older CI systems read."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from aclc.diagnostics import Diagnostic
from aclc.reports.safe_text import printable


def checkstyle_report(diagnostics: Sequence[Diagnostic]) -> str:
    """Give the document: one `file` per file that has findings, in order."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">']
    for name in dict.fromkeys(found.span.source.name for found in diagnostics):
        lines.append(f"<file name={quoteattr(printable(name))}>")
        for found in diagnostics:
            if found.span.source.name == name:
                at = found.span.source.position(found.span.start)
                lines.append(
                    f'  <error line="{at.line}" column="{at.column}" severity="{found.severity.label}" '
                    f'message={quoteattr(printable(found.message))} source="aclc.{found.code.id}.{found.code.slug}"/>'
                )
        lines.append("</file>")
    return "\n".join([*lines, "</checkstyle>"]) + "\n"
