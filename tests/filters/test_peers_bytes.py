"""Peers are written fast as they are written slowly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given

from aclc.filters.packet_filter_json import compact
from aclc.filters.peers import Peers
from aclc.filters.peers_bytes import PeerWriter
from tests.filters.naive_filter import NaiveNode
from tests.filters.test_naive_agreement import compiled, nodes, policies


@given(policies(), nodes())
def test_the_fast_writer_writes_what_the_slow_one_does(
    policy: dict[str, Any], given_nodes: Sequence[NaiveNode]
) -> None:
    filters, _ = compiled(policy, given_nodes)
    peers = Peers(filters.resolved, filters.program)
    writer = PeerWriter(peers, filters.resolved.tailnet)
    expected = [compact(peers.json_of(number)).encode() for number in range(len(filters))]
    assert expected == [writer.write(number) for number in range(len(filters))]
