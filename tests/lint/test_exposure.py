"""What a policy opens to kinds of devices, held against looking at every pair and every port that matters."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aclc.lint.exposure import Exposure
from aclc.resolve.node_sets import indices_of
from tests.reach.engine import policy_of

SOURCES = ("*", "autogroup:member", "autogroup:tagged", "tag:a", "0.0.0.0/0", "::/0")
TARGETS = ("*", "autogroup:member", "autogroup:tagged", "tag:a", "autogroup:self")
SERVICES = ("*", "tcp:*", "udp:*", "1-1000", "1001-65535", "tcp:1-1000", "22")
PORTS = (1, 22, 1000, 1001, 65535)
"""On both sides of every boundary that the services have."""


@st.composite
def wide_policies(draw: st.DrawFn) -> dict[str, Any]:
    """Give policies of few rules, which often open everything between them, and often all but a little."""

    def some(pool: tuple[str, ...]) -> list[str]:
        return draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))

    grants = [
        {"src": some(SOURCES), "dst": some(TARGETS), "ip": some(SERVICES)} for _ in range(draw(st.integers(1, 3)))
    ]
    for grant in grants:
        if "autogroup:self" in grant["dst"]:
            grant["src"] = ["autogroup:member"]
    return {"tagOwners": {"tag:a": []}, "grants": grants}


@given(wide_policies())
def test_everything_is_open_iff_every_port_between_any_two_devices_is(policy: dict[str, Any]) -> None:
    exposure = Exposure(policy_of(policy))
    view = exposure.view
    nodes = view.resolved.tailnet.nodes
    kinds = [
        at
        for at, node in enumerate(nodes)
        if not node.shared and (node.name.startswith("new ") or node.name.startswith("another new "))
    ]
    members = [at for at in kinds if "somebody-else" not in (nodes[at].user or "")]
    ends = sum(1 << at for at in members)

    def is_open(source: int, target: int, protocol: int, port: int) -> bool:
        return any(
            edge.src >> source & 1 and edge.targets >> target & 1 and edge.opens(protocol, port)
            for edge in exposure.edges
            if not edge.is_self
        )

    everything = all(
        is_open(source, target, protocol, port)
        for number in range(2)
        for source, target in product(
            indices_of(view.sources.of_nodes(ends) & view.sources.families[number]),
            indices_of(view.targets.of_nodes(ends) & view.targets.families[number] & view.live),
        )
        for protocol, port in product((6, 17), PORTS)
    )
    assert everything == bool(exposure.allows_all)
