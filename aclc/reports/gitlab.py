"""GitLab Code Quality: a JSON list that merge requests show beside the changed lines."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aclc.diagnostics import Diagnostic, Severity
from aclc.reports.fingerprint import fingerprints

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab_report(diagnostics: Sequence[Diagnostic]) -> str:
    """Give the list; fingerprints stay the same when lines move."""
    issues = []
    for found, fingerprint in zip(diagnostics, fingerprints(diagnostics), strict=True):
        start, end = found.span.source.position(found.span.start), found.span.source.position(found.span.end)
        text = found.message + (f" ({found.help})" if found.help else "")
        issues.append(
            {
                "type": "issue",
                "check_name": f"{found.code.id} {found.code.slug}",
                "description": text,
                "categories": ["Security" if found.code.id.startswith("SEC") else "Bug Risk"],
                "severity": _SEVERITIES[found.severity],
                "fingerprint": fingerprint,
                "location": {
                    "path": found.span.source.name.removeprefix("./"),
                    "lines": {"begin": start.line, "end": max(start.line, end.line)},
                },
            }
        )
    return json.dumps(issues, indent=1) + "\n"
