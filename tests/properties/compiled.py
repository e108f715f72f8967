"""aclc as the properties use it: texts in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aclc.check import check_source
from aclc.compile import compile_policy
from aclc.diagnostics import Diagnostic, has_errors
from aclc.dialects import dialect_named
from aclc.lint.selection import Selection
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from tests.properties.oracle import World, decide, own, routes
from tests.properties.packets import Packet, text

Json = Any

WHAT_IS_REFUSED = Selection(profile="minimal")
"""Other rules say nothing of what is compiled, and take longer than it."""


class RefusedError(AssertionError):
    """A policy or tailnet that is meant to be valid was refused."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__([(each.code.id, each.message, each.span.text) for each in diagnostics if each.severity == 0])


def compile_text(policy: str, tailnet: str, target: str = "tailscale") -> bytes:
    """Give the document that `aclc compile` prints."""
    dialect = dialect_named(target)
    assert dialect is not None, target
    loaded = load_tailnet(Source("tailnet.json", tailnet))
    if loaded.value is None or has_errors(loaded.diagnostics):
        raise RefusedError(loaded.diagnostics)
    checked = check_source(Source("policy.hujson", policy), loaded.value, dialect, selection=WHAT_IS_REFUSED)
    if checked.policy is None or has_errors(checked.diagnostics):
        raise RefusedError(checked.diagnostics)
    outcome = compile_policy(checked.policy, loaded.value)
    if outcome.value is None:
        raise RefusedError(outcome.diagnostics)
    return b"".join(outcome.value.document(range(len(loaded.value.nodes))))


def compile_world(world: World, target: str = "tailscale") -> dict[str, Json]:
    """Give what each node receives, by name."""
    document = compile_text(json.dumps(world.policy), json.dumps(world.tailnet), target)
    nodes: dict[str, Json] = json.loads(document)["nodes"]
    return nodes


def local(world: World) -> dict[str, list[str]]:
    """Give what each node's filter knows as its own: addresses and approved routes, as ranges."""
    return {
        node["name"]: [text(*each) for each in own(world, node)]
        + [f"{text(family, first)}-{text(family, last)}" for family, first, last in routes(world, node)]
        for node in world.tailnet["nodes"]
    }


def lets_in(nodes: Mapping[str, Json], known: Mapping[str, list[str]], packet: Packet) -> bool:
    """Tell whether the client of the packet's node would let it in, by the rules that aclc gave it."""
    rules = nodes[packet.node]["packet_filter"]
    return decide(rules, known[packet.node], packet.source, packet.target, packet.protocol, packet.port)
