"""`aclc check`: everything that is wrong with a policy, at once, offline."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from aclc.cli.inputs import policies_or_default, read_source, read_tailnet
from aclc.cli.outputs import speaks_unicode, terminal_width, wants_color, write_file, write_stdout
from aclc.diagnostics import Diagnostic, Severity, in_order
from aclc.reports.text import Style, concise_report, summary, text_report

FORMATS = ("text", "concise", "json")
_LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


class OutputType(click.ParamType[tuple[str, str]]):
    """`FORMAT` or `FORMAT:FILE`."""

    name = "FORMAT[:FILE]"

    def convert(
        self, value: tuple[str, str] | str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Give (format, file); the file is empty for standard output."""
        if isinstance(value, tuple):
            return value
        kind, _, path = value.partition(":")
        if kind not in FORMATS:
            self.fail(f"'{kind}' is not one of {', '.join(FORMATS)}.", param, ctx)
        return kind, path


@click.command(
    epilog="""\b
Examples:
  aclc check                                  the policy in this folder
  aclc check policy.hujson --tailnet net.json with the facts of a tailnet
  aclc check a.hujson b.hujson -o concise     one line per finding
  aclc check -o text -o json:findings.json    for people and for machines
  cat policy.hujson | aclc check -            from standard input"""
)
@click.argument("policies", nargs=-1, metavar="[POLICY]...")
@click.option("--tailnet", "tailnets", multiple=True, metavar="FILE", help="Users and nodes; may be given again.")
@click.option(
    "-o", "--output", "outputs", multiple=True, type=OutputType(), help="text (default), concise or json; repeatable."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="error",
    show_default=True,
    help="Exit 1 where a finding is at least this bad.",
)
@click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="What to call standard input in findings.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="No summary line.")
def command(
    policies: tuple[str, ...],
    tailnets: tuple[str, ...],
    outputs: tuple[tuple[str, str], ...],
    fail_on: str,
    stdin_filename: str,
    color: str,
    quiet: bool,
) -> None:
    """Say everything that is wrong with a policy, and run its tests.

    Without POLICY, policy.hujson or acl.hujson of the working directory is checked. `-` is standard input.
    """
    from aclc.check import check_source

    sources = [read_source(path, stdin_filename) for path in dict.fromkeys(policies_or_default(policies))]
    found: list[Diagnostic] = []
    tailnet = None
    if tailnets:
        loaded = read_tailnet(tailnets)
        found += loaded.diagnostics
        tailnet = loaded.value
    for source in sources:
        found += check_source(source, tailnet).diagnostics
    ordered = in_order(found)
    for kind, path in outputs or (("text", ""),):
        _report(kind, path, ordered, [source.name for source in sources], color, quiet=quiet)
    if fail_on != "never" and any(each.severity <= _LEVELS[fail_on] for each in ordered):
        sys.exit(1)


def _report(
    kind: str, path: str, found: Sequence[Diagnostic], names: Sequence[str], color: str, *, quiet: bool
) -> None:
    style = Style(
        wants_color(color, to_terminal=not path and sys.stdout.isatty()),
        bool(path) or speaks_unicode(),
        120 if path else terminal_width(),
    )
    if kind == "json":
        from aclc.reports.json_report import json_report

        text = json_report(found)
    else:
        lines = text_report(found, style) if kind == "text" else concise_report(found, style)
        text = "".join(lines) + ("" if quiet else summary(found, names, style))
    if path:
        write_file(path, [text.encode("utf-8", "backslashreplace")])
    else:
        write_stdout(text)
