"""`aclc prove`: do the promises about a policy hold, in every tailnet that fits it?"""

from __future__ import annotations

import os
import sys
from datetime import date

import click

from aclc.cli.complaints import complain
from aclc.cli.days import at_option
from aclc.cli.facts import read_policy_and_doubts, read_tailnet_or_complain
from aclc.cli.inputs import FileName, InputError, read_source
from aclc.cli.outputs import color_option, output_style, write_stdout
from aclc.cli.settings import config_options, read_settings
from aclc.cli.tailnets import tailnet_option
from aclc.cli.targets import dialect_of, target_option
from aclc.diagnostics import Outcome, in_order
from aclc.policy.model import Policy
from aclc.reach.properties.promises import example_promise, promises_of
from aclc.reach.properties.property_file import Property
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import judge, prove

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
  assert tag:web exposed at most to shared, internet
  assert no new access against git:main
  assert equivalent to old.hujson
  assume tag:prod and tag:staging apart"""
)
@click.argument("policy", required=False, type=FileName())
@click.option(
    "--properties", "path", type=FileName(), metavar="FILE", help="Default: properties.aclc beside the policy."
)
@tailnet_option("Decide on this tailnet instead of all.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
@color_option
@at_option()
@target_option("The control plane whose meaning counts: tailscale, headscale@0.29, headscale@0.30.")
@config_options
def command(
    policy: str | None,
    path: str | None,
    tailnets: tuple[str, ...],
    kind: str,
    color: str,
    at: date | None,
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
    dialect = dialect_of(for_targets, settings)
    read, doubts = read_policy_and_doubts(name, color, dialect=dialect, at=at)
    promises = _promises(name, read, path or settings.path("properties"))
    bound = bind_names(read, promises.value or ())
    if bound.value is None or promises.diagnostics or bound.diagnostics:
        complain(in_order((*promises.diagnostics, *bound.diagnostics)), name, color)
        sys.exit(1)
    tailnet = read_tailnet_or_complain(tailnets, color)

    def other(wanted: str, named_in: str) -> Policy | str:
        from aclc.cli.compared import other_policy

        return other_policy(wanted, named_in, name, dialect)

    verdicts = prove(read, bound.value, other) if tailnet is None else judge(read, tailnet, bound.value, other)
    if doubts:
        verdicts = tuple(
            each._replace(state="undecided", doubts=doubts) if each.state == "holds" else each for each in verdicts
        )
    where = None if tailnet is None else tailnet.name
    if kind == "json":
        from aclc.reports.prove_json import prove_json

        write_stdout(prove_json(verdicts, where))
    else:
        from aclc.reports.prove_text import prove_text

        write_stdout("".join(prove_text(verdicts, where, output_style(color))))
    if any(verdict.state != "holds" for verdict in verdicts):
        sys.exit(1)


def _promises(name: str, policy: Policy, path: str | None) -> Outcome[tuple[Property, ...]]:
    """Give the promises of a file, of the one beside the policy, and of a policy in the aclc language itself."""
    beside = os.path.join(os.path.dirname(name), DEFAULT_PROPERTIES)
    file = path or (beside if os.path.exists(beside) and beside != name else None)
    read = promises_of(policy, None if file is None else read_source(file))
    if file is None and not read.value and not read.diagnostics:
        raise InputError(
            f"{beside}: no such file; promises are read from there (or --properties FILE), one a line, like "
            f"`{example_promise(policy)}`"
        )
    return read
