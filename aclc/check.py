"""`aclc check` as a function: read a policy, hold it to every rule, run its own tests."""

from __future__ import annotations

from typing import NamedTuple

from aclc.diagnostics import Diagnostic, has_errors, in_order
from aclc.dialects.dialect import Dialect
from aclc.dialects.tailscale import TAILSCALE
from aclc.lint.run import check_policy
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.source import Source
from aclc.tailnet.model import Tailnet


class Checked(NamedTuple):
    """What a check found, in order. `policy` is None where the text is too broken to make one."""

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]


def check_source(
    source: Source, tailnet: Tailnet | None = None, dialect: Dialect = TAILSCALE, *, with_tests: bool = True
) -> Checked:
    """Give everything wrong with a policy text.

    Rules run on whatever could be read of a broken file. The policy's `tests` and `sshTests` run only where there is
    no error, as on the control plane.
    """
    read = read_policy(source, dialect)
    found = list(read.diagnostics)
    if read.value is not None:
        found += check_policy(read.value, dialect, tailnet, is_broken=has_errors(found))
        if with_tests and (read.value.tests or read.value.ssh_tests) and not has_errors(found):
            # WHY not at the head: most policies have no tests, and start-up time counts.
            from aclc.policy_tests.run import run_tests

            found += run_tests(read.value, tailnet)
    return Checked(read.value, in_order(found))
