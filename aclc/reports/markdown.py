"""Findings as a Markdown table: for job summaries and comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclc.diagnostics import Diagnostic, Severity
from aclc.reports.safe_text import printable

_SIGNS = {Severity.ERROR: "🛑 error", Severity.WARNING: "⚠️ warning", Severity.INFO: "ℹ️ info"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~&@$:-])")


def markdown_report(diagnostics: Sequence[Diagnostic]) -> str:
    """Give the table, or one sentence where nothing was found. User text can neither format nor mention."""
    if not diagnostics:
        return "aclc found nothing to say.\n"
    rows = ["| | where | what | what to do |", "|---|---|---|---|"]
    for found in diagnostics:
        at = found.span.source.position(found.span.start)
        where = f"{markdown_text(found.span.source.name)}:{at.line}"
        rows.append(
            f"| {_SIGNS[found.severity]} | {where} | **{found.code.id}** {markdown_text(found.message)} "
            f"| {markdown_text(found.help or '')} |"
        )
    return "\n".join(rows) + "\n"


def markdown_text(text: str) -> str:
    """Give text that Markdown shows as it is: every special character escaped, `@` and links defused, on one line."""
    shown = _SPECIAL.sub(r"\\\1", printable(text)).replace("\\@", "@")
    return shown.replace("@", "@\u200b").replace("www.", "www\\.")
