"""Hold a policy to the rules."""

from __future__ import annotations

from aclc.diagnostics import Diagnostic, has_errors, in_order
from aclc.dialects.dialect import Dialect
from aclc.lint.registry import policy_rules
from aclc.lint.rule import Context
from aclc.lint.selection import DEFAULT, Selection
from aclc.policy.model import Policy
from aclc.tailnet.model import Tailnet


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
    rules = [rule for rule in policy_rules() if selection.wants(rule.code, rule.profile)]
    found = [each for rule in rules if rule.profile == "minimal" for each in rule.check(policy, context)]
    if selection.known_groups:
        found = [each for each in found if selection.keeps(each)]
    if not is_broken and not has_errors(found):
        found += [each for rule in rules if rule.profile != "minimal" for each in rule.check(policy, context)]
    if selection.severities:
        found = [selection.graded(each) for each in found]
    return in_order(found)
