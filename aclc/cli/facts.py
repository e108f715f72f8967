"""Policies and tailnets as commands that answer questions take them: readable, or the reason why not."""

from __future__ import annotations

import sys
from datetime import date

import click

from aclc.check import check_source
from aclc.cli.complaints import complain
from aclc.cli.refusals import doubts_of_errors, refusal_and_effect
from aclc.cli.revisions import read_revision_or_file
from aclc.cli.tailnets import read_tailnet
from aclc.diagnostics import Severity
from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE
from aclc.lint.selection import ERRORS
from aclc.policy.model import Policy
from aclc.tailnet.model import Tailnet


def read_policy_or_complain(
    name: str, color: str, beside: str | None = None, dialect: Dialect = TAILSCALE, at: date | None = None
) -> Policy:
    """Give the policy of a file or revision, as `read_policy_and_doubts` does."""
    return read_policy_and_doubts(name, color, beside, dialect, at)[0]


def read_policy_and_doubts(
    name: str, color: str, beside: str | None = None, dialect: Dialect = TAILSCALE, at: date | None = None
) -> tuple[Policy, tuple[str, ...]]:
    """Give the policy of a file or revision, as a control plane reads it, and as it is on a day: None is every day.

    What is no policy at all ends the command with the findings and exit code 1. Errors that leave a policy are counted
    on the error stream, with what they mean: mostly that the control plane would refuse it, and that here what they
    concern opens nothing. Neither tests are run nor promises decided.

    Behind the policy stands why nothing can be proven of it, in plain words: what is wrong may mean anything once it is
    right. Empty where there are no errors but of tests.
    """
    source = read_revision_or_file(name, beside)
    checked = check_source(source, None, dialect, selection=ERRORS, at=at, with_tests=False)
    errors = [found for found in checked.diagnostics if found.severity is Severity.ERROR]
    if checked.policy is None:
        complain(errors, source.name, color)
        sys.exit(1)
    if errors:
        what = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        click.echo(
            f"Warning: {source.name} has {what} (see `aclc check{_target(dialect)}`): "
            f"{refusal_and_effect(errors, dialect)}.",
            err=True,
        )
    return checked.policy, doubts_of_errors(source.name, errors)


def _target(dialect: Dialect) -> str:
    return f" --target {dialect.name}" if dialect.is_headscale else ""


def read_tailnet_or_complain(names: tuple[str, ...], color: str) -> Tailnet | None:
    """Give the tailnet of some files, None where none is named; errors in them end the command with exit code 1."""
    if not names:
        return None
    loaded = read_tailnet(names)
    if loaded.failed or loaded.value is None:
        complain([each for each in loaded.diagnostics if each.severity is Severity.ERROR], names[0], color)
        sys.exit(1)
    return loaded.value
