"""A word about logins that are asked about and that the policy does not name: they may be misspelt."""

from __future__ import annotations

from collections.abc import Iterable

import click

from aclc.policy.model import Policy
from aclc.reach.population.principals import Principal, unnamed_login
from aclc.tailnet.model import Tailnet


def tell_unnamed(asked: Iterable[Principal], policy: Policy, tailnet: Tailnet | None) -> None:
    """Say on the error stream which logins the policy does not name; with a tailnet, all that are asked about exist."""
    for side in asked if tailnet is None else ():
        told = unnamed_login(side, policy)
        if told is not None:
            click.echo(f"Note: {told}", err=True)
