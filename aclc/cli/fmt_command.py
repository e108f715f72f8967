"""`aclc fmt`: policies in one form: the control plane's own, or that of the aclc language."""

from __future__ import annotations

import sys

import click

from aclc.cli.complaints import complain
from aclc.cli.inputs import FileName, policies_or_default, read_source
from aclc.cli.outputs import color_option, text_diff, write_file, write_stdout, write_stdout_bytes
from aclc.cli.settings import config_options, read_settings
from aclc.diagnostics import Diagnostic, Severity
from aclc.source import Source
from aclc.syntax.hujson_format import format_hujson
from aclc.syntax.hujson_meaning import same_meaning


@click.command(
    epilog="""\b
Examples:
  aclc fmt policy.hujson                the formatted text on standard output
  aclc fmt -w policy.hujson             write it back
  aclc fmt --check policies/*.hujson    exit 1 where something is not formatted
  aclc fmt --diff policy.hujson         show what would change
  cat policy.hujson | aclc fmt -"""
)
@click.argument("policies", nargs=-1, metavar="[POLICY]...", type=FileName())
@click.option("-w", "--write", is_flag=True, help="Write the files that change.")
@click.option("--check", is_flag=True, help="Name the files that would change, and exit 1 where there is one.")
@click.option("--diff", "show", is_flag=True, help="Show what would change, and exit 1 where something would.")
@click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="What to call standard input.")
@color_option
@config_options
def command(
    policies: tuple[str, ...],
    write: bool,
    check: bool,
    show: bool,
    stdin_filename: str,
    color: str,
    config_file: str | None,
    isolated: bool,
) -> None:
    """Format policies: HuJSON as the control plane's formatter does, byte for byte; `.aclc` files in their one layout.

    Comments and blank lines stay, and in HuJSON the choice of one line or several. Before anything is written, the
    formatted text is read again: same values, same comments. Text with errors is not touched; it exits 1 with them.
    """
    if write and (check or show):
        raise click.UsageError("--write does not go with --check or --diff.")
    settings = read_settings(config_file, isolated=isolated, beside=policies)
    paths = tuple(dict.fromkeys(policies_or_default(policies or settings.paths("policy"))))
    if len(paths) > 1 and not (write or check or show):
        raise click.UsageError("Several files need --write, --check or --diff.")
    failed = False
    for path in paths:
        source = read_source(path, stdin_filename)
        formatted = formatted_or_complain(source, color)
        if formatted is None:
            failed = True
        elif check or show:
            changed = formatted != source.text
            failed = failed or changed
            if changed and check:
                click.echo(f"would reformat {source.name}", err=True)
            if changed and show:
                write_stdout(text_diff(source.name, source.text, formatted))
        elif write and path != "-":
            if formatted != source.text:
                write_file(path, [formatted.encode("utf-8", "surrogateescape")])
                click.echo(f"reformatted {source.name}", err=True)
        else:
            write_stdout_bytes([formatted.encode("utf-8", "surrogateescape")])
    if failed:
        sys.exit(1)


def formatted_or_complain(source: Source, color: str) -> str | None:
    """Give the formatted text; None, with the reason on the error stream, where there is none that may be used."""
    if source.is_language:
        return _formatted_language(source, color)
    try:
        formatted = format_hujson(source.text)
    except RecursionError:  # brackets nest hundreds deep: that is told as an error of the text
        formatted = None
    if formatted is None:
        complain(_errors(source), source.name, color)
        return None
    if not same_meaning(source.text, formatted):
        click.echo(
            f"{source.name}: not formatted: the formatter would lose bytes that are not UTF-8",
            err=True,
        )
        return None
    return formatted


def _formatted_language(source: Source, color: str) -> str | None:
    # WHY not at the head: the parser of the language takes long to load, and most policies are HuJSON.
    from aclc.syntax.language import parse_language
    from aclc.syntax.language_format import format_language, same_statements

    formatted = format_language(source.text)
    if formatted is None:
        complain(list(parse_language(source).diagnostics), source.name, color)
        return None
    if not same_statements(source.text, formatted):
        raise AssertionError("the formatter of the aclc language changed what a text says")
    return formatted


def _errors(source: Source) -> list[Diagnostic]:
    from aclc.syntax.hujson_read import parse_hujson

    found = parse_hujson(source).diagnostics
    return [each for each in found if each.severity is Severity.ERROR]
