"""`aclc convert`: one policy in another language or form, or for another control plane, proven to mean the same."""

from __future__ import annotations

import sys
from datetime import date

import click
from click.shell_completion import CompletionItem

from aclc.check import check_source, read_source_text
from aclc.cli.complaints import complain
from aclc.cli.converting import tell_of_promises, write_converted
from aclc.cli.days import at_option
from aclc.cli.inputs import FileName
from aclc.cli.outputs import color_option, output_style, write_stdout
from aclc.cli.revisions import read_revision_or_file
from aclc.cli.settings import config_options, read_settings
from aclc.cli.targets import CHOICES, TargetType, dialect_of
from aclc.cli.transferring import transfer_policy
from aclc.convert import converted, sources_of
from aclc.diagnostics import Severity
from aclc.dialects import dialect_named
from aclc.dialects.dialect import Dialect
from aclc.fix import why_not_the_same
from aclc.lint.selection import ERRORS
from aclc.policy.model import Policy
from aclc.reach.difference.diff import diff
from aclc.reports.diff_text import diff_text
from aclc.source import LANGUAGE_SUFFIX

LANGUAGES = ("hujson", "aclc")


class FormType(TargetType):
    """A language, or the name of a control plane."""

    name = "form"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the language, or the control plane's canonical name."""
        return value.lower() if value.lower() in LANGUAGES else super().convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Give the names that begin as what is typed."""
        return [CompletionItem(name) for name in (*LANGUAGES, *CHOICES) if name.startswith(incomplete)]


@click.command(
    epilog="""\b
Examples:
  aclc convert policy.hujson -o policy.aclc       into the aclc language
  aclc convert policy.aclc -o policy.hujson       back, ready to push
  aclc convert policy.hujson --acls-to-grants     the same policy with grants only
  aclc convert policy.hujson --current-spellings  `users`, `ports`, `autogroup:members`, … as they are spelled today
  aclc convert policy.hujson --from tailscale --to headscale@0.29 -o headscale.hujson
                                                  for another control plane, or what keeps it from being the same"""
)
@click.argument("policy", required=False, type=FileName())
@click.option("-o", "--out", type=FileName(), metavar="FILE", help="Write here; the suffix says the language.")
@click.option(
    "--to",
    "forms",
    multiple=True,
    type=FormType(),
    metavar="FORM",
    help="hujson, aclc, a control plane, or one of each. Default: by --out's suffix; else the other language, or where "
    "the policy gets another form, its own.",
)
@click.option("--acls-to-grants", is_flag=True, help="Turn acls into grants; implies --current-spellings.")
@click.option("--current-spellings", is_flag=True, help="Replace old spellings of keys, options and autogroups.")
@click.option(
    "--accept-difference",
    is_flag=True,
    help="With --to a control plane: write also what does not mean the same, without what is refused.",
)
@at_option()
@color_option
@click.option(
    "--target",
    "--from",
    "for_targets",
    multiple=True,
    type=TargetType(),
    metavar="TARGET",
    help="The control plane that it is for now; default: tailscale.",
)
@config_options
def command(
    policy: str | None,
    out: str | None,
    forms: tuple[str, ...],
    acls_to_grants: bool,
    current_spellings: bool,
    accept_difference: bool,
    at: date | None,
    color: str,
    for_targets: tuple[str, ...],
    config_file: str | None,
    isolated: bool,
) -> None:
    """Write a policy in the aclc language, as HuJSON, with grants instead of acls, in today's spellings, or for another
    control plane.

    The result is read again and proven to give the same access in every tailnet, and to hold the same tests. Where it
    does not, the difference is shown, nothing is written, and the exit code is 1. Comments are kept. A policy that the
    control plane would refuse is not converted. For another control plane, what that one takes only in another
    spelling is spelled so; what it refuses, or means otherwise, is told.
    """
    language, plane = _asked(forms)
    settings = read_settings(config_file, isolated=isolated, beside=(policy,) if policy else ())
    name = settings.policy(policy)
    dialect = dialect_of(for_targets, settings, unknown_too=plane is not None)
    read = _without_errors(name, color, dialect, at, with_tests=plane is not None)
    own = "aclc" if read.document.span(()).source.is_language else "hujson"
    other = "hujson" if own == "aclc" else "aclc"
    by_suffix = None if out is None else "aclc" if out.endswith(LANGUAGE_SUFFIX) else "hujson"
    keeps = acls_to_grants or current_spellings or plane is not None
    target = language or by_suffix or (own if keeps else other)
    if own == target == "aclc" and at is not None:
        raise click.UsageError("--at leaves out rules where the policy is written as HuJSON: add --to hujson.")
    if plane is not None:
        if acls_to_grants or current_spellings:
            raise click.UsageError("One thing at a time: another form first, then another control plane.")
        transfer_policy(read, plane, target, out, color, accept=accept_difference)
        return
    if accept_difference:
        raise click.UsageError("--accept-difference goes with --to a control plane.")
    if own == target == "aclc" and (count := len(sources_of(read))) > 1:
        raise click.UsageError(
            f"{name} is written in {count} files, and would become one: whose part is whose would be lost. Write it as "
            "HuJSON (--to hujson), or change the files by hand and let `aclc diff` compare."
        )
    result = converted(read, target, acls_to_grants=acls_to_grants, current_spellings=current_spellings)
    again = read_source_text(result, read.dialect).value
    if again is None:
        raise AssertionError("aclc wrote what it cannot read")
    reason = why_not_the_same(read, again)
    if reason is not None:
        click.echo(f"{name}: not converted: {reason}.", err=True)
        write_stdout("".join(diff_text(diff(read, again), output_style(color))))
        sys.exit(1)
    left = f"; {_count(len(again.acls))} left, which no grant can say" if acls_to_grants and again.acls else ""
    write_converted(result, out, f"the same access in every tailnet, proven{left}.")
    tell_of_promises(read, target)


def _asked(forms: tuple[str, ...]) -> tuple[str | None, Dialect | None]:
    """Give the language and the control plane that `--to` names; None for what it does not."""
    languages = [form for form in forms if form in LANGUAGES]
    planes = [form for form in forms if form not in LANGUAGES]
    if len(languages) > 1 or len(planes) > 1:
        raise click.UsageError("--to names one language and one control plane at most.")
    return languages[0] if languages else None, dialect_named(planes[0]) if planes else None


def _without_errors(name: str, color: str, dialect: Dialect, at: date | None, *, with_tests: bool) -> Policy:
    """Give a policy that a control plane would take; errors end the command with exit code 1.

    `with_tests`: whether tests that fail are errors. Between forms they fail alike.
    """
    source = read_revision_or_file(name)
    checked = check_source(source, None, dialect, selection=ERRORS, at=at, with_tests=with_tests)
    errors = [found for found in checked.diagnostics if found.severity is Severity.ERROR]
    if checked.policy is None or errors:
        complain(errors, source.name, color)
        sys.exit(1)
    return checked.policy


def _count(acls: int) -> str:
    return f"{acls} acl{'' if acls == 1 else 's'}"
