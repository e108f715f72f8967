"""`aclc check` as a function: read a policy, hold it to every rule, run its own tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from aclc.diagnostics import Diagnostic, Outcome, has_errors, in_order, whole
from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE
from aclc.lint.run import check_policy
from aclc.lint.selection import DEFAULT, Selection
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.records import NamedTuple
from aclc.source import Source
from aclc.tailnet.model import Tailnet

MARK = "aclc:"
"""What every comment that silences findings holds: a file without it is not looked through for them."""


class Checked(NamedTuple):
    """What a check found, in order. `policy` is None where the text is too broken to make one. `others`: the policy as
    further control planes take it, where several were asked for."""

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]
    others: tuple[Policy | None, ...] = ()


def read_source_text(
    source: Source, dialect: Dialect = TAILSCALE, today: date | None = None, at: date | None = None
) -> Outcome[Policy]:
    """Read a policy in whichever language its file's suffix says: `.aclc`, else HuJSON.

    `today`, `at`: as `read_language` takes them; HuJSON has no dates.
    """
    if source.is_language:
        # WHY not at the head: building the parser of the language takes longer than checking a policy in HuJSON.
        from aclc.policy.read_language import read_language

        return read_language(source, dialect, at=at, today=today)
    return read_policy(source, dialect)


OtherPolicy = Callable[[str, str], Policy | str]
"""Gives the policy that a property compares with, by its name and the file that names it; else why there is none."""


def _none_at_hand(name: str, named_in: str) -> str:
    del named_in
    return f"{name} is not at hand here"


def check_source(
    source: Source,
    tailnet: Tailnet | None = None,
    dialect: Dialect = TAILSCALE,
    selection: Selection = DEFAULT,
    *,
    promises: Source | None = None,
    others: OtherPolicy = _none_at_hand,
    today: date | None = None,
    at: date | None = None,
    with_tests: bool = True,
) -> Checked:
    """Give everything wrong with a policy text.

    Args:
        source: the policy.
        tailnet: its users and nodes, where they are known.
        dialect: the control plane that it is for.
        selection: which rules run, and how bad their findings are.
        promises: properties of the policy, decided on the tailnet, or for every one where none is given.
        others: how to come by the policies that properties compare with.
        today: the day that comments which silence findings are read on, and that rules which end are warned about on;
            None: comments silence nothing, and no rule is warned about.
        at: rules of the aclc language that end before this day are left out; None: none is.
        with_tests: whether the policy's own tests are run, and promises decided.

    Rules run on whatever could be read of a broken file. Tests and promises run only where there is no error, as tests
    do on the control plane.
    """
    read = read_source_text(source, dialect, today, at)
    found = [each for each in read.diagnostics if selection.keeps(each)]
    if read.value is not None:
        found += check_policy(read.value, dialect, tailnet, selection, is_broken=has_errors(found))
        healthy = not has_errors(found)
        if with_tests and (read.value.tests or read.value.ssh_tests) and healthy:
            # WHY not at the head: most policies have no tests, and start-up time counts.
            from aclc.policy_tests.findings import gathered
            from aclc.policy_tests.run import run_tests

            found += (each for each in gathered(run_tests(read.value, tailnet)) if selection.keeps(each))
        if with_tests and healthy and (promises is not None or source.is_language):
            if dialect.meaning is None:
                broken = _undecided(read.value, promises)
            else:
                broken = check_promises(read.value, tailnet, promises, others)
            found += (each for each in broken if selection.keeps(each))
    if selection.severities:
        found = [selection.graded(each) for each in found]
    for text in (source,) if read.value is None else sources_of(read.value, source):
        if today is not None and MARK in text.text:
            found = _without_silenced(found, text, selection, today)
    return Checked(read.value, in_order(found))


def _undecided(policy: Policy, promises: Source | None) -> tuple[Diagnostic, ...]:
    """Say that promises are not decided for a control plane of which too little is known."""
    from aclc.lint.rules.meaning_differs import CODE as MEANING_DIFFERS
    from aclc.reach.properties.promises import promises_of

    asked = promises_of(policy, promises).value
    if promises is None and not asked:
        return ()
    found = MEANING_DIFFERS.at(
        whole(promises) if promises is not None else asked[0].span if asked else policy.place,
        "promises are not decided: what the control plane makes of a policy is not known well enough",
        help="check them for a target that is known in full: tailscale, headscale@0.29, headscale@0.30",
    )
    return (found,)


def check_for_targets(
    source: Source,
    tailnet: Tailnet | None,
    dialects: Sequence[Dialect],
    selection: Selection = DEFAULT,
    *,
    promises: Source | None = None,
    others: OtherPolicy = _none_at_hand,
    today: date | None = None,
    at: date | None = None,
) -> Checked:
    """Give everything wrong with a policy text for one control plane or several; otherwise as `check_source`.

    What is found for all of them alike is told once. What only some of them say names these behind its message, and so
    does whatever speaks of portability. `policy` is that of the first, `others` are those of the rest.
    """
    checks = [
        check_source(source, tailnet, dialect, selection, promises=promises, others=others, today=today, at=at)
        for dialect in dialects
    ]
    names = [dialect.name for dialect in dialects]
    if len(checks) == 1 and not dialects[0].is_headscale:
        return checks[0]
    targets: dict[tuple[object, ...], list[tuple[str, Diagnostic]]] = {}
    for name, checked in zip(names, checks, strict=True):
        for found in checked.diagnostics:
            targets.setdefault((found.order, found.code.slug), []).append((name, found))
    merged = [_for_targets(told, len(names)) for told in targets.values()]
    return Checked(checks[0].policy, in_order(merged), tuple(each.policy for each in checks[1:]))


def _for_targets(told: Sequence[tuple[str, Diagnostic]], count: int) -> Diagnostic:
    """Give one finding for what several control planes, of `count` that were asked, say alike."""
    found = told[0][1]
    if len(told) < count or found.code.id.startswith("POR"):
        found = found._replace(message=f"{found.message} ({', '.join(name for name, _ in told)})")
    if len({each.control for _, each in told}) == 1:
        return found
    words = [f"{name}: {each.control}" for name, each in told if each.control is not None]
    return found._replace(control="; ".join(words))


def _without_silenced(found: list[Diagnostic], source: Source, selection: Selection, today: date) -> list[Diagnostic]:
    """Give the findings that no comment of one text silences, and what is wrong with its comments."""
    from aclc.lint.suppressions import silenced, suppressions

    comments, faults = suppressions(source)
    if not source.is_language:
        from aclc.lint.expiry import expirations

        found = [*found, *expirations(source, today)]
    here = [each for each in found if each.span.source is source]
    there = [each for each in found if each.span.source is not source]
    about = (*silenced(here, comments, today, ask_reasons=selection.profile == "strict"), *faults)
    return [*(each for each in about if selection.keeps(each)), *there]


def sources_of(policy: Policy, source: Source) -> tuple[Source, ...]:
    """Give every text that a policy was read from: `source`, and in the aclc language those that it includes."""
    if not source.is_language:
        return (source,)
    from aclc.policy.language_document import LanguageDocument

    return policy.document.sources if isinstance(policy.document, LanguageDocument) else (source,)


def check_promises(
    policy: Policy, tailnet: Tailnet | None, promises: Source | None, others: OtherPolicy = _none_at_hand
) -> tuple[Diagnostic, ...]:
    """Give the promises that are broken, undecided or unreadable; what breaks one is told at its line.

    A policy in the aclc language holds promises itself. `promises`: those beside it.
    """
    from aclc.reach.properties.promises import promises_of
    from aclc.reach.properties.property_names import bind_names
    from aclc.reach.prove.property_findings import findings
    from aclc.reach.prove.prove import judge, prove

    read = promises_of(policy, promises)
    bound = bind_names(policy, read.value or ())
    found = [*read.diagnostics, *bound.diagnostics]
    if has_errors(found) or not bound.value:
        return tuple(found)
    verdicts = prove(policy, bound.value, others) if tailnet is None else judge(policy, tailnet, bound.value, others)
    return (*found, *findings(verdicts))
