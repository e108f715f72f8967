"""`aclc prove`: do the promises about a policy hold, in every tailnet that fits it?"""

from __future__ import annotations

import os
import sys

import click

from aclc.cli.facts import complain, read_policy_or_complain, read_tailnet_or_complain
from aclc.cli.inputs import InputError, read_source
from aclc.cli.outputs import output_style, write_stdout
from aclc.cli.settings import config_options, read_settings
from aclc.cli.targets import dialect_of, target_option
from aclc.diagnostics import Severity, in_order
from aclc.policy.model import Policy
from aclc.reach.promises import promises_of
from aclc.reach.property_file import Property
from aclc.reach.prove import findings, judge, prove, unknown_names
from aclc.reports.text import text_report

DEFAULT_PROPERTIES = "properties.aclc"


@click.command(
    epilog="""\b
Examples:
  aclc prove policy.hujson                         promises in properties.aclc beside it
  aclc prove policy.hujson --properties rules.aclc
  aclc prove policy.hujson --tailnet net.json      exactly on this tailnet instead
\b
A promise is a line like:
  assert group:contractors never reach tag:prod transitively
  assert only group:oncall reach tag:prod on tcp 22
  assert group:eng always reach tag:staging on tcp 443
  assert isolated tag:prod | tag:staging
  assert group:contractors reach at most 5 nodes
  assert nobody exposed but autogroup:shared
  assume tag:prod and tag:staging apart"""
)
@click.argument("policy", required=False)
@click.option("--properties", "path", metavar="FILE", help="Default: properties.aclc beside the policy.")
@click.option("--tailnet", "tailnets", multiple=True, metavar="FILE", help="Decide on this tailnet instead of all.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@target_option("The control plane whose meaning counts: tailscale, headscale@0.29, headscale@0.30.")
@config_options
def command(
    policy: str | None,
    path: str | None,
    tailnets: tuple[str, ...],
    kind: str,
    color: str,
    for_targets: tuple[str, ...],
    config_file: str | None,
    isolated: bool,
) -> None:
    """Decide the promises about a policy for every tailnet that it fits: any users, nodes, tags, addresses and routes.

    Exits 0 where all hold, 1 where one is broken or cannot be decided. A broken one comes with a witness and the lines
    that allow it.
    """
    settings = read_settings(config_file, isolated=isolated, beside=(policy,) if policy else ())
    name = settings.policy(policy)
    read = read_policy_or_complain(name, color, dialect=dialect_of(for_targets, settings))
    promises = _promises(name, read, path or settings.path("properties"), color)
    unknown = unknown_names(read, promises)
    if unknown:
        complain(list(unknown), name, color)
        sys.exit(1)
    tailnet = read_tailnet_or_complain(tailnets, color)
    verdicts = prove(read, promises) if tailnet is None else judge(read, tailnet, promises)
    found = in_order(findings(verdicts))
    if kind == "json":
        from aclc.reports.json_report import json_report

        write_stdout(json_report(found))
    else:
        style = output_style(color)
        write_stdout("".join(text_report(found, style)))
        where = "in every tailnet" if tailnet is None else f"in {tailnet.name}"
        holds = sum(verdict.state == "holds" for verdict in verdicts)
        undecided = sum(verdict.state == "undecided" for verdict in verdicts)
        tail = f", {undecided} cannot be decided" if undecided else ""
        broken = sum(each.severity is Severity.ERROR for each in found)
        write_stdout(f"{holds} of {len(verdicts)} properties hold {where}, {broken} broken{tail}.\n")
    if found:
        sys.exit(1)


def _promises(name: str, policy: Policy, path: str | None, color: str) -> tuple[Property, ...]:
    """Give the promises of a file, of the one beside the policy, and of a policy in the aclc language itself."""
    beside = os.path.join(os.path.dirname(name), DEFAULT_PROPERTIES)
    file = path or (beside if os.path.exists(beside) and beside != name else None)
    read = promises_of(policy, None if file is None else read_source(file))
    if read.failed or read.value is None:
        complain(list(read.diagnostics), file or name, color)
        sys.exit(1)
    if file is None and not read.value:
        raise InputError(f"{beside}: no such file; promises are read from there (or --properties FILE)")
    return read.value
