"""How tests fail, and what is said where nobody can tell whether they do."""

from __future__ import annotations

from collections.abc import Sequence

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.policy_tests.world import Party, Unfit, World
from aclc.source import Place

FAILS = Code("TST004", "test-fails", Severity.ERROR)
NEEDS_POSTURE = Code("TST009", "test-needs-posture", Severity.WARNING)
UNDECIDED = Code("TST016", "test-undecided", Severity.WARNING)

MOST_NOTES = 3
"""Rules that a failure points to; more of them say nothing new."""

CONTROL = "test(s) failed"
"""What the control plane says of a file in which any test fails, word for word."""


def hangs_on(world: World, *parties: Party) -> str:
    """Say what an open question about these parties hangs on."""
    if any(party.selector.kind == "group" for party in parties):
        return "rules that do not name the group let its members in; test one of the members instead"
    if world.is_complete:
        return "how the control plane answers this is not known"
    return "it may hang on a role or an address, which `--tailnet` tells"


def fails(place: Place, message: str, *, help: str | None = None, notes: Sequence[Note] = ()) -> Diagnostic:
    """Give the error that something does not hold."""
    return FAILS.at(place, message, help=help, notes=notes, control=CONTROL)


def undecided(place: Place, message: str, *, help: str | None = None, notes: Sequence[Note] = ()) -> Diagnostic:
    """Give the warning that nobody here can tell whether something holds."""
    return UNDECIDED.at(place, message, help=help, notes=notes)


def unfit(place: Place, found: Unfit) -> Diagnostic:
    """Give the finding that a test speaks of something that it cannot speak of."""
    return (fails if found.certain else undecided)(place, found.reason, help=found.help)
