"""GitHub Actions workflow commands: annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from aclc.diagnostics import Diagnostic, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_report(diagnostics: Sequence[Diagnostic]) -> str:
    """Give one workflow command per line and finding. No text of a policy can end a command or begin another."""
    lines = []
    for found in diagnostics:
        start, end = found.span.source.position(found.span.start), found.span.source.position(found.span.end)
        where = f"file={_property(found.span.source.name)},line={start.line},endLine={end.line},col={start.column}"
        if start.line == end.line:
            where += f",endColumn={end.column}"
        parts = [found.message, *([f"help: {found.help}"] if found.help else [])]
        parts += [f"the control plane says: {found.control}"] if found.control else []
        title = _property(f"{found.code.id} {found.code.slug}")
        lines.append(f"::{_COMMANDS[found.severity]} {where},title={title}::{_data(chr(10).join(parts))}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
