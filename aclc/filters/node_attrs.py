"""What the policy makes of a node beside its filter: the capabilities in its own map (reference §7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aclc.policy.model import Json, NodeAttr, Policy
from aclc.policy.selectors import Kind
from aclc.resolve.addresses import AddressIndex
from aclc.resolve.model import Resolved
from aclc.resolve.node_sets import indices_of, node_set
from aclc.tailnet.model import Node

FUNNEL_COMPANIONS = (
    "https://tailscale.com/cap/funnel-ports?ports=443,8443,10000",
    "https://tailscale.com/cap/warn-funnel-no-https",
)
"""What `funnel` brings along, on a tailnet without HTTPS certificates."""

ALWAYS_THERE = frozenset(
    {
        "default-auto-update",
        "https://tailscale.com/cap/file-sharing",
        "https://tailscale.com/cap/is-admin",
        "https://tailscale.com/cap/is-owner",
        "https://tailscale.com/cap/ssh",
        "https://tailscale.com/cap/tailnet-lock",
        "probe-udp-lifetime",
        "ssh-behavior-v1",
        "ssh-env-vars",
        "store-appc-routes",
        "tailnet-display-name",
    }
)
"""Capabilities that the control plane hands out itself: to name one in `attr` is not seen as the policy's doing."""

_ONE_CGNAT = {"mac-always": "one-cgnat?v=true", "mac-never": "one-cgnat?v=false"}

# Whoever else is named was reported, and gets nothing here.
_TARGET_KINDS: frozenset[Kind] = frozenset({"any", "user", "domain-users", "group", "tag", "autogroup"})


class NodeAttributes:
    """The capabilities that one policy gives to the nodes of one tailnet. Nodes that get the same share one mapping.

    Cost: making it is O(entries + nodes that they name).
    """

    __slots__ = ("_address_index", "_made", "_matching", "_policy", "_resolved")

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        self._policy: Policy = resolved.policy
        # WHY not the index of the names: a node that is denied IPv4 is still named by its IPv4 address here.
        self._address_index: AddressIndex | None = None
        self._matching: list[list[int]] = [[] for _ in resolved.tailnet.nodes]
        for at, entry in enumerate(self._policy.node_attrs):
            for node in indices_of(self._targets(entry) & ~resolved.names.shared):
                self._matching[node].append(at)
        self._made: dict[tuple[str | None, tuple[int, ...]], Mapping[str, Json]] = {}

    def of(self, node: int) -> Mapping[str, Json]:
        """Give the capabilities of node number `node`, sorted by name; empty: nothing but what every node has.

        A name from `attr` has no values (None), one from `app` the values of all entries that name it, in file
        order. A node that is shared in takes its attributes from its own tailnet.
        """
        if self._resolved.names.shared >> node & 1:
            return {}
        entries = tuple(self._matching[node])
        own = self._one_cgnat(self._resolved.tailnet.nodes[node])
        found = self._made.get((own, entries))
        if found is None:
            found = self._made[own, entries] = self._make(own, entries)
        return found

    def _targets(self, entry: NodeAttr) -> int:
        nodes = 0
        for selector in entry.target:
            if selector.kind in {"prefix", "host"}:
                for prefix in self._resolved.names.prefixes(selector):
                    nodes |= node_set(self._addresses().within(prefix.family, prefix.first, prefix.last))
            elif selector.kind in _TARGET_KINDS and selector.name != "autogroup:danger-all":
                nodes |= self._resolved.names.nodes(selector)
        return nodes

    def _addresses(self) -> AddressIndex:
        if self._address_index is None:
            self._address_index = AddressIndex([node.addresses for node in self._resolved.tailnet.nodes])
        return self._address_index

    def _one_cgnat(self, node: Node) -> str | None:
        """Give the capability for `OneCGNATRoute`: meant for macOS, so only a node known to be another lacks it."""
        if node.posture.get("node:os", "macos") != "macos":
            return None
        return _ONE_CGNAT.get(self._policy.one_cgnat_route)

    def _make(self, own: str | None, entries: tuple[int, ...]) -> Mapping[str, Json]:
        made: dict[str, Json] = {}
        for name, values in self._named(own, entries):
            made[name] = [*(made.get(name) or ()), *values] if isinstance(values, (list, tuple)) else made.get(name)
        return {name: made[name] for name in sorted(made) if name not in ALWAYS_THERE}

    def _named(self, own: str | None, entries: tuple[int, ...]) -> Iterator[tuple[str, Json]]:
        if self._policy.randomize_client_port:
            yield "randomize-client-port", None
        if own is not None:
            yield own, None
        for at in entries:
            entry = self._policy.node_attrs[at]
            for name in entry.attr:
                yield name, None
                if name == "funnel":
                    for companion in FUNNEL_COMPANIONS:
                        yield companion, None
            for capability in entry.app:
                yield capability.name, capability.values
