"""Every witness is a tailnet that could be: written to a file, loaded and compiled, its filter lets the packet in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise

import pytest

from aclc.compile import compile_policy
from aclc.filters.packet_filter_json import packet_filter_json
from aclc.filters.sources import SourceTexts
from aclc.net import Address, address_text
from aclc.policy.model import Policy
from aclc.reach.graph.endpoints import Endpoint
from aclc.reach.graph.space import PORT_PROTOCOLS
from aclc.reach.properties.property_file import parse_properties
from aclc.reach.properties.property_names import bind_names
from aclc.reach.prove.prove import Verdict, prove
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Node, Tailnet
from aclc.tailnet.write import tailnet_json
from tests.oracles.cases import Json, case
from tests.properties.oracle import decide
from tests.reach.engine import policy_of


def verdicts(policy: Json, lines: list[str], old: Json) -> Iterator[Verdict]:
    """Give what becomes of promises about a policy; `old` is what it is compared with."""
    read = policy_of(policy)
    parsed = parse_properties(Source("p.aclc", "\n".join(lines))).value
    assert parsed is not None
    bound = bind_names(read, parsed).value
    assert bound is not None
    other = policy_of(old)
    yield from prove(read, bound, lambda _name, _named_in: other)


def built(verdict: Verdict) -> tuple[Tailnet, int, str, str, list[str]]:
    """Give a tailnet of the witness's devices alone: it, the number of the target's node in it, the addresses of the
    packet, and what the target's node serves."""
    view, witness = verdict.view, verdict.witness
    assert view is not None
    assert witness is not None
    assert witness.source is not None
    assert witness.target is not None
    source, target = view.sources.items[witness.source], view.targets.items[witness.target]
    tailnet = view.resolved.tailnet
    assert target.node is not None
    ends = [target.node, *([source.node] if source.node is not None else [])]
    nodes = [tailnet.nodes[each]._replace(name=f"n{each}") for each in dict.fromkeys(ends)]
    if source.node is None:
        # Where `*` is what names it, an approved route leads to it.
        route = Address(source.family, source.first).prefix
        room = Address(6, 0xFD7A115CA1E0 << 80 | 0xFFFF)
        nodes.append(Node(name="router", addresses=(room,), tags=("tag:x",), advertised_routes=(route,)))
        nodes[-1] = nodes[-1]._replace(approved_routes=(route,))
    users = tuple(user for user in tailnet.users if any(user.login == node.user and not node.shared for node in nodes))
    loaded = load_tailnet(Source("t.json", tailnet_json(tailnet._replace(name="t", nodes=tuple(nodes), users=users))))
    assert loaded.value is not None
    assert not loaded.failed, loaded.diagnostics
    local = [f"{each}/{32 if each.family == 4 else 128}" for each in nodes[0].addresses]
    local += [str(route) for route in nodes[0].approved_routes or ()]
    return loaded.value, 0, _address(source), _address(target), local


def _address(endpoint: Endpoint) -> str:
    first = endpoint.first or 1 if endpoint.last > endpoint.first else endpoint.first
    return address_text(endpoint.family, first)


def lets_in(policy: Policy, verdict: Verdict) -> bool:
    """Tell whether the filter compiled for the witness's target lets the packet in."""
    assert verdict.witness is not None
    tailnet, node, source, target, local = built(verdict)
    compiled = compile_policy(policy, tailnet).value
    assert compiled is not None
    rules = packet_filter_json(compiled.packet_filter(node).rules, SourceTexts(compiled.resolved.names))
    protocol, port = verdict.witness.service
    return decide(rules, local, source, target, protocol, port if protocol in PORT_PROTOCOLS else 0)


@pytest.mark.parametrize("first", range(0, 40, 20))
def test_a_witness_is_let_in_by_the_filter_of_a_tailnet_made_of_it(first: int) -> None:
    seen = 0
    for seed in range(first, first + 20):
        old, new, questions = case(seed)
        lines = [each.text for each in questions] + ["assert no new access against old", "assert equivalent to old"]
        for verdict in verdicts(new, lines, old):
            if verdict.witness is not None:
                is_lost = verdict.difference is not None and not verdict.difference.gained
                shown = policy_of(old if is_lost else new)
                expected = verdict.promise.kind != "always"
                assert expected == lets_in(shown, verdict), (seed, verdict.promise.span.text, json.dumps(new))
                if verdict.difference is not None:
                    assert not lets_in(policy_of(new if is_lost else old), verdict), (seed, json.dumps(new))
                seen += 1

    assert seen > 20


def test_each_step_of_a_way_is_one() -> None:
    policy = {
        "tagOwners": {"tag:a": [], "tag:b": ["tag:a"], "tag:c": []},
        "grants": [
            {"src": ["ann@x.com"], "dst": ["tag:a"], "ip": ["tcp:22"]},
            {"src": ["tag:b"], "dst": ["tag:c"], "ip": ["tcp:443"]},
        ],
        "ssh": [{"action": "accept", "src": ["ann@x.com"], "dst": ["tag:a"], "users": ["root"]}],
    }
    apart = [f"assume tag:{one} and tag:{other} apart" for one, other in pairwise("abca")]
    found = next(verdicts(policy, [*apart, "assert ann@x.com never reach tag:c transitively"], policy))

    assert found.witness is not None
    assert found.view is not None
    assert ["ssh", "tag"] == [step.kind for step in found.witness.steps]
    assert lets_in(policy_of(policy), found)
    nodes = found.view.resolved.tailnet.nodes
    assert [("ann@x.com", ("tag:a",)), (None, ("tag:b",))] == [
        (nodes[step.source].user, nodes[step.target].tags) for step in found.witness.steps
    ]
