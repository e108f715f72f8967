"""`aclc check`: everything that is wrong with a policy, at once, offline."""

from __future__ import annotations

import sys
from datetime import date

import click

from aclc.cli.checking import Wishes, accept, apply_baseline, beyond, selection_of
from aclc.cli.checking import statistics as table
from aclc.cli.days import at_option, today
from aclc.cli.formats import FORMATS, OutputType, refuse_mixture, write_report
from aclc.cli.inputs import FileName, policies_or_default, read_sources
from aclc.cli.outputs import color_option
from aclc.cli.settings import config_options, read_settings
from aclc.cli.tailnets import read_tailnet, tailnet_option
from aclc.cli.targets import dialects_of, not_known, target_option
from aclc.diagnostics import Diagnostic, Severity, in_order
from aclc.lint.selection import PROFILES

_LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


@click.command(
    epilog="""\b
Examples:
  aclc check                                    the policy in this folder
  aclc check policy.hujson --tailnet net.json   with the facts of a tailnet
  aclc check a.hujson b.hujson -o concise       one line per finding
  aclc check -o text -o json:findings.json      for people and for machines
  aclc check --fix --diff                       what could be repaired, proven to change no access
  aclc check --against main                     only what is new since a revision
  aclc check --watch                            again whenever a file changes
  aclc check --target headscale@0.28            what this version of Headscale would say, without a server
  cat policy.hujson | aclc check -              from standard input"""
)
@click.argument("policies", nargs=-1, metavar="[POLICY]...", type=FileName())
@tailnet_option("Users and nodes; repeatable.")
@click.option(
    "--properties", type=FileName(), metavar="FILE", help="Promises; default: properties.aclc beside the policy."
)
@target_option("Control plane: tailscale, headscale, headscale@0.26 to 0.30; repeatable.")
@click.option("-o", "--output", "outputs", multiple=True, type=OutputType(), help=f"{', '.join(FORMATS)}; repeatable.")
@click.option(
    "--fail-on",
    type=click.Choice([*_LEVELS, "never"]),
    help="Exit 1 where a finding is at least this bad; default: error.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--profile", type=click.Choice(PROFILES), help="How much is said; default: default.")
@click.option("--select", multiple=True, metavar="RULES", help="Run these besides: codes, names, families (SEC).")
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not run these.")
@click.option("--baseline", type=FileName(), metavar="FILE", help="Findings in this file are accepted.")
@click.option("--write-baseline", type=FileName(), metavar="FILE", help="Accept what is found now.")
@click.option("--against", metavar="REV|FILE", help="Only findings that the policy there does not have.")
@click.option("--statistics", is_flag=True, help="Count findings instead of showing them.")
@at_option("The day that dates are held against; default: today.")
@click.option("--fix", "fixes", is_flag=True, help="Repair what can be repaired with proof that the meaning stays.")
@click.option("--unsafe-fixes", is_flag=True, help="Repair more; what that changes in meaning is shown.")
@click.option("--diff", "show", is_flag=True, help="Show repairs instead of making them.")
@click.option("--watch", "watching", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@config_options
@click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="What to call standard input in findings.")
@color_option
@click.option("-q", "--quiet", is_flag=True, help="No summary line.")
def command(
    policies: tuple[str, ...],
    tailnets: tuple[str, ...],
    outputs: tuple[tuple[str, str], ...],
    for_targets: tuple[str, ...],
    properties: str | None,
    fail_on: str | None,
    exit_zero: bool,
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: str | None,
    write_baseline: str | None,
    against: str | None,
    statistics: bool,
    at: date | None,
    fixes: bool,
    unsafe_fixes: bool,
    show: bool,
    watching: bool,
    config_file: str | None,
    isolated: bool,
    stdin_filename: str,
    color: str,
    quiet: bool,
) -> None:
    """Say everything that is wrong with a policy, and run its tests.

    Without POLICY, policy.hujson or acl.hujson of the working directory is checked. `-` is standard input.
    """
    refuse_mixture(outputs)
    if watching:
        from aclc.cli.watching import keep_checking

        keep_checking(click.get_current_context())
    settings = read_settings(config_file, isolated=isolated, beside=policies)
    paths = tuple(dict.fromkeys(policies_or_default(policies or settings.paths("policy"))))
    sources = read_sources(paths, stdin_filename)
    found: list[Diagnostic] = []
    tailnet = None
    tailnets = tailnets or settings.paths("tailnet")
    if tailnets:
        loaded = read_tailnet(tailnets)
        found += loaded.diagnostics
        tailnet = loaded.value
    selection = selection_of(settings, profile, select, ignore)
    dialects = dialects_of(for_targets, settings)
    promises = properties or settings.path("properties")
    wishes = Wishes(settings, selection, tailnet, promises, at or today(), dialects, at)
    if fixes or unsafe_fixes or show:
        from aclc.cli.fixing import repair_all

        unknown = [dialect for dialect in dialects if dialect.meaning is None]
        if unknown:
            raise click.UsageError(f"Repairs cannot be proven: {not_known(unknown[0])}")
        fixed = repair_all(paths, sources, wishes, color, show=show, unsafe=unsafe_fixes)
        if show:
            sys.exit(1 if any(each.made for each in fixed) and not exit_zero else 0)
        found += (each for one in fixed for each in one.after.diagnostics)
    else:
        found += (each for source in sources for each in wishes.check(source).diagnostics)
    ordered = in_order(found)
    if write_baseline is not None:
        ordered = accept(ordered, write_baseline)
    if baseline := baseline or (None if write_baseline else settings.path("baseline")):
        ordered = apply_baseline(ordered, baseline)
    if against is not None:
        ordered = beyond(ordered, sources, against, wishes)
    # WHY: with `--fix` the repaired text of standard input is what goes to standard output.
    to_error = "-" in paths and (fixes or unsafe_fixes)
    if statistics:
        click.echo(table(ordered), nl=False, err=to_error)
    for kind, path in outputs or (() if statistics else (("text", ""),)):
        write_report(kind, path, ordered, [source.name for source in sources], color, quiet=quiet, to_error=to_error)
    level = "never" if exit_zero else fail_on or settings.text("fail-on") or "error"
    if level != "never" and any(each.severity <= _LEVELS[level] for each in ordered):
        sys.exit(1)
