"""`--target`: the control planes that a policy is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from aclc.cli.inputs import InputError
from aclc.cli.settings import Settings
from aclc.diagnostics import did_you_mean
from aclc.dialects import NAMES, canonical_name, dialect_named
from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE

CHOICES = (*NAMES, "headscale")


class TargetType(click.ParamType[str]):
    """The name of a control plane; gives its canonical form."""

    name = "target"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the canonical name, or end with the list of those there are."""
        name = canonical_name(value)
        if name is None:
            near = did_you_mean(value, CHOICES)
            hint = f" Did you mean '{near}'?" if near else ""
            self.fail(f"'{value}' is no target that aclc knows.{hint} There are: {', '.join(CHOICES)}.", param, ctx)
        return name

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Give the names that begin as what is typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in CHOICES if name.startswith(incomplete)]


def target_option(says: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add a repeatable `--target` to a command, which hands its `for_targets` on."""
    return click.option("--target", "for_targets", multiple=True, type=TargetType(), metavar="TARGET", help=says)


def dialects_of(targets: Iterable[str], settings: Settings) -> tuple[Dialect, ...]:
    """Give the control planes that were asked for, each once: the command line's, else those of the configuration,
    else Tailscale."""
    names = (*targets,) or settings.texts("target") or (TAILSCALE.name,)
    found = [dialect_named(name) for name in names]
    return tuple({each.name: each for each in found if each is not None}.values())


def dialect_of(targets: tuple[str, ...], settings: Settings, *, unknown_too: bool = False) -> Dialect:
    """Give the one control plane whose meaning a command asks for: the command line's, else the first that the
    configuration names.

    Raises InputError where too little is known of it, unless that will do (`unknown_too`); click.UsageError where the
    command line names several.
    """
    if len(targets) > 1:
        raise click.UsageError("Only one --target can be meant here.")
    dialect = dialects_of(targets, settings)[0]
    return dialect if unknown_too else known(dialect)


def known(dialect: Dialect) -> Dialect:
    """Give the control plane, or end the command with exit code 2 where nobody knows it well enough."""
    if dialect.meaning is None:
        raise InputError(not_known(dialect))
    return dialect


def not_known(dialect: Dialect) -> str:
    """Say that too little is known of a control plane to tell what a policy means there."""
    known = ", ".join(name for name in NAMES if (each := dialect_named(name)) is not None and each.meaning is not None)
    return (
        f"what {dialect.name} makes of a policy is not known well enough. `aclc check --target {dialect.name}` says "
        f"what it refuses, and what is known to mean something else there. Known in full: {known}."
    )
