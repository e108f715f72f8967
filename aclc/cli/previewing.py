"""A preview put together: both policies read, compared and checked, and the promises of both times decided."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from aclc.baseline import beyond_baseline
from aclc.check import Checked
from aclc.cli.checking import DEFAULT_PROPERTIES, Wishes, others_of
from aclc.cli.inputs import STDIN, InputError, read_source
from aclc.cli.refusals import doubts_of_errors, refusal_and_effect
from aclc.cli.revisions import PREFIX, read_revision_or_file, read_revision_or_none
from aclc.diagnostics import Diagnostic, Outcome, Severity
from aclc.lint.selection import is_promise
from aclc.policy.model import Policy
from aclc.reach.difference.diff import Comparison, comparison
from aclc.reach.properties.promises import promises_of
from aclc.reach.properties.property_file import parse_properties
from aclc.reach.prove.promise_changes import PromiseChange, promise_changes
from aclc.reports.fingerprint import fingerprints
from aclc.reports.preview import Preview
from aclc.source import Source, Span

NOTHING = '{"grants": []}\n'
"""A policy that opens nothing: what a policy that is new is compared with."""


def compared(old: str, new: str, wishes: Wishes) -> Preview:
    """Give the preview of a change.

    `old`, `new`: files or `git:` names. Raises InputError for what cannot be read; what can be read and is no policy is
    part of the answer.
    """
    after = read_revision_or_file(new, old)
    before = _earlier(old, new)
    trouble = []
    if before is None:
        trouble.append(
            f"{new} is not there in {old.removeprefix(PREFIX)}: it is compared with a policy that opens nothing."
        )
        before = Source(f"{os.path.basename(after.name)}@{old.removeprefix(PREFIX)}", NOTHING)
    earlier = wishes._replace(at=None)  # what ends by a day ends by the change that leaves it out
    checked = earlier.check(before, with_promises=False), wishes.check(after, with_promises=False)
    for source, each in zip((before, after), checked, strict=True):
        trouble += _trouble(source, each)
    policies = checked[0].policy, checked[1].policy
    errors = len(_errors(checked[1]))
    promises: tuple[PromiseChange, ...] = ()
    if not errors:
        promises, complaints = _promises(old, new, policies, wishes)
        trouble += complaints
    doubts = [
        doubt
        for source, each in zip((before, after), checked, strict=True)
        for doubt in doubts_of_errors(source.name, each.diagnostics)
    ]
    findings = [each for each in checked[1].diagnostics if not is_promise(each)]
    # WHY: fingerprints hold the name of the file, and this is the same file at another time.
    renamed = Source(after.name, before.text)
    known = [
        each._replace(span=Span(renamed, each.span.start, each.span.end)) if each.span.source is before else each
        for each in checked[0].diagnostics
    ]
    return Preview(
        before.name,
        after.name,
        policies,
        _compared(policies[0], policies[1], wishes, doubts) if policies[0] and policies[1] else None,
        tuple(trouble),
        promises,
        beyond_baseline(findings, Counter(fingerprints(known))),
        errors,
    )


def _compared(old: Policy, new: Policy, wishes: Wishes, doubts: Sequence[str]) -> Comparison:
    found = comparison(old, new, wishes.tailnet)
    return found._replace(diff=found.diff._replace(doubts=(*found.diff.doubts, *doubts)))


def _earlier(old: str, new: str) -> Source | None:
    """Give the text before; None where the revision is there and the file was not in it."""
    if old.startswith(PREFIX) and not new.startswith(PREFIX) and new != STDIN:
        return read_revision_or_none(old, new)
    return read_revision_or_file(old, new)


def _errors(checked: Checked) -> list[Diagnostic]:
    """Give the errors but for broken promises: a policy in the aclc language holds promises, and is sound without."""
    return [each for each in checked.diagnostics if each.severity is Severity.ERROR and not is_promise(each)]


def _trouble(source: Source, checked: Checked) -> list[str]:
    errors = _errors(checked)
    if checked.policy is None:
        return [f"{source.name} cannot be read as a policy."]
    if errors:
        what = "an error" if len(errors) == 1 else f"{len(errors)} errors"
        return [f"{source.name} has {what}: {refusal_and_effect(errors, checked.policy.dialect)}."]
    return []


def _promises(
    old: str,
    new: str,
    policies: tuple[Policy | None, Policy | None],
    wishes: Wishes,
) -> tuple[tuple[PromiseChange, ...], list[str]]:
    """Give what became of the promises, those of the old policy's time included, and what cannot be read of them."""
    if policies[1] is None:
        return (), []
    if wishes.properties is not None:
        files: tuple[Source | None, Source | None] = (read_source(wishes.properties),) * 2
    else:
        files = _beside(old, new), _beside(new, old)
    now = promises_of(policies[1], files[1])
    if policies[0] is not None:
        then = promises_of(policies[0], files[0])
    else:
        then = parse_properties(files[0]) if files[0] is not None else Outcome((), ())
    faults = [
        f"{each.span.source.name}:{each.span.source.position(each.span.start).line} is no promise that can be read."
        for each in now.diagnostics
    ]
    made = then.value or (), now.value or ()
    others = others_of(new, wishes.dialects[0])
    return promise_changes((policies[0], policies[1]), made, wishes.tailnet, others), faults


def _beside(name: str, other: str) -> Source | None:
    """Give the file with promises that lies beside a policy, at the same time; None where there is none."""
    revision, _, path = name.removeprefix(PREFIX).partition(":")
    try:
        if not name.startswith(PREFIX):
            beside = os.path.join(os.path.dirname(name), DEFAULT_PROPERTIES)
            return read_source(beside) if name != STDIN and os.path.isfile(beside) else None
        if path:
            folder = os.path.dirname(path)
            return read_revision_or_file(f"{PREFIX}{revision}:{folder}/{DEFAULT_PROPERTIES}".replace(":/", ":"))
        return read_revision_or_none(name, os.path.join(os.path.dirname(other), DEFAULT_PROPERTIES))
    except InputError:
        return None
