"""Hold a policy to the rules."""

from __future__ import annotations

from aclc.diagnostics import Code, Diagnostic, Severity, has_errors, in_order
from aclc.dialects.dialect import Dialect
from aclc.lint.registry import chosen_rules
from aclc.lint.rule import Context
from aclc.lint.selection import DEFAULT, Selection
from aclc.policy.model import Policy
from aclc.tailnet.model import Tailnet

TOO_MANY_RULES = Code("OPS008", "meaning-not-checked", Severity.INFO)

MOST_RULES = 10_000
"""Acls and grants up to which the profile `default` looks at what they mean together: some ten seconds of work there,
more where everything overlaps and every tag is handed on. The profile `strict` looks at any number."""


def check_policy(
    policy: Policy,
    dialect: Dialect,
    tailnet: Tailnet | None = None,
    selection: Selection = DEFAULT,
    *,
    is_broken: bool = False,
) -> tuple[Diagnostic, ...]:
    """Give everything that the rules find, in order.

    What hangs on the tailnet (its users and domains) is asked only where a tailnet is given, else held for right.
    `is_broken`: reading the policy found errors, so that rules about its meaning do not run.
    """
    context = Context(policy, dialect, tailnet)
    rules = chosen_rules(selection)
    found = [each for rule in rules if rule.profile == "minimal" for each in rule.check(policy, context)]
    if selection.known_groups or selection.mildest is not Severity.INFO:
        found = [each for each in found if selection.keeps(each)]
    if selection.profile == "default" and len(policy.acls or ()) + len(policy.grants or ()) > MOST_RULES:
        found += _told_off(policy, selection)
    elif not is_broken and not has_errors(found):
        found += [each for rule in rules if rule.profile != "minimal" for each in rule.check(policy, context)]
    if selection.severities:
        found = [selection.graded(each) for each in found]
    return in_order(found)


def _told_off(policy: Policy, selection: Selection) -> tuple[Diagnostic, ...]:
    """Say that rules about meaning did not run, unless somebody asked not to hear of it."""
    if not selection.wants(TOO_MANY_RULES, "default", TOO_MANY_RULES.severity):
        return ()
    start = policy.document.span(()).within(0, 1)
    message = f"more than {MOST_RULES:,} rules: what they mean together was not looked at"
    return (TOO_MANY_RULES.at(start, message, help="`--profile strict` looks at it, and takes its time"),)
