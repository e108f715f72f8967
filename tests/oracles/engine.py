"""The same questions, asked of aclc."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aclc.policy.model import Policy
from aclc.reach.graph.compare import changes
from aclc.reach.population.population import canonical_population
from aclc.reach.properties.property_file import Property, parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import judge, prove
from aclc.source import Source
from tests.oracles.cases import Question
from tests.reach.engine import policy_of, resolved_of, tailnet_of

Json = Any


def new_access(old: Json, new: Json) -> str:
    """Give `yes`, `no` or `undecided`."""
    policies = policy_of(old), policy_of(new)
    population = canonical_population(policies)
    space = population.space([resolved_of(policy, population.tailnet) for policy in policies])
    if any(each.gained for each in changes(space)):
        return "yes"
    return "undecided" if population.doubts else "no"


def state(policy: Json, question: Question) -> str:
    """Give `holds`, `broken` or `undecided`."""
    read = policy_of(policy)
    return prove(read, _promises(read, [question]))[0].state


def states_on(policy: Json, tailnet: Json, questions: Sequence[Question]) -> list[str]:
    """Give `holds`, `broken` or `undecided` for each promise, on one tailnet."""
    read = policy_of(policy)
    return [each.state for each in judge(read, tailnet_of(tailnet), _promises(read, questions))]


def _promises(policy: Policy, questions: Sequence[Question]) -> tuple[Property, ...]:
    parsed = parse_properties(Source("properties.aclc", "\n".join(each.text for each in questions)))
    assert parsed.value, parsed.diagnostics
    assert not parsed.diagnostics, parsed.diagnostics
    bound = bind_names(policy, parsed.value)
    assert bound.value is not None
    assert not bound.diagnostics, bound.diagnostics
    return bound.value
