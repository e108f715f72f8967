"""Grants and acls lowered to one form, in the control plane's order (reference §5.6, §5.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from aclc.net import ALL_PORTS, PortRange
from aclc.policy.model import Acl, AclDestination, Grant, Policy
from aclc.policy.selectors import ROLE_AUTOGROUPS, Kind, Selector, parse_selector
from aclc.resolve.model import Item, Network, Part, ResolvedGrant, Target
from aclc.resolve.sources import NOBODY, SourceSets

SELF = "autogroup:self"
INTERNET = "autogroup:internet"

_RANK: dict[Kind, int] = {"any": 0, "user": 1, "domain-users": 1, "group": 2, "tag": 3, "autogroup": 5}
_LITERAL_RANK = 4
_RECEIVING_AUTOGROUPS = frozenset({"autogroup:member", "autogroup:tagged", SELF, INTERNET, *ROLE_AUTOGROUPS})
_RECEIVING_KINDS: frozenset[Kind] = frozenset(
    {"any", "user", "domain-users", "group", "tag", "prefix", "host", "ipset", "service"}
)


def lower(policy: Policy, source_sets: SourceSets) -> tuple[ResolvedGrant, ...]:
    """Give all grants in file order, then all acls in file order; `*` to `*` where the policy has neither list.

    Every rule gives one, so that the lists stay aligned; one that has no effect (no `src`, no `dst`, an action that is
    not `accept`) has no parts.
    """
    if policy.allows_everything_by_default:
        everything = parse_selector("*")
        anybody = parse_selector("autogroup:danger-all") if policy.meaning.no_rules_from_anywhere else everything
        acl = Acl(
            policy.place, "accept", (anybody,), (AclDestination(everything, (ALL_PORTS,), "*:*"),), None, "", None
        )
        return (_lower_acl(0, acl, source_sets, _by_kind)._replace(origin="default"),)
    order = _as_written if policy.meaning.destinations_as_written else _by_kind
    return (
        *(_lower_grant(position, grant, source_sets) for position, grant in enumerate(policy.grants or ())),
        *(_lower_acl(position, acl, source_sets, order) for position, acl in enumerate(policy.acls or ())),
    )


def _by_kind(destinations: Iterable[AclDestination]) -> list[Target]:
    """Give destinations as Tailscale sends them: equal ones joined where the first stands, then by kind."""
    joined: dict[str, tuple[Selector, list[PortRange], list[Item]]] = {}
    for at, destination in enumerate(destinations):
        if _receives(destination.selector):
            _, ports, items = joined.setdefault(destination.selector.text, (destination.selector, [], []))
            ports.extend(destination.ports)
            items.extend([Item(at)] * len(destination.ports))
    targets = [Target(selector, tuple(ports), tuple(items)) for selector, ports, items in joined.values()]
    if len(targets) > 1:
        targets.sort(key=lambda each: _RANK.get(each.selector.kind, _LITERAL_RANK))
    return targets


def _as_written(destinations: Iterable[AclDestination]) -> list[Target]:
    """Give destinations as Headscale sends them: in the order of the file, `autogroup:self` last (reference §11)."""
    targets = [
        Target(each.selector, each.ports, (Item(at),) * len(each.ports))
        for at, each in enumerate(destinations)
        if _receives(each.selector)
    ]
    return sorted(targets, key=lambda each: each.selector.name == SELF)


def _lower_acl(
    position: int, acl: Acl, source_sets: SourceSets, order: Callable[[Iterable[AclDestination]], list[Target]]
) -> ResolvedGrant:
    """Lower an acl."""
    effective = bool(acl.src and acl.dst) and acl.action == "accept"
    targets = order(acl.dst if effective else ())
    protocol = acl.protocol or None
    return ResolvedGrant(
        origin="acl",
        position=position,
        place=acl.place,
        src=acl.src,
        src_posture=acl.src_posture,
        sources=source_sets.of(acl.src, acl.src_posture) if effective else NOBODY,
        parts=tuple(Part(is_self, (Network(protocol, run),), ()) for is_self, run in _runs(targets)),
        app=(),
        via=None,
    )


def _runs(targets: Iterable[Target]) -> Iterator[tuple[bool, tuple[Target, ...]]]:
    for is_self, run in groupby(targets, key=lambda each: each.selector.name == SELF):
        yield is_self, tuple(run)


def _lower_grant(position: int, grant: Grant, source_sets: SourceSets) -> ResolvedGrant:
    """Lower a grant: destinations as written, `autogroup:self` last (with `via` it has no meaning and falls away)."""
    effective = bool(grant.src and grant.dst)
    dst = [(at, selector) for at, selector in enumerate(grant.dst) if effective and _receives(selector)]
    others = tuple(each for each in dst if each[1].name != SELF)
    selves = tuple(each for each in dst if each[1].name == SELF) if not grant.via else ()
    by_protocol: dict[int | None, list[tuple[int, PortRange]]] = {}
    for at, spec in enumerate(grant.ip):
        by_protocol.setdefault(spec.protocol or None, []).extend((at, ports) for ports in spec.ports)
    return ResolvedGrant(
        origin="grant",
        position=position,
        place=grant.place,
        src=grant.src,
        src_posture=grant.src_posture,
        sources=source_sets.of(grant.src, grant.src_posture) if effective else NOBODY,
        parts=tuple(
            Part(is_self, _networks(by_protocol, run), run) for is_self, run in ((False, others), (True, selves)) if run
        ),
        app=grant.app,
        via=tuple(each.name for each in grant.via if each.kind == "tag") if grant.via else None,
    )


def _networks(
    by_protocol: dict[int | None, list[tuple[int, PortRange]]], dst: tuple[tuple[int, Selector], ...]
) -> tuple[Network, ...]:
    """Give one network per protocol, in order of first appearance in `ip`."""
    return tuple(
        Network(
            protocol,
            tuple(
                Target(selector, tuple(ports for _, ports in opened), tuple(Item(at, ip) for ip, _ in opened))
                for at, selector in dst
            ),
        )
        for protocol, opened in by_protocol.items()
        if opened
    )


def _receives(selector: Selector) -> bool:
    """Tell whether a selector may stand in `dst`; the others are refused there and must open nothing."""
    if selector.kind == "autogroup":
        return selector.name in _RECEIVING_AUTOGROUPS
    return selector.kind in _RECEIVING_KINDS
