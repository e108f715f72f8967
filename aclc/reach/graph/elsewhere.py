"""What a policy says of devices that are shared in from other tailnets, which have policies of their own."""

from __future__ import annotations

from collections.abc import Iterable

from aclc.reach.graph.space import View
from aclc.resolve.node_sets import indices_of

ELSEWHERE = "what devices shared in from elsewhere let in is for the policy of their own tailnet to say"


def speaks_of_elsewhere(view: View, targets: int, texts: Iterable[str]) -> bool:
    """Tell whether access to some targets, in these words, is said of devices shared in: of them alone, or by name.

    `*` and the like mean them too, and do not count: nobody reads it as a statement about them.
    """
    shared = view.targets.of_nodes(view.resolved.names.shared)
    if not targets & shared:
        return False
    nodes = view.resolved.tailnet.nodes
    names = {nodes[node].name for node in indices_of(view.targets.nodes_in(targets & shared))}
    return not targets & ~shared or any("shared in" in each or each in {"autogroup:shared", *names} for each in texts)
