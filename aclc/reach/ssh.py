"""SSH as a graph between nodes: who may open a session where, as which login, asked again or not.

This is the SSH layer alone: a session needs port 22 in the network layer too (reference §6.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from aclc.filters.ssh import IDENTITY_KINDS, NONROOT
from aclc.policy.model import SshRule
from aclc.policy.selectors import parse_selector
from aclc.reach.compare import Scope
from aclc.records import NamedTuple
from aclc.resolve.model import Resolved
from aclc.resolve.node_sets import indices_of, node_set
from aclc.resolve.posture import effective_postures, nodes_allowed_by_posture

Mode = Literal["accept", "check"]

ANY_OTHER = "any other login"
"""Stands for a login that no rule names, which `autogroup:nonroot` lets in."""

OWN_NAME = "their own name"
"""Stands for the local part of the source's login, which `localpart:` lets in."""


class SshEdge(NamedTuple):
    """One entry of `ssh` between sets of nodes.

    `logins`: as the rule has them, `OWN_NAME` for each `localpart:`; `ANY_OTHER` for autogroup:nonroot. `own_name`:
    sources that may use their own name. `targets`: nodes named otherwise than by `autogroup:self`; `to_self`: devices
    of the source's own user as well.
    """

    rule: int
    mode: Mode
    sources: int
    targets: int
    to_self: bool
    logins: frozenset[str]
    own_name: int

    def lets_in(self, login: str) -> int:
        """Give the sources that the rule lets in as a login (`ANY_OTHER` and `OWN_NAME` count as logins)."""
        if login in self.logins or (login != "root" and ANY_OTHER in self.logins):
            return self.sources
        return self.own_name if login == OWN_NAME else 0


def ssh_edges(resolved: Resolved) -> tuple[SshEdge, ...]:
    """Give the entries of `ssh` that let somebody in, in file order."""
    return tuple(_edges(resolved))


def _edges(resolved: Resolved) -> Iterator[SshEdge]:
    names = resolved.names
    fold = str.casefold if names.meaning.localpart_any_domain else str
    owners = {owner for owner in names.owners if owner is not None}
    for index, rule in enumerate(resolved.policy.ssh or ()):
        sources = 0
        for selector in rule.src:
            if selector.kind in IDENTITY_KINDS:
                sources |= names.nodes(selector)
        if effective_postures(resolved.policy, rule.src_posture):
            sources &= nodes_allowed_by_posture(resolved.policy, rule.src_posture, resolved.tailnet.nodes)
        targets = 0
        for selector in rule.dst:
            if selector.kind in IDENTITY_KINDS:
                targets |= names.nodes(selector)
        to_self = any(selector.name == "autogroup:self" for selector in rule.dst)
        logins, domains = _logins(rule)
        domains = frozenset(map(fold, domains))
        if sources and (targets or to_self) and (logins or domains):
            own_name = 0
            for login in owners if domains else ():
                if fold(login.rpartition("@")[2]) in domains:
                    own_name |= names.user(login)
            mode: Mode = "check" if rule.action == "check" else "accept"
            yield SshEdge(index, mode, sources, targets & ~names.shared, to_self, logins, own_name & sources)


def _logins(rule: SshRule) -> tuple[frozenset[str], frozenset[str]]:
    """Give the logins of a rule, and the domains whose members may use their own name."""
    logins: set[str] = set()
    domains: set[str] = set()
    for login in rule.users or ():
        local = parse_selector(login)
        if login == NONROOT:
            logins.add(ANY_OTHER)
        elif local.kind == "localpart":
            domains.add(local.name)
        else:
            logins.add(login)
    return frozenset(logins), frozenset(domains)


class SshChange(NamedTuple):
    """A difference in who may open a session.

    `kind`: `gained` and `lost` speak of sessions at all; `unchecked`: was asked again, now let in without; `checked`:
    the other way about. `logins`: sorted; what they have in common is the sources and targets, sets of nodes.
    """

    kind: Literal["gained", "lost", "unchecked", "checked"]
    mode: Mode
    sources: int
    targets: int
    logins: tuple[str, ...]
    scope: Scope = "any"


def ssh_changes(old: Resolved, new: Resolved) -> tuple[SshChange, ...]:
    """Give what the second policy changes in SSH, on one tailnet. Empty: nothing.

    Order: by kind, mode, logins, sources, targets. Cost: classes of targets × logins × rules.
    """
    before, after = ssh_edges(old), ssh_edges(new)
    logins = {"root", ANY_OTHER, OWN_NAME}.union(*(edge.logins for edge in (*before, *after)))
    members = old.names.members | new.names.members
    found: dict[tuple[str, Mode, int, str, Scope], int] = {}
    for targets, was, now in _classes(before, after, members, old.names.everyone):
        for login in sorted(logins):
            others = list(_changes(was, now, login, with_self=False))
            own = [
                (kind, mode, sources & members)
                for kind, mode, sources in _changes(was, now, login, with_self=True)
                if targets & members and sources & members
            ]
            differs = sorted(own) != sorted(
                (kind, mode, sources & members) for kind, mode, sources in others if sources & members
            ) and bool(targets & members)
            for kind, mode, sources in others:
                key = (kind, mode, sources, login, _scope("others" if differs else "any"))
                found[key] = found.get(key, 0) | targets
            for kind, mode, sources in own if differs else ():
                key = (kind, mode, sources, login, _scope("own"))
                found[key] = found.get(key, 0) | targets
    return tuple(_grouped(found))


def _scope(scope: Scope) -> Scope:
    return scope


def _classes(
    before: tuple[SshEdge, ...], after: tuple[SshEdge, ...], members: int, everyone: int
) -> Iterator[tuple[int, list[SshEdge], list[SshEdge]]]:
    """Give classes of nodes that the rules do not tell apart as targets, with the rules of each policy that reach
    them."""
    edges = [*before, *after]
    signature: dict[int, list[int]] = {}
    for number, edge in enumerate(edges):
        for node in indices_of((edge.targets | (members if edge.to_self else 0)) & everyone):
            signature.setdefault(node, []).append(number)
    classes: dict[tuple[tuple[int, ...], int], list[int]] = {}
    for node, numbers in signature.items():
        classes.setdefault((tuple(numbers), members >> node & 1), []).append(node)
    for (key, _), nodes in classes.items():
        targets = node_set(nodes)
        yield (
            targets,
            [_at(edges[number], targets) for number in key if number < len(before)],
            [_at(edges[number], targets) for number in key if number >= len(before)],
        )


def _at(edge: SshEdge, targets: int) -> SshEdge:
    """Give an edge as it stands to a class of targets: named by it, or reached as own devices only."""
    return edge._replace(targets=edge.targets & targets)


def _changes(was: list[SshEdge], now: list[SshEdge], login: str, *, with_self: bool) -> Iterator[tuple[str, Mode, int]]:
    checked_before, accepted_before = _let_in(was, login, with_self=with_self)
    checked_after, accepted_after = _let_in(now, login, with_self=with_self)
    before, after = checked_before | accepted_before, checked_after | accepted_after
    rows: tuple[tuple[str, Mode, int], ...] = (
        ("gained", "check", checked_after & ~before),
        ("gained", "accept", accepted_after & ~before),
        ("lost", "check", checked_before & ~after),
        ("lost", "accept", accepted_before & ~after),
        ("unchecked", "accept", checked_before & accepted_after),
        ("checked", "check", accepted_before & checked_after),
    )
    yield from (row for row in rows if row[2])


def _let_in(edges: list[SshEdge], login: str, *, with_self: bool) -> tuple[int, int]:
    """Give who is asked again, and who is let in without: a rule with check comes first (reference §6.3)."""
    checked = accepted = 0
    for edge in edges:
        if edge.targets or (with_self and edge.to_self):
            if edge.mode == "check":
                checked |= edge.lets_in(login)
            else:
                accepted |= edge.lets_in(login)
    return checked, accepted & ~checked


def _grouped(found: dict[tuple[str, Mode, int, str, Scope], int]) -> Iterator[SshChange]:
    """Join changes that differ in nothing but the login."""
    logins: dict[tuple[str, Mode, int, int, Scope], list[str]] = {}
    for (kind, mode, sources, login, scope), targets in found.items():
        logins.setdefault((kind, mode, sources, targets, scope), []).append(login)
    kinds: dict[str, Literal["gained", "lost", "unchecked", "checked"]] = {
        "gained": "gained",
        "unchecked": "unchecked",
        "lost": "lost",
        "checked": "checked",
    }
    changes = [
        SshChange(kinds[kind], mode, sources, targets, tuple(sorted(names)), scope)
        for (kind, mode, sources, targets, scope), names in logins.items()
    ]
    order = list(kinds)
    yield from sorted(
        changes, key=lambda each: (order.index(each.kind), each.mode, each.logins, each.sources, each.targets)
    )
