"""What errors mean for a policy of which something is asked all the same."""

from __future__ import annotations

from collections.abc import Sequence

from aclc.diagnostics import Diagnostic
from aclc.dialects.dialect import Dialect
from aclc.lint.selection import is_fatal, is_of_tests, is_refused


def refusal(errors: Sequence[Diagnostic], dialect: Dialect) -> str:
    """Say what becomes of a policy with errors: who would not take it, or that there is nothing to give to anybody."""
    if not any(is_refused(each) for each in errors):
        return "it cannot be written for a control plane"
    return f"{dialect.name} would not take it" if dialect.is_headscale else "no control plane would take it"


def refusal_and_effect(errors: Sequence[Diagnostic], dialect: Dialect) -> str:
    """Say the same, and what the errors do to an answer about the policy; nothing where only its tests fail."""
    told = refusal(errors, dialect)
    if all(map(is_of_tests, errors)):
        return f"{told} while its tests fail"
    return f"{told}, and of what {'it concerns' if len(errors) == 1 else 'they concern'} nothing is certain here"


def doubts_of_errors(name: str, errors: Sequence[Diagnostic]) -> tuple[str, ...]:
    """Say why nothing can be proven of a policy with errors: what is wrong may mean anything once it is right. Empty
    where nothing but tests fails."""
    count = sum(is_fatal(each) and not is_of_tests(each) for each in errors)
    told = (
        f"{name} has {count} error{'s' if count > 1 else ''}, and what is wrong may open more or less than it does here"
    )
    return (told,) if count else ()
