"""`aclc diff`: what a change of the policy really opens and closes."""

from __future__ import annotations

import sys
from datetime import date

import click

from aclc.cli.complaints import complain
from aclc.cli.days import at_option
from aclc.cli.facts import read_policy_and_doubts, read_tailnet_or_complain
from aclc.cli.inputs import FileName, read_source
from aclc.cli.outputs import color_option, output_style, write_stdout
from aclc.cli.revisions import old_and_new
from aclc.cli.settings import config_options
from aclc.cli.tailnets import tailnet_option
from aclc.cli.targets import dialects_of, known, target_option
from aclc.reach.difference.accepted import Accepted, parse_accepted
from aclc.reach.difference.diff import diff


@click.command(
    epilog="""\b
Examples:
  aclc diff                                        the policy here, against where its branch began
  aclc diff old.hujson new.hujson                  two files, for every tailnet
  aclc diff git:main policy.hujson                 against the same file on a branch
  aclc diff git:v1:acl.hujson git:v2:acl.hujson    two revisions
  aclc diff git:main policy.hujson --no-new-access exit 1 where anybody gains anything
  aclc diff policy.hujson policy.hujson --target tailscale --target headscale
                                                   what the one policy means there and here
  aclc diff net.aclc net.aclc --at 2027-01-01      what ends by then"""
)
@click.argument("old", required=False, metavar="[OLD]", type=FileName())
@click.argument("new", required=False, metavar="[NEW]", type=FileName())
@tailnet_option("Be exact on this tailnet instead of all.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--no-new-access", is_flag=True, help="Exit 1 where anybody can do more than before.")
@click.option(
    "--allow",
    "allowed",
    type=FileName(),
    metavar="FILE",
    help="Gains that were agreed to, which --no-new-access lets pass.",
)
@target_option("The control plane that both are for, or two: OLD's and NEW's.")
@at_option("NEW as it is on this day: rules that end before it are left out.")
@config_options
@color_option
def command(
    old: str | None,
    new: str | None,
    tailnets: tuple[str, ...],
    kind: str,
    no_new_access: bool,
    allowed: str | None,
    for_targets: tuple[str, ...],
    at: date | None,
    config_file: str | None,
    isolated: bool,
    color: str,
) -> None:
    """Say who gains and who loses access between two policies, and because of which lines.

    OLD and NEW are files, `-`, `git:REV` (the other file at a revision) or `git:REV:PATH`. With one of them, NEW is a
    file and OLD the same file where the branch began (the base of the merge request in CI), or OLD is `git:REV` and
    NEW the policy here. Without --tailnet the answer holds for every tailnet: "no change" is then a proof.
    """
    if len(for_targets) > 2:
        raise click.UsageError("Two policies have two targets at most.")
    old, new, settings = old_and_new(old, new, config_file, isolated=isolated)
    # WHY not all that the configuration names: two would compare OLD there with NEW here.
    dialects = [known(dialect) for dialect in dialects_of(for_targets or settings.texts("target")[:1], settings)]
    before, doubts = read_policy_and_doubts(old, color, beside=new, dialect=dialects[0])
    after, further = read_policy_and_doubts(new, color, beside=old, dialect=dialects[-1], at=at)
    accepted: tuple[Accepted, ...] = ()
    if allowed is not None:
        read = parse_accepted(read_source(allowed))
        if read.value is None or read.failed:
            complain(list(read.diagnostics), allowed, color)
            sys.exit(1)
        accepted = read.value
    tailnet = read_tailnet_or_complain(tailnets, color)
    # WHY: people read few rows, programs compare sets.
    found = diff(before, after, tailnet, accepted, "exact" if kind == "json" else "short")
    found = found._replace(doubts=(*found.doubts, *doubts, *further))
    if kind == "json":
        from aclc.reports.diff_json import diff_json

        write_stdout(diff_json(found))
    else:
        from aclc.reports.diff_text import diff_text

        write_stdout("".join(diff_text(found, output_style(color))))
    if no_new_access and (found.gives_access or found.doubts):
        sys.exit(1)
