"""`aclc convert`: one policy in another language or form, proven to mean the same before anything is written."""

from __future__ import annotations

import sys

import click

from aclc.check import check_source, read_source_text
from aclc.cli.complaints import complain
from aclc.cli.outputs import COLORS, output_style, write_file, write_stdout
from aclc.cli.revisions import read_revision_or_file
from aclc.cli.settings import config_options, read_settings
from aclc.cli.targets import dialect_of, target_option
from aclc.convert import converted
from aclc.diagnostics import Severity
from aclc.dialects.dialect import Dialect
from aclc.fix import why_not_the_same
from aclc.lint.selection import ERRORS
from aclc.policy.model import Policy
from aclc.reach.diff import diff
from aclc.reports.diff_text import diff_text
from aclc.source import LANGUAGE_SUFFIX


@click.command(
    epilog="""\b
Examples:
  aclc convert policy.hujson -o policy.aclc       into the aclc language
  aclc convert policy.aclc -o policy.hujson       back, ready to push
  aclc convert policy.hujson --acls-to-grants     the same policy with grants only
  aclc convert policy.hujson --current-spellings  `users`, `ports`, `autogroup:members`, … as they are spelled today"""
)
@click.argument("policy", required=False)
@click.option("-o", "--out", metavar="FILE", help="Write here; the suffix says the language.")
@click.option(
    "--to",
    type=click.Choice(["hujson", "aclc"]),
    help="Default: by --out's suffix; else the other language, or where the policy gets another form, its own.",
)
@click.option("--acls-to-grants", is_flag=True, help="Turn acls into grants; implies --current-spellings.")
@click.option("--current-spellings", is_flag=True, help="Replace old spellings of keys, options and autogroups.")
@click.option("--color", type=click.Choice(COLORS), default="auto", show_default=True)
@target_option("The control plane that it is for: tailscale, headscale@0.29, headscale@0.30.")
@config_options
def command(
    policy: str | None,
    out: str | None,
    to: str | None,
    acls_to_grants: bool,
    current_spellings: bool,
    color: str,
    for_targets: tuple[str, ...],
    config_file: str | None,
    isolated: bool,
) -> None:
    """Write a policy in the aclc language, as HuJSON, with grants instead of acls, or in today's spellings.

    The result is read again and proven to give the same access in every tailnet, and to hold the same tests. Where it
    does not, the difference is shown, nothing is written, and the exit code is 1. Comments are kept. A policy that the
    control plane would refuse is not converted.
    """
    settings = read_settings(config_file, isolated=isolated, beside=(policy,) if policy else ())
    name = settings.policy(policy)
    read = _without_errors(name, color, dialect_of(for_targets, settings))
    own = "aclc" if read.document.span(()).source.is_language else "hujson"
    other = "hujson" if own == "aclc" else "aclc"
    by_suffix = None if out is None else "aclc" if out.endswith(LANGUAGE_SUFFIX) else "hujson"
    target = to or by_suffix or (own if acls_to_grants or current_spellings else other)
    result = converted(read, target, acls_to_grants=acls_to_grants, current_spellings=current_spellings)
    again = read_source_text(result, read.dialect).value
    if again is None:
        raise AssertionError("aclc wrote what it cannot read")
    reason = why_not_the_same(read, again)
    if reason is not None:
        click.echo(f"{name}: not converted: {reason}.", err=True)
        write_stdout("".join(diff_text(diff(read, again), output_style(color))))
        sys.exit(1)
    if out is None:
        write_stdout(result.text)
    else:
        write_file(out, [result.text.encode("utf-8", "surrogateescape")])
        left = f"; {_count(len(again.acls))} left, which no grant can say" if acls_to_grants and again.acls else ""
        click.echo(f"Wrote {out}: the same access in every tailnet, proven{left}.", err=True)


def _without_errors(name: str, color: str, dialect: Dialect) -> Policy:
    """Give a policy that a control plane would take; errors end the command with exit code 1."""
    source = read_revision_or_file(name)
    checked = check_source(source, None, dialect, selection=ERRORS, with_tests=False)
    errors = [found for found in checked.diagnostics if found.severity is Severity.ERROR]
    if checked.policy is None or errors:
        complain(errors, source.name, color)
        sys.exit(1)
    return checked.policy


def _count(acls: int) -> str:
    return f"{acls} acl{'' if acls == 1 else 's'}"
