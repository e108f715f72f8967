"""What a policy defines: the names that questions and promises may use."""

from __future__ import annotations

from collections.abc import Mapping

from aclc.policy.model import Policy
from aclc.policy.selectors import Kind
from aclc.reach.population.named_services import known_services


def definitions(policy: Policy) -> dict[Kind, Mapping[str, object]]:
    """Give the names of each kind that has to be defined; services count where the policy speaks of them."""
    return {
        "group": policy.groups,
        "tag": policy.tag_owners,
        "host": policy.hosts,
        "ipset": policy.ipsets,
        "service": known_services(policy),
    }
