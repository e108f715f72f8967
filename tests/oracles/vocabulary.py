"""What policies and promises speak of, read off the plain JSON: names, addresses, conditions. Nothing else matters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from typing import Any, NamedTuple

from tests.properties.oracle import (
    PRIVATE,
    PUBLIC,
    ROLES,
    TAILNET,
    Address,
    World,
    edges,
    holds,
    in_ipset,
    literal,
    on_internet,
    port_range,
    port_spec,
    span,
    within,
)

Json = Any

NEW = "new@new.invalid"
NEWER = "newer@new.invalid"
LAST = {4: (1 << 32) - 1, 6: (1 << 128) - 1}


VIA6 = span("fd7a:115c:a1e0:b1a::/64")
HOMES = (
    *TAILNET[:-1],
    span("fd7a:115c:a1e0::-fd7a:115c:a1e0:b19:ffff:ffff:ffff:ffff"),
    (6, VIA6[2] + 1, TAILNET[-1][2]),
)


def in_tailnet(one: Address) -> bool:
    """Tell whether an address lies in the tailnet's own ranges."""
    return any(within(one, each) for each in TAILNET)


def is_home(one: Address) -> bool:
    """Tell whether a node may have an address."""
    return any(within(one, each) for each in HOMES)


class Vocabulary(NamedTuple):
    """`pieces`: per family the intervals that no literal cuts. `services`: (protocol, port) at which anything may
    change. `svc`: services that have names and addresses."""

    logins: tuple[str, ...]
    tags: tuple[str, ...]
    roles: tuple[str, ...]
    domains: tuple[str, ...]
    via: tuple[str, ...]
    conditions: tuple[str, ...]
    pieces: dict[int, list[tuple[int, int]]]
    services: tuple[tuple[int, int], ...]
    svc: tuple[str, ...]


def vocabulary(policies: Iterable[Json], asked: Iterable[str] = (), ports: Iterable[int] = ()) -> Vocabulary:
    """Read it off policies, and off selectors and ports that are asked about."""
    policies = tuple(policies)
    spoken: dict[str, None] = dict.fromkeys(asked)
    logins: dict[str, None] = {}
    tags: dict[str, None] = {}
    via: dict[str, None] = {}
    conditions: dict[str, None] = {}
    corners = {0, 65535, *ports}
    cuts: dict[int, set[int]] = {4: {0}, 6: {0}}
    for policy in policies:
        for grant in policy.get("grants") or ():
            spoken.update(dict.fromkeys([*grant["src"], *grant["dst"]]))
            via.update(dict.fromkeys(grant.get("via") or ()))
            corners.update(port for text in grant["ip"] for port in port_spec(text)[1])
        for acl in policy.get("acls") or ():
            spoken.update(dict.fromkeys(acl["src"]))
            for item in acl["dst"]:
                name, _, opened = item.rpartition(":")
                spoken[name.strip("[]")] = None
                corners.update(port_range(opened))
        for entry in policy.get("nodeAttrs") or ():
            spoken.update(dict.fromkeys(entry["target"]))
        for rules in policy["postures"].values():
            conditions.update(dict.fromkeys(rules))
        for members in policy["groups"].values():
            logins.update(dict.fromkeys(members))
        tags.update(dict.fromkeys(policy["tagOwners"]))
        world = World(policy, {"nodes": [], "users": []})
        for name in spoken:
            if name.startswith("ipset:"):
                for family, cut in edges(world, name):
                    cuts[family].add(cut)
            for family, first, last in literal(world, name):
                cuts[family].update((first, last + 1))
    if any(VIA6[1] <= cut <= VIA6[2] for cut in cuts[6]):
        cuts[6].update((VIA6[1], VIA6[2] + 1))
    for family, first, last in (*TAILNET, *PUBLIC, *PRIVATE):
        cuts[family].update((first, last + 1))
    pieces = {
        family: _told_apart(family, sorted({*found, LAST[family] + 1}), policies, tuple(spoken))
        for family, found in cuts.items()
    }
    logins.update(dict.fromkeys(name for name in spoken if "@" in name and not name.startswith("user:")))
    roles = [name for name in ROLES if f"autogroup:{name}" in spoken]
    domains = [name.partition("@")[2] for name in spoken if name.startswith("user:")]
    opened_ports = sorted({each for port in corners for each in (port - 1, port, port + 1) if 0 <= each <= 65535})
    services = [(protocol, port) for protocol in (6, 17, 132) for port in opened_ports] + [(1, 0), (47, 0)]
    return Vocabulary(
        tuple(logins),
        tuple(tags),
        tuple(roles),
        tuple(domains),
        tuple(via),
        tuple(conditions),
        pieces,
        tuple(services),
        tuple(name for name in spoken if name.startswith("svc:")),
    )


def _told_apart(
    family: int, cuts: list[int], policies: tuple[Json, ...], spoken: tuple[str, ...]
) -> list[tuple[int, int]]:
    """Give one interval of each kind: the largest of those that lie in the same literals and ranges."""
    worlds = [World(policy, {"nodes": [], "users": []}) for policy in policies]
    literals = [each for world in worlds for name in spoken for each in literal(world, name)]
    ipsets = [(world, name) for world in worlds for name in spoken if name.startswith("ipset:")]
    internet = bool(ipsets) or "autogroup:internet" in spoken
    kept: dict[Any, tuple[int, int]] = {}
    for first, after in pairwise(cuts):
        one = family, first
        key = (
            (in_tailnet(one), is_home(one)),
            on_internet(one) if internet or any(within(one, each) for each in literals) else None,
            *(within(one, each) for each in literals),
            *(in_ipset(world, name, one) for world, name in ipsets),
        )
        other = kept.get(key)
        if other is None or after - 1 - first > other[1] - other[0]:
            kept[key] = first, after - 1
    return sorted(kept.values())


def facts(conditions: Iterable[str]) -> Iterator[Json]:
    """Give what a device may show, one of each kind that the conditions can tell apart."""
    conditions = tuple(conditions)
    named: dict[str, list[Any]] = {}
    for condition in conditions:
        name = condition.split(" ", 1)[0]
        values = [text.strip("'") for text in re.findall(r"'[^']*'", condition)]
        numbers = [float(text) for text in re.findall(r"(?<= )\d+(?:\.\d+)?", condition)]
        tried = [*values, "something else", *(number + step for number in numbers for step in (-1, 0, 1)), 0.0]
        named.setdefault(name, []).extend(tried)
    seen: set[tuple[bool, ...]] = set()
    for chosen in product(*([None, *dict.fromkeys(values)] for values in named.values())):
        shown = {name: value for name, value in zip(named, chosen, strict=True) if value is not None}
        key = tuple(holds(condition, shown) for condition in conditions)
        if key not in seen:
            seen.add(key)
            yield shown
