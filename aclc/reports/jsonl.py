"""One JSON object per line and finding, as in the JSON report: for tools that read streams."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aclc.diagnostics import Diagnostic
from aclc.reports.json_report import diagnostic_json


def jsonl_report(diagnostics: Sequence[Diagnostic]) -> str:
    """Give the lines; empty where nothing was found."""
    return "".join(json.dumps(diagnostic_json(found)) + "\n" for found in diagnostics)
