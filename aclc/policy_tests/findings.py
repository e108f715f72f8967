"""How tests fail, and what is said where nobody can tell whether they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity
from aclc.policy_tests.world import Party, Unfit, World
from aclc.source import Place

FAILS = Code("TST004", "test-fails", Severity.ERROR)
NEEDS_POSTURE = Code("TST009", "test-needs-posture", Severity.WARNING)
UNDECIDED = Code("TST016", "test-undecided", Severity.WARNING)

MOST_NOTES = 3
"""Rules that a failure points to; more of them say nothing new."""

MOST_ALIKE = 2
"""Undecided items that are told each by itself; more of them for one reason are one finding."""

CONTROL = "test(s) failed"
"""What the control plane says of a file in which any test fails, word for word."""


def hangs_on(world: World, *parties: Party) -> str:
    """Say what an open question about these parties hangs on."""
    if any(party.selector.kind == "group" for party in parties):
        return "rules that do not name the group let its members in; test one of the members instead"
    if world.is_complete:
        return "how the control plane answers this is not known"
    return "it may hang on a role or an address, which `--tailnet` tells"


def fails(
    place: Place, message: str, *, help: str | None = None, notes: Sequence[Note] = (), fix: Fix | None = None
) -> Diagnostic:
    """Give the error that something does not hold."""
    return FAILS.at(place, message, help=help, notes=notes, fix=fix, control=CONTROL)


def undecided(place: Place, message: str, *, help: str | None = None, notes: Sequence[Note] = ()) -> Diagnostic:
    """Give the warning that nobody here can tell whether something holds."""
    return UNDECIDED.at(place, message, help=help, notes=notes)


def gathered(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Give findings, but those that are undecided for the same reason as one, where they are many: the first of them,
    with notes at the next."""
    alike: dict[str | None, list[Diagnostic]] = {}
    for each in found:
        if each.code == UNDECIDED:
            alike.setdefault(each.help, []).append(each)
        else:
            yield each
    for first, *others in alike.values():
        if len(others) + 1 <= MOST_ALIKE:
            yield from (first, *others)
            continue
        notes = tuple(Note(other.span, other.message) for other in others[:MOST_NOTES])
        message = f"{first.message}, and so for {len(others)} other items"
        yield first._replace(message=message, notes=(*first.notes, *notes))


def unfit(place: Place, found: Unfit, fix: Fix | None = None) -> Diagnostic:
    """Give the finding that a test speaks of something that it cannot speak of."""
    if found.certain:
        return fails(place, found.reason, help=found.help, fix=fix)
    return undecided(place, found.reason, help=found.help)
