"""Peers written out as JSON, fast: nodes that see the same peers share the text but for their own name."""

from __future__ import annotations

import json

from aclc.filters.peers import PeerRoute, Peers
from aclc.resolve.node_sets import indices_of
from aclc.tailnet.model import Tailnet


class PeerWriter:
    """Writes what `Peers.json_of` gives, byte for byte as `json` would without blanks.

    Texts are kept for later nodes until they exceed `budget` bytes in all; then all are let go.
    """

    __slots__ = ("_bare", "_budget", "_heads", "_kept", "_listed", "_peers", "_size")

    def __init__(self, peers: Peers, tailnet: Tailnet, *, budget: int = 1 << 25) -> None:
        self._peers = peers
        self._heads = [b",%s:[" % json.dumps(node.name).encode() for node in tailnet.nodes]
        self._bare = [b"%s]" % head for head in self._heads]
        self._listed: dict[int, bytes] = {}
        self._budget = budget
        self._kept: dict[tuple[int, int], tuple[bytes, tuple[PeerRoute, ...]]] = {}
        self._size = 0

    def write(self, node: int) -> bytes:
        """Give the peers of node number `node` and their routes as a JSON object, in node order."""
        # The node itself is put in, to make the text that all of its kind share, and cut out again.
        together = self._peers.of(node) | 1 << node
        routes = self._peers.routes_through(together, node)
        key = (together, id(routes))
        kept = self._kept.get(key)
        # The tuple is kept with the text, so that no other one can take its identity.
        text = kept[0] if kept is not None else self._keep(key, self._write(together, routes), routes)
        # A quote inside a JSON string has a backslash before it, so this is found nowhere but at the node's own member.
        start = text.index(self._heads[node])
        end = text.index(b"]", start + len(self._heads[node])) + 1
        return b"{%s}" % (text[:start] + text[end:])[1:]

    def _write(self, together: int, routes: tuple[PeerRoute, ...]) -> bytes:
        pieces = self._bare
        if routes:
            pieces = pieces.copy()
            for each in routes:
                pieces[each.peer] = self._listed.get(id(each)) or self._list(each)
        return b"".join(map(pieces.__getitem__, indices_of(together)))

    def _list(self, usable: PeerRoute) -> bytes:
        texts = ",".join(f'"{route.cidr}"' for route in usable.routes).encode()
        written = self._listed[id(usable)] = b"%s%s]" % (self._heads[usable.peer], texts)
        return written

    def _keep(self, key: tuple[int, int], text: bytes, routes: tuple[PeerRoute, ...]) -> bytes:
        if self._size > self._budget:
            self._kept.clear()
            self._size = 0
        self._kept[key] = text, routes
        self._size += len(text)
        return text
