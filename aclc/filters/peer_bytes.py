"""Peers as JSON text, fast: most peers serve no route that may be used, and are one fragment for everybody."""

from __future__ import annotations

from bisect import bisect_left

from aclc.filters.packet_filter_json import compact
from aclc.filters.peers import Peers
from aclc.resolve.node_sets import indices_of
from aclc.tailnet.model import Tailnet


class PeerWriter:
    """Writes what `Peers.json_of` gives, without blanks."""

    __slots__ = ("_names", "_peers", "_plain")

    def __init__(self, peers: Peers, tailnet: Tailnet) -> None:
        self._peers = peers
        self._names = [compact(node.name) for node in tailnet.nodes]
        self._plain = [f"{name}:[]" for name in self._names]

    def write(self, node: int) -> bytes:
        """Give the peers of a node as a JSON object. Cost: O(peers), little more than copying the text."""
        indices = indices_of(self._peers.of(node))
        pieces = list(map(self._plain.__getitem__, indices))
        for peer, routes in self._peers.routes_of(node):
            listed = compact([route.cidr for route in routes])
            pieces[bisect_left(indices, peer)] = f"{self._names[peer]}:{listed}"
        return f"{{{','.join(pieces)}}}".encode()
