"""The facts of a tailnet, from the files that a command names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from aclc.cli.inputs import FileName, read_sources
from aclc.diagnostics import Outcome
from aclc.tailnet.model import Tailnet


def tailnet_option(says: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add a repeatable `--tailnet` to a command, which hands its `tailnets` on."""
    return click.option("--tailnet", "tailnets", multiple=True, type=FileName(), metavar="FILE", help=says)


def read_tailnet(paths: tuple[str, ...]) -> Outcome[Tailnet]:
    """Load the facts of a tailnet from one file, or from several that complete each other (devices and users)."""
    # WHY not at the head: pydantic takes longer to import than a check takes.
    from aclc.tailnet.load import load_tailnets

    return load_tailnets(read_sources(paths))
