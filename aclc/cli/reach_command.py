"""`aclc reach`: who reaches what, as a list, as a matrix, or as the blast radius of one principal."""

from __future__ import annotations

from datetime import date

import click

from aclc.cli.days import at_option
from aclc.cli.facts import read_policy_or_complain, read_tailnet_or_complain
from aclc.cli.inputs import FileName, InputError
from aclc.cli.outputs import color_option, output_style, write_stdout
from aclc.cli.settings import config_options, read_settings
from aclc.cli.tailnets import tailnet_option
from aclc.cli.targets import dialect_of, target_option
from aclc.cli.unnamed import tell_unnamed
from aclc.cli.why_command import split_destination
from aclc.reach.graph.service_sets import PING
from aclc.reach.population.principals import UnknownPrincipalError, principal
from aclc.reach.questions.answers import BlastAnswer, ListAnswer, MatrixAnswer, blast_answer, list_answer, matrix_answer
from aclc.reach.words.setting import setting
from aclc.reports.reach import FORMATS, reach_report


@click.command(
    epilog="""\b
Examples:
  aclc reach policy.hujson                         everything that the policy opens
  aclc reach policy.hujson --from group:eng        what they reach
  aclc reach policy.hujson --to tag:db:5432        who reaches it
  aclc reach policy.hujson --matrix                groups, tags and hosts against each other
  aclc reach policy.hujson --blast alice@example.com --tailnet net.json"""
)
@click.argument("policy", required=False, type=FileName())
@click.option("--from", "sources", multiple=True, metavar="WHO", help="Only what this reaches; may be given again.")
@click.option(
    "--to", "targets", multiple=True, metavar="WHAT[:PORT[/PROTO]]", help="Only who reaches this; also again."
)
@click.option("--matrix", is_flag=True, help="A table of selectors: what the policy speaks of, or --from and --to.")
@click.option("--blast", metavar="WHO", help="What falls if this is taken over: by SSH, by tags, by routers.")
@tailnet_option("Be exact, with counts, on this tailnet.")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="text", show_default=True)
@color_option
@at_option()
@target_option("The control plane whose meaning counts: tailscale, headscale@0.29, headscale@0.30.")
@config_options
def command(
    policy: str | None,
    sources: tuple[str, ...],
    targets: tuple[str, ...],
    matrix: bool,
    blast: str | None,
    tailnets: tuple[str, ...],
    kind: str,
    color: str,
    at: date | None,
    for_targets: tuple[str, ...],
    config_file: str | None,
    isolated: bool,
) -> None:
    """Say who reaches what over the network, by which lines.

    WHO and WHAT are anything that a policy can name, or a node of the tailnet by its name. Without --tailnet the
    answer is about every tailnet that the policy could be used on, in the policy's own words and without counts.
    """
    settings = read_settings(config_file, isolated=isolated, beside=(policy,) if policy else ())
    tailnets = tailnets or settings.paths("tailnet")
    if blast is not None and (matrix or sources or targets):
        raise click.UsageError("--blast is a question of its own; leave --matrix, --from and --to out.")
    read = read_policy_or_complain(settings.policy(policy), color, dialect=dialect_of(for_targets, settings), at=at)
    tailnet = read_tailnet_or_complain(tailnets, color)
    split = [split_destination(text) for text in targets]
    ports = {(protocol, port) for _, protocol, port in split if port is not None}
    if ports and (matrix or len(split) > 1):
        raise click.UsageError("a port goes with one --to, and not with --matrix.")
    try:
        left = [principal(text, read, tailnet) for text in sources]
        right = [principal(text, read, tailnet) for text, _, _ in split]
        center = principal(blast, read, tailnet) if blast is not None else None
    except UnknownPrincipalError as error:
        raise InputError(str(error)) from None
    asked = [*left, *right, *([center] if center else [])]
    tell_unnamed(asked, read, tailnet)
    ground = setting([read], tailnet, [each.selector for each in asked])
    answer: ListAnswer | MatrixAnswer | BlastAnswer
    if center is not None:
        answer = blast_answer(ground, read, center)
    elif matrix:
        answer = matrix_answer(ground, read, left, right)
    else:
        services = tuple(PING[0] if protocol in {1, 58} else (protocol, port, port) for protocol, port in ports) or None
        answer = list_answer(ground, read, left, right, services)
    for chunk in reach_report(answer, kind, output_style(color)):
        write_stdout(chunk)
