"""SSH as a graph between nodes: who may open a session where, as which login, asked again or not.

This is the SSH layer alone: a session needs port 22 in the network layer too (reference §6.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from aclc.filters.ssh import IDENTITY_KINDS, NONROOT
from aclc.policy.model import SshRule
from aclc.policy.selectors import parse_selector
from aclc.reach.graph.space import Scope
from aclc.reach.powers.ssh_terms import SshTerms, is_looser, ssh_terms
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
    sources that may use their own name. `targets`: nodes to which all sources get in. `own`: devices to which those of
    the same user do, if they are sources. `terms`: what goes with a session.
    """

    rule: int
    mode: Mode
    sources: int
    targets: int
    own: int
    logins: frozenset[str]
    own_name: int
    terms: SshTerms = SshTerms()

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
        logins, domains = _logins(rule)
        # WHY: with `localpart:` the sources themselves are destinations, each for its own user (reference §6.3).
        own = names.members & sources if domains else 0
        if any(selector.name == "autogroup:self" for selector in rule.dst):
            own = names.members
        domains = frozenset(map(fold, domains))
        if sources and (targets or own) and (logins or domains):
            own_name = 0
            for login in owners if domains else ():
                if fold(login.rpartition("@")[2]) in domains:
                    own_name |= names.user(login)
            mode: Mode = "check" if rule.action == "check" else "accept"
            yield SshEdge(
                index, mode, sources, targets & ~names.shared, own, logins, own_name & sources, ssh_terms(rule)
            )


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


ChangeKind = Literal["gained", "lost", "unchecked", "checked", "looser", "stricter"]

Terms = tuple[SshTerms, SshTerms] | None


class SshChange(NamedTuple):
    """A difference in who may open a session.

    `kind`: `gained` and `lost` speak of sessions at all; `unchecked`: was asked again, now let in without; `checked`:
    the other way about; `looser`, `stricter`: still asked or not as before, on other `terms` (before, after). `logins`:
    sorted; what they have in common is the sources and targets, sets of nodes.
    """

    kind: ChangeKind
    mode: Mode
    sources: int
    targets: int
    logins: tuple[str, ...]
    scope: Scope = "any"
    terms: Terms = None


def ssh_changes(old: Resolved, new: Resolved) -> tuple[SshChange, ...]:
    """Give what the second policy changes in SSH, on one tailnet. Empty: nothing.

    Order: by kind, mode, logins, sources, targets. Cost: classes of targets × logins × rules.
    """
    before, after = ssh_edges(old), ssh_edges(new)
    logins = {"root", ANY_OTHER, OWN_NAME}.union(*(edge.logins for edge in (*before, *after)))
    members = old.names.members | new.names.members
    found: dict[tuple[_Change, str, Scope], int] = {}
    for targets, was, now in _classes(before, after, members, old.names.everyone):
        users = old.names.owners_among(targets & members)
        devices = old.names.devices_of(users)
        for login in sorted(logins):
            others = list(_changes(was, now, login, with_self=False))
            own = list(_among(_changes(was, now, login, with_self=True), devices))
            if set(own) == set(_among(others, devices)):
                for each in others:
                    key = each, login, _ANY
                    found[key] = found.get(key, 0) | targets
                continue
            # WHY: where all targets are one person's, that person's devices have no others there.
            for each in _among(others, ~devices if len(users) == 1 else -1):
                key = each, login, _OTHERS
                found[key] = found.get(key, 0) | targets
            for each in own:
                key = each, login, _OWN
                theirs = old.names.devices_of(old.names.owners_among(each.sources))
                found[key] = found.get(key, 0) | (targets & theirs)
    return tuple(_grouped(found))


class _Change(NamedTuple):
    kind: ChangeKind
    mode: Mode
    sources: int
    terms: Terms = None


_ANY: Scope = "any"
_OTHERS: Scope = "others"
_OWN: Scope = "own"


def _among(changes: Iterable[_Change], sources: int) -> Iterator[_Change]:
    """Give what changes for some sources."""
    for each in changes:
        if each.sources & sources:
            yield each._replace(sources=each.sources & sources)


def _classes(
    before: tuple[SshEdge, ...], after: tuple[SshEdge, ...], members: int, everyone: int
) -> Iterator[tuple[int, list[SshEdge], list[SshEdge]]]:
    """Give classes of nodes that the rules do not tell apart as targets, with the rules of each policy that reach
    them."""
    edges = [*before, *after]
    signature: dict[int, list[tuple[int, bool]]] = {}
    for number, edge in enumerate(edges):
        for node in indices_of(edge.targets & everyone):
            signature.setdefault(node, []).append((number, False))
        for node in indices_of(edge.own & ~edge.targets & everyone):
            signature.setdefault(node, []).append((number, True))
    classes: dict[tuple[tuple[tuple[int, bool], ...], int], list[int]] = {}
    for node, numbers in signature.items():
        classes.setdefault((tuple(numbers), members >> node & 1), []).append(node)
    for (key, _), nodes in classes.items():
        targets = node_set(nodes)
        yield (
            targets,
            [_at(edges[number], targets) for number, _ in key if number < len(before)],
            [_at(edges[number], targets) for number, _ in key if number >= len(before)],
        )


def _at(edge: SshEdge, targets: int) -> SshEdge:
    """Give an edge as it stands to a class of targets: named by it, or reached as own devices only."""
    return edge._replace(targets=edge.targets & targets, own=edge.own & targets)


def _changes(was: list[SshEdge], now: list[SshEdge], login: str, *, with_self: bool) -> Iterator[_Change]:
    old, new = (_let_in(edges, login, with_self=with_self) for edges in (was, now))
    checked_before, accepted_before = _by_mode(old)
    checked_after, accepted_after = _by_mode(new)
    before, after = checked_before | accepted_before, checked_after | accepted_after
    rows = (
        _Change("gained", "check", checked_after & ~before),
        _Change("gained", "accept", accepted_after & ~before),
        _Change("lost", "check", checked_before & ~after),
        _Change("lost", "accept", accepted_before & ~after),
        _Change("unchecked", "accept", checked_before & accepted_after),
        _Change("checked", "check", accepted_before & checked_after),
        *_changed_terms(old, new),
    )
    yield from (row for row in rows if row.sources)


def _let_in(edges: list[SshEdge], login: str, *, with_self: bool) -> dict[SshTerms, int]:
    """Give who is let in on which terms: those of the first entry that lets them in, where entries with a check come
    first (reference §6.3)."""
    found: dict[SshTerms, int] = {}
    seen = 0
    for edge in sorted(edges, key=lambda each: each.mode != "check"):
        if edge.targets or (with_self and edge.own):
            sources = edge.lets_in(login) & ~seen
            seen |= sources
            found[edge.terms] = found.get(edge.terms, 0) | sources
    return found


def _by_mode(found: dict[SshTerms, int]) -> tuple[int, int]:
    """Give who is asked again, and who is let in without."""
    checked = accepted = 0
    for terms, sources in found.items():
        if terms.asks:
            checked |= sources
        else:
            accepted |= sources
    return checked, accepted


def _changed_terms(old: dict[SshTerms, int], new: dict[SshTerms, int]) -> Iterator[_Change]:
    for before, those in old.items():
        for after, these in new.items():
            if before != after and before.asks == after.asks:
                kind: ChangeKind = "looser" if is_looser(before, after) else "stricter"
                yield _Change(kind, "check" if after.asks else "accept", those & these, (before, after))


_ORDER: tuple[ChangeKind, ...] = ("gained", "unchecked", "looser", "lost", "checked", "stricter")


def _grouped(found: dict[tuple[_Change, str, Scope], int]) -> Iterator[SshChange]:
    """Join changes that differ in nothing but the login."""
    logins: dict[tuple[_Change, int, Scope], list[str]] = {}
    for (change, login, scope), targets in found.items():
        logins.setdefault((change, targets, scope), []).append(login)
    changes = [
        SshChange(change.kind, change.mode, change.sources, targets, tuple(sorted(names)), scope, change.terms)
        for (change, targets, scope), names in logins.items()
    ]
    yield from sorted(
        changes,
        key=lambda each: (
            _ORDER.index(each.kind),
            each.mode,
            each.logins,
            each.sources,
            each.targets,
            repr(each.terms),
        ),
    )
