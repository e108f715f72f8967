"""What a tag gains, found by sets of sources = found device by device, port by port."""

from __future__ import annotations

import random

import pytest

from aclc.lint.exposure import Exposure
from aclc.lint.takeover import Takeover
from aclc.policy.selectors import parse_selector
from aclc.reach.graph.space import Edge
from aclc.resolve.node_sets import indices_of
from tests.lint.test_redundancy import NAMES, PORTS, policy_of


def random_policy(chance: random.Random) -> str:
    rules = []
    for _ in range(chance.randrange(3, 9)):
        src = chance.sample([*NAMES, "tag:x", "tag:y"], chance.randrange(1, 3))
        lists = (("src", src), ("dst", [chance.choice(NAMES[3:])]), ("ip", [chance.choice(PORTS)]))
        listed = (f'"{key}": [{", ".join(f"{chr(34)}{each}{chr(34)}" for each in items)}]' for key, items in lists)
        rules.append("{" + ", ".join(listed) + "}")
    return f"""{{"groups": {{"group:a": ["a@example.com", "b@example.com"], "group:b": ["b@example.com"]}},
        "hosts": {{"office": "10.1.2.0/24"}}, "grants": [{", ".join(rules)}],
        "tagOwners": {{"tag:x": ["group:a", "tag:y"], "tag:y": ["b@example.com", "autogroup:member"]}}}}"""


def lacks(exposure: Exposure, source: int, edge: Edge, without: int) -> bool:
    """Tell whether a source lacks a port that an edge opens, on a device that is not its own user's, some targets left
    out."""
    view = exposure.view
    endpoint = view.sources.items[source]
    assert endpoint.node is not None
    family = view.targets.families[0 if endpoint.family == 4 else 1]
    own = view.same_owner(view.targets, endpoint.node) | view.targets.of_nodes(1 << endpoint.node)
    shared = view.targets.of_nodes(view.resolved.names.shared)
    mine = [each for each in exposure.widest if each.src >> source & 1 and not each.is_self]
    ports = {port for each in exposure.edges for ports in each.ports for port in (ports.first, ports.last + 1)}
    return any(
        edge.opens(protocol, port)
        and not any(each.targets >> target & 1 and each.opens(protocol, port) for each in mine)
        for target in indices_of(edge.targets & family & ~own & ~shared & ~exposure.behind & ~without)
        for protocol in (6, 17)
        for port in ports
    )


@pytest.mark.parametrize("seed", range(25))
def test_gains_are_what_some_device_lacks(seed: int) -> None:
    policy = policy_of(random_policy(random.Random(f"takeover/{seed}")))
    exposure = Exposure(policy)
    takeover = Takeover(policy, exposure)
    view = exposure.view
    for tag in policy.tag_owners:
        tagged = view.resolved.names.tag(tag)
        for name in ("group:a", "b@example.com", "autogroup:member", "tag:x"):
            nodes = takeover.nodes(parse_selector(name))
            for without in (0, *{edge.targets & -edge.targets for edge in exposure.edges}):
                assert list(takeover.gains(nodes, tag, without)) == _gains(exposure, nodes, tagged, without)


def _gains(exposure: Exposure, nodes: int, tagged: int, without: int) -> list[Edge]:
    view = exposure.view
    found = []
    for edge in exposure.edges:
        through = edge.src & view.sources.of_nodes(tagged & -tagged)
        sources = 0
        for family in view.sources.families:
            sources |= view.sources.of_nodes(nodes) & family if through & family else 0
        if through and not edge.is_self and any(lacks(exposure, each, edge, without) for each in indices_of(sources)):
            found.append(edge)
    return found
