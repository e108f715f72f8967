"""`resolve`: from policy and tailnet to what the rules mean there."""

from __future__ import annotations

from aclc.diagnostics import Outcome
from aclc.policy.model import Policy
from aclc.resolve.addresses import RouteIndex
from aclc.resolve.approval import approved_routes
from aclc.resolve.grants import lower
from aclc.resolve.inventory import Inventory
from aclc.resolve.model import Resolved
from aclc.resolve.names import Names
from aclc.resolve.node_sets import node_set
from aclc.resolve.sources import SourceSets
from aclc.tailnet.model import Tailnet


def resolve(policy: Policy, tailnet: Tailnet, beside: Resolved | None = None) -> Outcome[Resolved]:
    """Give the policy with every name worked out on a tailnet.

    `beside`: another policy resolved on the same tailnet; what depends on the tailnet alone is taken over from it.

    Reports nothing: what the policy may not say was reported when it was checked, and whatever cannot be worked out (an
    unknown group, a host without address, an ipset in a cycle) names nothing, so that it opens nothing.

    Cost: O(nodes + rules), and one union per distinct list of sources.
    """
    shared = beside is not None and beside.tailnet is tailnet
    names = Names(policy, beside.names.inventory if beside is not None and shared else Inventory(tailnet))
    approved = approved_routes(policy.auto_approvers, names, tailnet.nodes)
    routes = RouteIndex(approved)
    exits = [index for index, own in enumerate(approved) if own and any(route.is_default_route for route in own)]
    source_sets = SourceSets(policy, names, routes)
    resolved = Resolved(
        policy, tailnet, names, approved, routes, node_set(exits), source_sets, lower(policy, source_sets)
    )
    return Outcome(resolved, ())
