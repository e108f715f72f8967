"""Promises about a generated policy, one of each kind that is decided without another policy."""

from __future__ import annotations

from aclc.policy.model import Policy
from aclc.reach.properties.property_file import Property, parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import prove
from aclc.source import Source

TEXT = """
assert group:g0 never reach tag:t1
assert group:g1 always reach tag:t2 on tcp 443
assert only group:g2, tag:t3 reach tag:t0 on tcp 22
assert isolated tag:t1 | tag:t2
assert nobody exposed but shared
assert autogroup:member never reach h1
"""


def promises(policy: Policy) -> tuple[Property, ...]:
    """Give the promises, names bound."""
    bound = bind_names(policy, parse_properties(Source("properties.aclc", TEXT)).value or ()).value
    assert bound  # every generated policy has these groups, tags and hosts
    return bound


def decided(policy: Policy) -> int:
    """Decide them for every tailnet, and give how many could be."""
    return sum(verdict.state in {"holds", "broken"} for verdict in prove(policy, promises(policy)))
