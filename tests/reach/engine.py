"""The reachability engine as its tests use it: a world in, and packets placed on the endpoints that stand for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from aclc.dialects import dialect_named
from aclc.net import INTERNET, WILDCARD, Address, parse_address
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.reach.graph.space import Space, View
from aclc.resolve.model import Resolved
from aclc.resolve.resolution import resolve
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Tailnet
from tests.properties.oracle import World
from tests.properties.packets import Packet
from tests.properties.strategies import Json


def policy_of(value: Json, target: str = "tailscale") -> Policy:
    """Read a policy from plain JSON values."""
    dialect = dialect_named(target)
    assert dialect is not None, target
    outcome = read_policy(Source("policy.hujson", json.dumps(value)), dialect)
    assert outcome.value is not None
    assert not outcome.failed, outcome.diagnostics
    return outcome.value


def tailnet_of(value: Json) -> Tailnet:
    """Load a tailnet from plain JSON values."""
    outcome = load_tailnet(Source("tailnet.json", json.dumps(value)))
    assert outcome.value is not None
    assert not outcome.failed, outcome.diagnostics
    return outcome.value


def resolved_of(policy: Policy, tailnet: Tailnet) -> Resolved:
    """Resolve a policy, which always gives a value."""
    resolved = resolve(policy, tailnet).value
    assert resolved is not None
    return resolved


def space_of(policies: Sequence[Json], tailnet: Json, target: str = "tailscale") -> Space:
    """Give the space of some policies on one tailnet."""
    loaded = tailnet_of(tailnet)
    return Space([resolved_of(policy_of(each, target), loaded) for each in policies])


def view_of(world: World, target: str = "tailscale") -> View:
    """Give the view of one policy."""
    return space_of([world.policy], world.tailnet, target).views[0]


@cache
def parsed(text: str) -> Address:
    """Read an address."""
    found = parse_address(text)
    assert found is not None
    return found


def source_of(view: View, text: str) -> int | None:
    """Give the source that an address belongs to; None for one in the tailnet's own range that nobody has."""
    found = view.sources.holding(parsed(text))
    assert len(found) <= 1
    return found[0] if found else None


def target_of(view: View, node: int, text: str) -> int | None:
    """Give the target that an address belongs to when a packet for it arrives at a node; None where it serves no such
    address."""
    address = parsed(text)
    here = [
        (at, each) for at, each in enumerate(view.targets.items) if each.node == node and each.family == address.family
    ]
    exact = [at for at, each in here if each.kind in {"own", "route"} and each.first <= address.value <= each.last]
    if not exact and not WILDCARD.contains(address):
        kind = "internet" if INTERNET.contains(address) else "elsewhere"
        exact = [at for at, each in here if each.kind == kind]
    assert len(exact) <= 1, [view.targets.items[at] for at in exact]
    return exact[0] if exact else None


def ends(view: View, packet: Packet) -> tuple[int, int] | None:
    """Give source and target of a packet, None where the space has no such source or target."""
    node = next(at for at, each in enumerate(view.resolved.tailnet.nodes) if each.name == packet.node)
    source, target = source_of(view, packet.source), target_of(view, node, packet.target)
    return (
        None
        if source is None or target is None or parsed(packet.source).family != parsed(packet.target).family
        else (source, target)
    )
