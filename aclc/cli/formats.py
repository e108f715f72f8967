"""The outputs that `aclc check` knows, several of which may be asked for at once: `-o FORMAT` or `-o FORMAT:FILE`."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from aclc.cli.inputs import InputError, reason
from aclc.cli.outputs import WIDTH, output_style, wants_color, write_file, write_stdout
from aclc.diagnostics import Diagnostic, did_you_mean
from aclc.reports.style import Style
from aclc.reports.text import concise_report, summary, text_report

FORMATS = (
    "text",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "junit",
    "github",
    "gitlab",
    "checkstyle",
    "rdjson",
    "markdown",
)
FOR_PEOPLE = ("text", "concise")


class OutputType(click.ParamType[tuple[str, str]]):
    """`FORMAT` or `FORMAT:FILE`."""

    name = "FORMAT[:FILE]"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Give the formats that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(kind) for kind in FORMATS if kind.startswith(incomplete)]

    def convert(
        self, value: tuple[str, str] | str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Give (format, file); the file is empty for standard output."""
        if isinstance(value, tuple):
            return value
        kind, colon, path = value.partition(":")
        if kind not in FORMATS:
            near = did_you_mean(kind, FORMATS)
            hint = f" Did you mean '{near}'?" if near else ""
            self.fail(f"'{kind}' is not one of {', '.join(FORMATS)}.{hint}", param, ctx)
        if colon and not path:
            self.fail(f"'{value}' names no file.", param, ctx)
        return kind, "" if path == "-" else path


def refuse_mixture(outputs: Sequence[tuple[str, str]]) -> None:
    """Refuse two reports in one place, where nobody could tell them apart."""
    places = [path for _, path in outputs]
    for path in places:
        if places.count(path) > 1:
            where = f"the file '{path}'" if path else "standard output; write FORMAT:FILE for all but one"
            raise click.UsageError(f"Two reports go to {where}.")


def write_report(
    kind: str,
    path: str,
    found: Sequence[Diagnostic],
    names: Sequence[str],
    color: str,
    *,
    quiet: bool,
    to_error: bool = False,
) -> None:
    """Write one report to a file, or to standard output where `path` is empty.

    Args:
        kind: one of FORMATS.
        path: the file, which appears whole or not at all.
        found: the findings, in order.
        names: the files that were checked.
        color: auto, always or never.
        quiet: no summary line in reports for people.
        to_error: write to the error stream instead of standard output.

    `github` also adds the table to the job's summary, where the environment names a file for it.
    """
    if kind in FOR_PEOPLE:
        style = (
            Style(wants_color(color, to_terminal=False), unicode=True, width=WIDTH)
            if path
            else output_style(color, to_error=to_error)
        )
        lines = text_report(found, style, _reasons(found)) if kind == "text" else concise_report(found, style)
        text = "".join(lines) + ("" if quiet else summary(found, names, style))
    else:
        text = machine_text(kind, found, names)
    if path:
        write_file(path, [text.encode("utf-8", "backslashreplace")])
    elif to_error:
        click.echo(text, nl=False, err=True)
    else:
        write_stdout(text)
    if kind == "github" and (job_summary := os.environ.get("GITHUB_STEP_SUMMARY")):
        _add_to_summary(job_summary, found)


def machine_text(kind: str, found: Sequence[Diagnostic], names: Sequence[str]) -> str:
    """Give a report that programs read. Each format is imported only when it is asked for."""
    if kind == "json":
        from aclc.reports.json_report import json_report

        return json_report(found)
    if kind == "jsonl":
        from aclc.reports.jsonl import jsonl_report

        return jsonl_report(found)
    if kind == "sarif":
        from aclc.reports.sarif import sarif_report

        return sarif_report(found)
    if kind == "junit":
        from aclc.reports.junit import junit_report

        return junit_report(found, names)
    if kind == "github":
        from aclc.reports.github import github_report

        return github_report(found)
    if kind == "gitlab":
        from aclc.reports.gitlab import gitlab_report

        return gitlab_report(found)
    if kind == "checkstyle":
        from aclc.reports.checkstyle import checkstyle_report

        return checkstyle_report(found)
    if kind == "rdjson":
        from aclc.reports.rdjson import rdjson_report

        return rdjson_report(found)
    from aclc.reports.markdown import markdown_report

    return markdown_report(found)


def _reasons(found: Sequence[Diagnostic]) -> dict[str, str]:
    if not found:
        return {}
    # WHY here: a clean policy needs none, and start-up time counts.
    from aclc.lint.catalogue import reasons

    return reasons({each.code.id for each in found})


def _add_to_summary(path: str, found: Sequence[Diagnostic]) -> None:
    from aclc.reports.markdown import markdown_report

    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"### aclc check\n\n{markdown_report(found)}")
    except OSError as error:
        raise InputError(f"{path} (GITHUB_STEP_SUMMARY): cannot be written: {reason(error)}") from None
