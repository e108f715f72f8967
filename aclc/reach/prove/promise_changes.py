"""Promises about a policy before and after a change: which hold, which broke, which were taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from aclc.diagnostics import Diagnostic
from aclc.policy.model import Policy
from aclc.reach.properties.property_file import Property, statement_text
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.against import Others
from aclc.reach.prove.property_findings import findings
from aclc.reach.prove.prove import State, judge, prove
from aclc.records import NamedTuple
from aclc.tailnet.model import Tailnet

Fate = Literal["newly broken", "still broken", "undecided", "taken back", "mended", "new", "holds"]

ORDER: tuple[Fate, ...] = ("newly broken", "taken back", "still broken", "undecided", "mended", "new", "holds")


class PromiseChange(NamedTuple):
    """One promise. `text`: as it stands in its file. `finding`: why it does not hold, with the lines that break it."""

    text: str
    fate: Fate
    finding: Diagnostic | None = None


def promise_changes(
    policies: tuple[Policy | None, Policy],
    promises: tuple[Sequence[Property], Sequence[Property]],
    tailnet: Tailnet | None,
    others: Others,
) -> tuple[PromiseChange, ...]:
    """Give what became of every promise, the worst first.

    Args:
        policies: before and after; None: there was none before.
        promises: those that were made before, and those that are made now. What is made now is asked of both policies.
        tailnet: decided on it; None: for every tailnet.
        others: gives the policies that promises compare with.
    """
    old, new = policies
    earlier, now = promises
    before = _verdicts(old, now, tailnet, others) if old is not None else {}
    after = _verdicts(new, now, tailnet, others)
    made = {statement_text(promise) for promise in earlier}
    found = [
        _change(
            statement_text(promise),
            before.get(statement_text(promise)),
            after[statement_text(promise)],
            is_new=statement_text(promise) not in made,
        )
        for promise in now
        if promise.kind != "apart"
    ]
    kept = {statement_text(promise) for promise in now}
    found += (PromiseChange(statement_text(each), "taken back") for each in earlier if statement_text(each) not in kept)
    return tuple(sorted(dict.fromkeys(found), key=lambda each: ORDER.index(each.fate)))


class _Found(NamedTuple):
    state: State
    finding: Diagnostic | None


def _verdicts(
    policy: Policy, promises: Sequence[Property], tailnet: Tailnet | None, others: Others
) -> dict[str, _Found]:
    """Give what becomes of each promise under one policy; one with a name that it does not define is undecided."""
    found: dict[str, _Found] = {}
    known: list[Property] = []
    for promise in promises:
        bound = bind_names(policy, (promise,))
        if bound.failed or bound.value is None:
            found[statement_text(promise)] = _Found("undecided", next(iter(bound.diagnostics), None))
        else:
            known += bound.value
    verdicts = prove(policy, known, others) if tailnet is None else judge(policy, tailnet, known, others)
    for verdict in verdicts:
        found[statement_text(verdict.promise)] = _Found(verdict.state, next(iter(findings((verdict,))), None))
    return found


def _change(text: str, before: _Found | None, after: _Found, *, is_new: bool) -> PromiseChange:
    if after.state == "broken":
        was_broken = before is not None and before.state == "broken"
        return PromiseChange(text, "still broken" if was_broken else "newly broken", after.finding)
    if after.state in {"undecided", "unreadable"}:
        return PromiseChange(text, "undecided", after.finding)
    if before is not None and before.state == "broken":
        return PromiseChange(text, "mended")
    return PromiseChange(text, "new" if is_new else "holds")
