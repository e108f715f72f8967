"""`aclc preview`: what a change of the policy means, as one document for a code review."""

from __future__ import annotations

import sys
from datetime import date

import click

from aclc.cli.checking import Wishes, selection_of
from aclc.cli.days import at_option, today
from aclc.cli.facts import read_tailnet_or_complain
from aclc.cli.inputs import FileName
from aclc.cli.outputs import color_option, write_file, write_stdout
from aclc.cli.previewing import compared
from aclc.cli.revisions import old_and_new
from aclc.cli.settings import config_options
from aclc.cli.tailnets import tailnet_option
from aclc.cli.targets import dialect_of, target_option
from aclc.diagnostics import Severity
from aclc.lint.selection import PROFILES

_LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


@click.command(
    epilog="""\b
Examples:
  aclc preview                                     the policy here, against where its branch began
  aclc preview git:main policy.hujson              against a branch
  aclc preview old.hujson new.hujson -o page.html  two files, as a page
  aclc preview --format markdown -o comment.md     for a comment on a pull request
  aclc preview --tailnet net.json                  exact, with counts, on one tailnet"""
)
@click.argument("old", required=False, metavar="[OLD]", type=FileName())
@click.argument("new", required=False, metavar="[NEW]", type=FileName())
@tailnet_option("Be exact on this tailnet.")
@click.option(
    "--properties", type=FileName(), metavar="FILE", help="Promises; default: properties.aclc beside each policy."
)
@target_option("The control plane that both policies are for; default: tailscale.")
@click.option("--profile", type=click.Choice(PROFILES), help="How much findings say; default: default.")
@click.option(
    "--format", "kind", type=click.Choice(["markdown", "html"]), help="Default: by the suffix of -o, else markdown."
)
@click.option("-o", "--output", "path", type=FileName(), metavar="FILE", help="Default: standard output.")
@click.option(
    "--fail-on",
    type=click.Choice([*_LEVELS, "never"]),
    help="Exit 1 where a new finding or broken promise is at least this bad; default: error.",
)
@at_option("NEW as it is on this day, which dates in comments are held against, too; default for these: today.")
@config_options
@color_option
def command(
    old: str | None,
    new: str | None,
    tailnets: tuple[str, ...],
    properties: str | None,
    for_targets: tuple[str, ...],
    profile: str | None,
    kind: str | None,
    path: str | None,
    fail_on: str | None,
    at: date | None,
    config_file: str | None,
    isolated: bool,
    color: str,
) -> None:
    """Write what a change opens and closes, which promises it breaks, and what is newly found, as one document.

    OLD and NEW are as for `aclc diff`. With one of them, NEW is a file and OLD the same file where the branch began
    (the base of the merge request in CI), or OLD is `git:REV` and NEW the policy here. Gains alone do not fail: what
    is new and broken does. The document is written whatever it says.
    """
    old, new, settings = old_and_new(old, new, config_file, isolated=isolated)
    tailnet = read_tailnet_or_complain(tailnets or settings.paths("tailnet"), color)
    wishes = Wishes(
        settings,
        selection_of(settings, profile, (), ()),
        tailnet,
        properties or settings.path("properties"),
        at or today(),
        (dialect_of(for_targets, settings),),
        at,
    )
    found = compared(old, new, wishes)
    is_page = kind == "html" or (kind is None and path is not None and path.endswith((".html", ".htm")))
    if is_page:
        from aclc.reports.preview_html import preview_html

        text = preview_html(found)
    else:
        from aclc.reports.preview_markdown import preview_markdown

        text = preview_markdown(found)
    if path is None:
        write_stdout(text)
    else:
        write_file(path, [text.encode("utf-8", "backslashreplace")])
    level = fail_on or settings.text("fail-on") or "error"
    broken = [each.finding for each in found.promises if each.fate == "newly broken" and each.finding is not None]
    if level != "never" and any(each.severity <= _LEVELS[level] for each in (*found.findings, *broken)):
        sys.exit(1)
