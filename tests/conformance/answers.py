"""What aclc answers to a capture's policy and tailnet: the same questions that the control plane answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from aclc.check import check_source
from aclc.compile import Compiled, compile_policy
from aclc.diagnostics import Diagnostic, Severity, has_errors
from aclc.filters.capabilities import capabilities
from aclc.policy.model import Policy
from aclc.policy_tests.run import run_tests
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Tailnet
from tests.conformance.captures import TESTS_FAILED, Capture

Json = Any


class Answer(NamedTuple):
    """aclc's answer.

    `errors`: in the order of the report; empty for an accepted policy. `nodes`: name → what the node receives, as
    `aclc compile` writes it, and `capabilities`; empty where the policy is refused. `tests_hold` and `ssh_tests_hold`:
    None where the policy has none, or where something else is wrong with it.
    """

    errors: tuple[Diagnostic, ...]
    nodes: Mapping[str, Mapping[str, Json]]
    tests_hold: bool | None
    ssh_tests_hold: bool | None

    @property
    def controls(self) -> tuple[str, ...]:
        """How the control plane would refuse the policy: every message that an error carries, in order."""
        return tuple(error.control for error in self.errors if error.control is not None)


def answer(capture: Capture) -> Answer:
    """Give aclc's answer to a capture, asked the way a user asks: with the texts of a policy and a tailnet file."""
    loaded = load_tailnet(Source("tailnet.json", capture.tailnet))
    if loaded.value is None or has_errors(loaded.diagnostics):
        raise AssertionError(f"{capture.id}: the tailnet file is refused: {loaded.diagnostics}")
    tailnet = loaded.value
    checked = check_source(Source("policy.hujson", capture.policy), tailnet)
    policy = checked.policy
    errors = [each for each in checked.diagnostics if each.severity is Severity.ERROR]
    nodes: Mapping[str, Json] = {}
    if policy is not None and not errors:
        outcome = compile_policy(policy, tailnet)
        errors += [each for each in outcome.diagnostics if each.severity is Severity.ERROR]
        if outcome.value is not None:
            nodes = _received(outcome.value)
    tests_hold = ssh_tests_hold = None
    if policy is not None and all(error.control == TESTS_FAILED for error in errors):
        tests_hold = _hold(policy._replace(ssh_tests=()), tailnet) if policy.tests else None
        ssh_tests_hold = _hold(policy._replace(tests=()), tailnet) if policy.ssh_tests else None
    return Answer(tuple(errors), nodes, tests_hold, ssh_tests_hold)


def _received(compiled: Compiled) -> dict[str, Json]:
    """Give what each node receives, and what WhoIs gives there for every address of another node that has anything."""
    tailnet = compiled.tailnet
    nodes: dict[str, Json] = json.loads(b"".join(compiled.document()))["nodes"]
    for index, node in enumerate(tailnet.nodes):
        asked = {
            str(address): capabilities(compiled.packet_filters, index, address)
            for other in tailnet.nodes
            if other is not node
            for address in other.addresses
        }
        nodes[node.name]["capabilities"] = {address: found for address, found in asked.items() if found}
    return nodes


def _hold(policy: Policy, tailnet: Tailnet) -> bool:
    return not has_errors(run_tests(policy, tailnet))
