"""`aclc graph`: a picture of who reaches what."""

from __future__ import annotations

from datetime import date

import click

from aclc.cli.days import at_option
from aclc.cli.facts import read_policy_or_complain, read_tailnet_or_complain
from aclc.cli.inputs import FileName, InputError
from aclc.cli.outputs import color_option, write_file, write_stdout
from aclc.cli.settings import config_options, read_settings
from aclc.cli.tailnets import tailnet_option
from aclc.cli.targets import dialect_of, target_option
from aclc.cli.unnamed import tell_unnamed
from aclc.reach.graph.space import View
from aclc.reach.pictures.focus import focused
from aclc.reach.pictures.picture import MOST_FLOWS, selector_picture
from aclc.reach.population.principals import Principal, UnknownPrincipalError, principal
from aclc.reach.words.rule_naming import RuleNaming
from aclc.reach.words.setting import setting
from aclc.reports.graph import FORMATS, graph_report


@click.command(
    epilog="""\b
Examples:
  aclc graph policy.hujson -o access.svg --format svg
  aclc graph policy.hujson --format html -o access.html     to search and to point at
  aclc graph policy.hujson --format mermaid                 for a Markdown document
  aclc graph policy.hujson --from group:eng --depth 2       what they reach, and what that reaches
  aclc graph policy.hujson --nodes --tailnet net.json --to db-prod"""
)
@click.argument("policy", required=False, metavar="[POLICY]", type=FileName())
@click.option("--from", "sources", multiple=True, metavar="WHO", help="Only what this reaches; may be given again.")
@click.option("--to", "targets", multiple=True, metavar="WHAT", help="Only who reaches this; may be given again.")
@click.option(
    "--depth", type=click.IntRange(1, 20), default=1, show_default=True, help="How many connections to go on."
)
@click.option("--nodes", is_flag=True, help="Draw nodes, not selectors; needs --tailnet.")
@click.option(
    "--most", type=click.IntRange(0), default=MOST_FLOWS, show_default=True, help="Connections drawn at most; 0: all."
)
@tailnet_option("Draw this tailnet instead of all.")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="dot", show_default=True)
@click.option("-o", "--output", "path", type=FileName(), metavar="FILE", help="Default: standard output.")
@at_option()
@target_option("The control plane whose meaning counts: tailscale, headscale@0.29, headscale@0.30.")
@config_options
@color_option
def command(
    policy: str | None,
    sources: tuple[str, ...],
    targets: tuple[str, ...],
    depth: int,
    nodes: bool,
    most: int,
    tailnets: tuple[str, ...],
    kind: str,
    path: str | None,
    at: date | None,
    for_targets: tuple[str, ...],
    config_file: str | None,
    isolated: bool,
    color: str,
) -> None:
    """Draw who reaches what over the network: effective access, with whatever is implied left out.

    Names that nothing tells apart share a box, and one arrow stands for all ports of a connection. What is not drawn,
    for want of room, is said.
    """
    settings = read_settings(config_file, isolated=isolated, beside=(policy,) if policy else ())
    name = settings.policy(policy)
    read = read_policy_or_complain(name, color, dialect=dialect_of(for_targets, settings), at=at)
    tailnet = read_tailnet_or_complain(tailnets or settings.paths("tailnet"), color)
    if nodes and tailnet is None:
        raise click.UsageError("--nodes draws the nodes of a tailnet: name it with --tailnet.")
    try:
        left = [principal(text, read, tailnet) for text in sources]
        right = [principal(text, read, tailnet) for text in targets]
    except UnknownPrincipalError as error:
        raise InputError(str(error)) from None
    tell_unnamed([*left, *right], read, tailnet)
    ground = setting([read], tailnet, [each.selector for each in (*left, *right)])
    view = ground.view(read)
    rows = focused(view, _endpoints(view, left, "src"), _endpoints(view, right, "dst"), depth)
    if nodes:
        from aclc.reach.pictures.node_picture import node_picture

        picture = node_picture(view, rows, most)
    else:
        picture = selector_picture(rows, RuleNaming(view, (*left, *right)), most)
    text = graph_report(picture, view, kind, name, None if ground.everywhere else ground.tailnet.name)
    if path is None:
        write_stdout(text)
    else:
        write_file(path, [text.encode("utf-8", "backslashreplace")])


def _endpoints(view: View, principals: list[Principal], side: str) -> int | None:
    """Give what principals mean on one side; None where there are none: everything."""
    found = 0
    for each in principals:
        found |= each.sources(view) if side == "src" else each.targets(view)
    return found if principals else None
