"""A policy taken to another control plane, as `aclc convert --to headscale@0.29` tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NoReturn

import click

from aclc.cli.converting import tell_of_promises, write_converted
from aclc.cli.outputs import output_style, write_stdout
from aclc.convert import sources_of
from aclc.diagnostics import Diagnostic
from aclc.dialects.dialect import Dialect
from aclc.fix import why_not_the_same
from aclc.policy.model import Policy
from aclc.reports.diff_text import diff_text
from aclc.reports.rule_places import place
from aclc.reports.style import BOLD, Style
from aclc.transfer.transfer import MADE, Transfer, transfer

MOST_TOLD = 50
"""Entries of one list that are written out."""


def transfer_policy(policy: Policy, new: Dialect, language: str, out: str | None, color: str, *, accept: bool) -> None:
    """Write a policy for another control plane, or say what keeps it from being the same."""
    found = transfer(policy, new, language, out or f"converted.{language}")
    style = output_style(color, to_error=True)
    source = found.source
    own = policy.document.span(()).source
    if own.is_language and language == "aclc" and (source is not own or len(sources_of(policy)) > 1):
        _tell_only(found, new, color)
    if found.is_the_same and source is not None:
        if found.respelt or found.doubts:
            click.echo("".join(transfer_text(found, new, style)), err=True)
        write_converted(source, out, f"the same on {policy.dialect.name} and on {new.name}, in every tailnet, proven.")
        tell_of_promises(policy, language)
        return
    reason = why_not_written(found, new)
    if source is not None and accept:
        click.echo("".join(transfer_text(found, new, style)), err=True)
        write_converted(source, out, f"not the same on {policy.dialect.name} and on {new.name}: {reason}.")
        tell_of_promises(policy, language)
        return
    write_stdout("".join(transfer_text(found, new, output_style(color))).lstrip("\n"))
    advice = "" if source is None else " (--accept-difference writes it all the same)"
    click.echo(f"Nothing was written: {reason}{advice}.", err=True)
    sys.exit(1)


def _tell_only(found: Transfer, new: Dialect, color: str) -> NoReturn:
    """Say what becomes of a policy in the aclc language that is not written anew: its services, loops, owners and days
    would be lost, and its files become one."""
    write_stdout("".join(transfer_text(found, new, output_style(color))).lstrip("\n"))
    if found.is_the_same and not found.respelt:
        click.echo(f"Nothing has to be written: {new.name} takes it as it is.", err=True)
        sys.exit(0)
    click.echo("Nothing was written: change it there by hand, or have it written as HuJSON (--to hujson).", err=True)
    sys.exit(1)


def transfer_text(found: Transfer, new: Dialect, style: Style) -> Iterator[str]:
    """Give what becomes of a policy: what is spelled otherwise, what is left out, and what that comes to."""
    old = found.before.dialect
    if found.respelt:
        yield from _head(f"Spelled otherwise, proven to mean the same on {old.name}", style)
        yield from _most([f"  {style.shown(title)}\n" for title in found.respelt])
    if found.unproven:
        yield from _head("Not spelled otherwise, since it could not be proven to mean the same", style)
        yield from _most([f"  {style.shown(each.title)}: {each.reason}\n" for each in found.unproven])
    if found.omissions:
        yield from _head(f"Refused by {new.name}, and left out", style)
        yield from _most([f"{_told(each.found, style)}      {style.shown(each.words)}\n" for each in found.omissions])
    if found.refused:
        yield from _head(f"Refused by {new.name}, and nothing can be left out for it", style)
        yield from _most([_told(each, style) for each in found.refused])
    if found.doubts:
        yield from _head(f"Known of {new.name}", style)
        yield from _most([_told(each, style) for each in found.doubts])
    if found.difference is not None:
        yield from _head(f"As it is on {old.name}, against what is written on {new.name}", style)
        yield from diff_text(found.difference, style)
    for each in found.undecided:
        yield f"\nNot decided: {style.shown(each)}.\n"


def why_not_written(found: Transfer, new: Dialect) -> str:
    """Say why nothing is written without more ado."""
    if found.after is None:
        return f"{new.name} would refuse it"
    reasons = [f"{new.name} refuses parts of it"] if found.omissions else []
    if found.undecided:
        reasons.append("that it means the same there cannot be decided")
    else:
        reason = why_not_the_same(found.before, found.after)
        reasons += [] if reason is None else [reason.replace("it changes", "it would change", 1)]
        if not reasons:
            reasons.append("whether it is taken there is not known")
    return "; ".join(reasons)


def _head(title: str, style: Style) -> Iterator[str]:
    yield f"\n{style.paint(title, BOLD)}\n"


def _most(lines: list[str]) -> Iterator[str]:
    yield from lines[:MOST_TOLD]
    if len(lines) > MOST_TOLD:
        yield f"  … and {len(lines) - MOST_TOLD} more\n"


def _told(found: Diagnostic, style: Style) -> str:
    """Give a finding with its place, and the control plane's own words."""
    where = f"{place(found.span)}: " if found.span.source.name != MADE else ""
    words = f"      it says: {style.shown(found.control)}\n" if found.control else ""
    return f"  {where}{style.shown(found.message)} ({found.code.slug})\n{words}"
