"""The same questions, asked of aclc."""

from __future__ import annotations

from typing import Any

from aclc.reach.graph.compare import changes
from aclc.reach.population.population import canonical_population
from aclc.reach.properties.property_file import parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import prove
from aclc.source import Source
from tests.oracles.cases import Question
from tests.reach.engine import policy_of, resolved_of

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
    parsed = parse_properties(Source("properties.aclc", question.text))
    assert parsed.value, parsed.diagnostics
    bound = bind_names(read := policy_of(policy), parsed.value)
    assert bound.value is not None
    assert not bound.diagnostics, bound.diagnostics
    return prove(read, bound.value)[0].state
