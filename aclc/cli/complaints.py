"""Findings that keep a command from its work, on the error stream."""

from __future__ import annotations

from collections.abc import Sequence

import click

from aclc.cli.outputs import output_style
from aclc.diagnostics import Diagnostic


def complain(errors: Sequence[Diagnostic], name: str, color: str) -> None:
    """Write findings of one file to the error stream, and how many there are."""
    from aclc.reports.text import summary, text_report  # WHY here: most files have no errors, and start-up time counts

    style = output_style(color, to_error=True)
    click.echo("".join(text_report(errors, style)) + summary(errors, [name], style), err=True, nl=False)
