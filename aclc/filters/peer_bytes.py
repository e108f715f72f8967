"""Peers as JSON text, fast: most peers serve no route that may be used, and are one fragment for everybody."""

from __future__ import annotations

from aclc.filters.packet_filter_json import compact
from aclc.filters.peers import PeerRoute, Peers
from aclc.resolve.node_sets import members_of
from aclc.tailnet.model import Tailnet


class PeerWriter:
    """Writes what `Peers.json_of` gives, without blanks."""

    __slots__ = ("_peers", "_plain", "_routed", "_tailnet")

    def __init__(self, peers: Peers, tailnet: Tailnet) -> None:
        self._peers = peers
        self._tailnet = tailnet
        self._plain = [f"{compact(node.name)}:[]" for node in tailnet.nodes]
        self._routed: dict[PeerRoute, str] = {}

    def write(self, node: int) -> bytes:
        """Give the peers of a node as a JSON object. Cost: O(nodes), little more than copying the text."""
        pieces = self._plain.copy()
        for routed in self._peers.routes_of(node):
            pieces[routed.peer] = self._routed.get(routed) or self._write_routes(routed)
        return f"{{{','.join(members_of(self._peers.of(node), pieces))}}}".encode()

    def _write_routes(self, routed: PeerRoute) -> str:
        name, listed = self._tailnet.nodes[routed.peer].name, [route.cidr for route in routed.routes]
        text = self._routed[routed] = f"{compact(name)}:{compact(listed)}"
        return text
