"""A policy resolved on a tailnet: one form of rule, every name worked out."""

from __future__ import annotations

from typing import Literal

from aclc.net import PortRange, Prefix
from aclc.policy.model import Capability, Policy
from aclc.policy.selectors import Selector
from aclc.records import NamedTuple
from aclc.resolve.addresses import RouteIndex
from aclc.resolve.names import Names
from aclc.resolve.sources import Sources, SourceSets
from aclc.source import Place
from aclc.tailnet.model import Tailnet


class Item(NamedTuple):
    """Which items of a rule something comes from: an index into its `dst`, and into its `ip` (None for an acl)."""

    dst: int
    ip: int | None = None


class Target(NamedTuple):
    """One selector of `dst` and the ports open on it, in order, repeats kept. `items` runs parallel to `ports`."""

    selector: Selector
    ports: tuple[PortRange, ...]
    items: tuple[Item, ...]


class Network(NamedTuple):
    """What a rule opens for one protocol (None: TCP, UDP, ICMP and ICMPv6). Targets in the order of the output."""

    protocol: int | None
    targets: tuple[Target, ...]


class Part(NamedTuple):
    """A run of destinations that are all `autogroup:self`, or all something else.

    `networks`: in order of output; empty for a grant without `ip`. `dst`: (index of the item, selector), for `app`.
    """

    is_self: bool
    networks: tuple[Network, ...]
    dst: tuple[tuple[int, Selector], ...]


class ResolvedGrant(NamedTuple):
    """A grant, or an acl lowered to one. It stands in `Resolved.grants` even where it grants nothing (no `parts`).

    `origin` and `position`: which list it comes from and where it stands there; `default`: the policy has no rules at
    all, which means `*` to `*`. `sources`: after postures. `app`: in file order. `via`: the tags; None where the rule
    has no `via`, empty where none of its items is a tag, which no node satisfies.
    """

    origin: Literal["grant", "acl", "default"]
    position: int
    place: Place
    src: tuple[Selector, ...]
    src_posture: tuple[str, ...] | None
    sources: Sources
    parts: tuple[Part, ...]
    app: tuple[Capability, ...]
    via: tuple[str, ...] | None


class Resolved(NamedTuple):
    """Policy and tailnet as one. Only `resolve` makes it.

    `approved`: routes of each node, from the tailnet file or by autoApprovers. `routes`: the subnet routes among them.
    `exit_nodes`: nodes with an approved default route. `grants`: all grants in file order, then all acls.
    """

    policy: Policy
    tailnet: Tailnet
    names: Names
    approved: tuple[tuple[Prefix, ...], ...]
    routes: RouteIndex
    exit_nodes: int
    source_sets: SourceSets
    grants: tuple[ResolvedGrant, ...]
