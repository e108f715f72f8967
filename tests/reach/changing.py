"""Pairs of policies that differ a little, and their difference worked out pair by pair of endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from aclc.reach.graph.compare import Change
from aclc.reach.graph.space import PORT_PROTOCOLS, Space, View
from aclc.resolve.node_sets import indices_of
from tests.properties.strategies import Json, acls, grants, maybe, policies

Pair = tuple[int, int]
"""(source, target): numbers of endpoints."""

DEFINITIONS = ("groups", "ipsets", "postures", "defaultSrcPosture", "autoApprovers", "nodeAttrs")


@st.composite
def policy_pairs(draw: st.DrawFn) -> tuple[Json, Json]:
    """Give a policy, and the same with some of its rules and definitions taken from another one."""
    old = draw(policies())
    new = dict(old)
    for key, rule in (("grants", grants()), ("acls", acls())):
        rules = list(old.get(key) or ())
        if rules and maybe(draw):
            rules.pop(draw(st.integers(0, len(rules) - 1)))
        if maybe(draw):
            rules.insert(draw(st.integers(0, len(rules))), draw(rule))
        if rules or old.get(key) is not None:
            new[key] = rules
    if maybe(draw):
        other = draw(policies())
        for key in DEFINITIONS:
            if maybe(draw, 4):
                new[key] = other.get(key)
    return old, {key: value for key, value in new.items() if value is not None}


def corner_services(views: tuple[View, ...]) -> list[tuple[int, int]]:
    """Give the (protocol, port) that two policies may treat differently: ends of their port ranges and what lies beside
    them. ICMP comes last."""
    ports = {0, 65535}
    protocols = {6, 17, 132, 47}
    for view in views:
        for edge in view.edges:
            protocols |= {edge.protocol} if edge.protocol is not None else set()
            for each in edge.ports:
                ports |= {each.first - 1, each.first, each.last, each.last + 1}
    ports &= set(range(65536))
    spoken = sorted(protocols - {1, 58})
    return [
        (protocol, port) for protocol in spoken for port in (sorted(ports) if protocol in PORT_PROTOCOLS else [0])
    ] + [(1, 0)]


def all_pairs(space: Space | View) -> Iterator[Pair]:
    """Give every source with every target of its family."""
    for mine, theirs in zip(space.sources.families, space.targets.families, strict=True):
        for source in indices_of(mine):
            for target in indices_of(theirs):
                yield source, target


def said(space: Space, found: tuple[Change, ...], pair: Pair) -> dict[bool, list[tuple[int, int, int]]]:
    """Give what the changes say of a pair: gained → services, lost → services."""
    source, target = pair
    one, other = space.sources.items[source].node, space.targets.items[target]
    owners = space.views[0].resolved.names.owners
    same = (
        one is not None
        and other.kind == "own"
        and other.node is not None
        and owners[one] is not None
        and owners[one] == owners[other.node]
    )
    services: dict[bool, list[tuple[int, int, int]]] = {True: [], False: []}
    for change in found:
        is_meant = change.scope == "any" or (change.scope == "own") == same
        if is_meant and change.sources >> source & 1 and change.targets >> target & 1:
            services[change.gained] += change.services
    return services


def expected(view_pair: tuple[View, View], pair: Pair, protocol: int, port: int) -> str:
    """Give `gained`, `lost` or `same`, asked of each policy by itself."""
    before, after = (view.allows(*pair, protocol, port) for view in view_pair)
    return "same" if before == after else "gained" if after else "lost"
