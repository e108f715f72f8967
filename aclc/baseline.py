"""A baseline: findings that are known and accepted for now, so that a check speaks of new ones only."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from aclc.diagnostics import Diagnostic
from aclc.lint.selection import is_fatal
from aclc.reports.fingerprint import fingerprints
from aclc.source import Source

SCHEMA_VERSION = 1


class BaselineError(Exception):
    """A file that is no baseline; the text says why."""


def baseline_text(diagnostics: Sequence[Diagnostic]) -> str:
    """Give the file that accepts these findings: one line each, sorted, so that it merges well.

    Lines are no part of it: it stays true when findings move.
    """
    rows = sorted(
        {"file": found.span.source.name, "code": found.code.id, "fingerprint": mark, "message": found.message}.items()
        for found, mark in zip(diagnostics, fingerprints(diagnostics), strict=True)
    )
    lines = ",\n".join("  " + json.dumps(dict(row)) for row in rows)
    return (
        f'{{"schema_version": {SCHEMA_VERSION}, "findings": [\n{lines}\n]}}\n'
        if rows
        else (f'{{"schema_version": {SCHEMA_VERSION}, "findings": []}}\n')
    )


def read_baseline(source: Source) -> Counter[str]:
    """Give fingerprint → how many such findings are accepted. Raises BaselineError."""
    try:
        document = json.loads(source.text)
    except (ValueError, RecursionError):
        raise BaselineError(f"{source.name}: is no JSON") from None
    if not isinstance(document, dict) or document.get("schema_version") != SCHEMA_VERSION:
        raise BaselineError(f"{source.name}: is no baseline of schema_version {SCHEMA_VERSION}")
    findings = document.get("findings")
    if not isinstance(findings, list) or not all(
        isinstance(each, dict) and isinstance(each.get("fingerprint"), str) for each in findings
    ):
        raise BaselineError(f"{source.name}: `findings` must be a list of objects with a `fingerprint`")
    return Counter(each["fingerprint"] for each in findings)


def beyond_baseline(diagnostics: Sequence[Diagnostic], accepted: Counter[str]) -> tuple[Diagnostic, ...]:
    """Give the findings that the baseline does not accept; errors that a control plane refuses are never accepted."""
    left = Counter(accepted)
    kept: list[Diagnostic] = []
    for found, mark in zip(diagnostics, fingerprints(diagnostics), strict=True):
        if left[mark] > 0 and not is_fatal(found):
            left[mark] -= 1
        else:
            kept.append(found)
    return tuple(kept)
