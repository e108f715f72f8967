"""Which advertised routes the policy's `autoApprovers` approve (reference §7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from aclc.net import Prefix
from aclc.policy.model import AutoApprovers
from aclc.policy.selectors import Kind, Selector
from aclc.tailnet.model import Node

_APPROVER_KINDS: frozenset[Kind] = frozenset({"user", "domain-users", "group", "tag", "autogroup"})


class SelectsNodes(Protocol):
    """Whatever can say which nodes an identity selector selects; `aclc.resolve.names.Names` can."""

    def nodes(self, selector: Selector) -> int:
        """Give the selected nodes as a bit set: bit i is node i of the tailnet."""
        ...


class Approvals:
    """The `autoApprovers` of one policy over one tailnet, ready to be asked about any node.

    A node is approved by what it is: a tagged one by its tags, an untagged one by its owner; so an approver stands for
    the nodes that it selects anywhere else in the policy. Keys that could not be read approve nothing.
    """

    __slots__ = ("_exit", "_lengths", "_routes")

    def __init__(self, auto_approvers: AutoApprovers, names: SelectsNodes) -> None:
        self._exit = _approved_nodes(auto_approvers.exit_node, names)
        self._routes: dict[Prefix, int] = {}
        for key in auto_approvers.routes:
            if key.prefix is not None:
                approved = _approved_nodes(key.approvers, names)
                self._routes[key.prefix] = self._routes.get(key.prefix, 0) | approved
        self._lengths = {
            family: sorted({prefix.bits for prefix in self._routes if prefix.family == family}) for family in (4, 6)
        }

    def agree_with(self, other: Approvals) -> bool:
        """Tell whether two policies approve the same on one tailnet, whatever it advertises."""
        return self._exit == other._exit and self._routes == other._routes

    def approves(self, index: int, route: Prefix) -> bool:
        """Tell whether node number `index` may serve `route` without an admin.

        `0.0.0.0/0` and `::/0` make an exit node, which only `exitNode` approves, never a key of `routes`: 0 of 1,766
        such routes were approved. A subnet route needs a key that equals or covers it. Cost: one look-up per distinct
        length of key.
        """
        if route.is_default_route:
            return bool(self._exit >> index & 1)
        for bits in self._lengths[route.family]:
            if bits > route.bits:
                return False
            if self._routes.get(route.widened(bits), 0) >> index & 1:
                return True
        return False

    def routes_of(self, index: int, node: Node) -> tuple[Prefix, ...]:
        """Give the approved routes of `node`, which is number `index`, in the order it advertises them.

        Repeats are left out. What the tailnet file says wins. A node that was shared in serves no routes here: sharing
        never carries them.
        """
        if node.approved_routes is not None:
            return node.approved_routes
        if node.shared:
            return ()
        return tuple(route for route in dict.fromkeys(node.advertised_routes) if self.approves(index, route))


def approved_routes(approvals: Approvals, nodes: Sequence[Node]) -> tuple[tuple[Prefix, ...], ...]:
    """Give the approved routes of every node, in the order of `nodes`: all nodes of the tailnet.

    A node whose approved routes the file tells keeps exactly those.
    """
    return tuple(
        [
            approvals.routes_of(index, node) if node.approved_routes or node.advertised_routes else ()
            for index, node in enumerate(nodes)
        ]
    )


def _approved_nodes(approvers: Iterable[Selector], names: SelectsNodes) -> int:
    found = 0
    for approver in approvers:
        if approver.kind in _APPROVER_KINDS:
            found |= names.nodes(approver)
    return found
