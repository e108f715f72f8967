"""The facts of a tailnet, from the files that a command names."""

from __future__ import annotations

from aclc.cli.inputs import read_sources
from aclc.diagnostics import Outcome
from aclc.tailnet.model import Tailnet


def read_tailnet(paths: tuple[str, ...]) -> Outcome[Tailnet]:
    """Load the facts of a tailnet from one file, or from several that complete each other (devices and users)."""
    # WHY not at the head: pydantic takes longer to import than a check takes.
    from aclc.tailnet.load import load_tailnets

    return load_tailnets(read_sources(paths))
