"""`resolve`: from policy and tailnet to what the rules mean there."""

from __future__ import annotations

from aclc.diagnostics import Outcome
from aclc.policy.model import Policy
from aclc.resolve.addresses import RouteIndex
from aclc.resolve.approval import Approvals, approved_routes
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
    if beside is None or beside.tailnet is not tailnet:
        names = Names(policy, Inventory(tailnet))
        approvals = Approvals(policy.auto_approvers, names)
    else:
        names = Names(policy, beside.names.inventory)
        approvals = Approvals(policy.auto_approvers, names)
        if approvals.agree_with(Approvals(beside.policy.auto_approvers, beside.names)):
            source_sets = SourceSets(policy, names, beside.routes)
            grants = lower(policy, source_sets)
            return Outcome(beside._replace(policy=policy, names=names, source_sets=source_sets, grants=grants), ())
    approved = approved_routes(approvals, tailnet.nodes)
    routes = RouteIndex(approved)
    exits = [index for index, own in enumerate(approved) if own and any(route.is_default_route for route in own)]
    source_sets = SourceSets(policy, names, routes)
    resolved = Resolved(
        policy, tailnet, names, approved, routes, node_set(exits), source_sets, lower(policy, source_sets)
    )
    return Outcome(resolved, ())
