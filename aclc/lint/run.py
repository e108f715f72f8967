"""Hold a policy to the rules."""

from __future__ import annotations

from aclc.diagnostics import Diagnostic, in_order
from aclc.dialects.dialect import Dialect
from aclc.lint.registry import policy_rules
from aclc.lint.rule import Context
from aclc.policy.model import Policy
from aclc.tailnet.model import Tailnet


def check_policy(policy: Policy, dialect: Dialect, tailnet: Tailnet | None = None) -> tuple[Diagnostic, ...]:
    """Give everything that the rules find, in order.

    What hangs on the tailnet (its users and domains) is asked only where a tailnet is given, else held for right.
    """
    context = Context(policy, dialect, tailnet)
    return in_order([found for rule in policy_rules() for found in rule.check(policy, context)])
