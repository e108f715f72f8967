"""Run a policy's own tests, offline.

The verdicts are the control plane's as far as they are known (reference §8). What is not known, or hangs on facts that
only a tailnet file could give, is a warning (`test-undecided`), never a guess; docs/policy-tests.md has the list.
"""

from __future__ import annotations

from aclc.diagnostics import Diagnostic, in_order
from aclc.policy.model import Policy
from aclc.policy_tests import access, ssh
from aclc.policy_tests.world import World
from aclc.tailnet.model import Tailnet


def run_tests(policy: Policy, tailnet: Tailnet | None = None) -> tuple[Diagnostic, ...]:
    """Give every failing item of `tests` and `sshTests`, and every one that cannot be decided, in order.

    Each is a finding of its own; `findings.gathered` tells of many alike as one.

    Args:
        policy: one without errors: the control plane runs no test of any other.
        tailnet: its users, roles and addresses count too; without it, a login or tag that the policy names is enough.
    """
    if not policy.tests and not policy.ssh_tests:
        return ()
    subjects = [each for test in policy.tests for each in access.subjects(test)]
    subjects += [each for test in policy.ssh_tests for each in ssh.subjects(test)]
    world = World(policy, tailnet, subjects)
    return in_order([*access.check_access(world, policy.tests), *ssh.check_ssh(world, policy.ssh_tests)])
