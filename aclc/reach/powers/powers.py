"""What policies give besides packets and SSH: application capabilities, node attributes, approval of routes, tags to
apply, and the tests that guard it all. Each as sets that two policies can be compared by."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Literal

from aclc.net import Prefix
from aclc.policy.model import Capability, Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.space import Scope, View
from aclc.records import NamedTuple
from aclc.resolve.model import Resolved, ResolvedGrant
from aclc.resolve.node_sets import indices_of, node_set, union_of


class CapabilityChange(NamedTuple):
    """A capability with one parameter value that sources gain or lose on targets (endpoints of the space), within the
    scope: on whatever target, on their own devices, or on those of others."""

    gained: bool
    name: str
    value: str
    sources: int
    targets: int
    scope: Scope = "any"


class _Giving(NamedTuple):
    """Sources that a rule gives a capability on targets; `is_self`: on their own devices."""

    sources: int
    targets: int
    is_self: bool


def capability_changes(old: View, new: View) -> tuple[CapabilityChange, ...]:
    """Give the difference in application capabilities, per value; by name, value, and gains first."""
    before, after = _givings(old), _givings(new)
    found: list[CapabilityChange] = []
    for token in sorted(before.keys() | after.keys()):
        was, now = before.get(token, []), after.get(token, [])
        if sorted(was) != sorted(now):
            found += (
                CapabilityChange(gained, *token, sources, targets, scope)
                for gained, sources, targets, scope in _changed_givings(old, was, now)
            )
    return tuple(found)


def _givings(view: View) -> dict[tuple[str, str], list[_Giving]]:
    found: dict[tuple[str, str], list[_Giving]] = {}
    for grant in view.resolved.grants:
        if not grant.app or grant.via is not None:
            continue
        sources = view.sources_of_rule(grant)
        for is_self in (False, True):
            targets = capability_targets(view, grant, own=is_self)
            if sources and targets:
                for token in capability_values(grant.app):
                    found.setdefault(token, []).append(_Giving(sources, targets, is_self))
    return found


def capability_targets(view: View, grant: ResolvedGrant, *, own: bool) -> int:
    """Give the targets on which a rule gives capabilities to all its sources; or, with `own`, to those of one owner."""
    if own:
        return view.member_targets if any(part.is_self and part.dst for part in grant.parts) else 0
    return union_of(view.targets_of(selector) for part in grant.parts if not part.is_self for _, selector in part.dst)


def _changed_givings(view: View, was: list[_Giving], now: list[_Giving]) -> Iterator[tuple[bool, int, int, Scope]]:
    """Give (gained, sources, targets, scope) of what changes, gains first."""
    rows: dict[tuple[bool, int, Scope], int] = {}
    for targets, before, after in _classes(was, now):
        names = view.resolved.names
        owners = names.owners_among(view.targets.nodes_in(targets & view.member_targets))
        devices = view.sources.of_nodes(names.devices_of(owners))
        others, own = ([_who(each, own=own) for each in (before, after)] for own in (False, True))
        for gained in (True, False):
            to_others = others[gained] & ~others[not gained]
            to_own = own[gained] & ~own[not gained] & devices
            theirs = names.devices_of(names.owners_among(view.sources.nodes_in(to_own)))
            # WHY: where all targets are one person's, that person's devices have no others there.
            strangers = to_others & ~devices if len(owners) == 1 else to_others
            changes: list[tuple[int, int, Scope]] = [
                (strangers, targets, "others"),
                (to_own, targets & view.targets.of_nodes(theirs), "own"),
            ]
            if to_own == to_others & devices:
                changes = [(to_others, targets, "any")]
            for sources, reached, scope in changes:
                if sources:
                    rows[gained, sources, scope] = rows.get((gained, sources, scope), 0) | reached
    for (gained, sources, scope), targets in sorted(rows.items(), key=lambda row: not row[0][0]):
        yield gained, sources, targets, scope


def _who(givings: Iterable[_Giving], *, own: bool) -> int:
    return union_of(each.sources for each in givings if own or not each.is_self)


def capability_values(app: Iterable[Capability]) -> Iterator[tuple[str, str]]:
    """Give (name, value as canonical JSON) for each value of each capability; a capability without values gives one
    empty value."""
    for capability in app:
        values = capability.values if isinstance(capability.values, list) else []
        for value in values or [None]:
            yield capability.name, "" if value is None else json.dumps(value, sort_keys=True)


def _classes(was: list[_Giving], now: list[_Giving]) -> Iterator[tuple[int, list[_Giving], list[_Giving]]]:
    """Give targets that no rule tells apart, with what gives on them before and after."""
    signature: dict[int, list[int]] = {}
    givings = [*was, *now]
    for number, giving in enumerate(givings):
        for at in indices_of(giving.targets):
            signature.setdefault(at, []).append(number)
    classes: dict[tuple[int, ...], list[int]] = {}
    for at, numbers in signature.items():
        classes.setdefault(tuple(numbers), []).append(at)
    for key, members in classes.items():
        before, after = ([givings[n] for n in key if (n < len(was)) == is_old] for is_old in (True, False))
        yield node_set(members), before, after


class AttributeChange(NamedTuple):
    """A node attribute, or one value of an application attribute, that nodes gain or lose."""

    gained: bool
    name: str
    value: str
    nodes: int


def attribute_changes(old: Resolved, new: Resolved) -> tuple[AttributeChange, ...]:
    """Give the difference in node attributes; by name and value, gains first."""
    before, after = _attributes(old), _attributes(new)
    found: list[AttributeChange] = []
    for token in sorted(before.keys() | after.keys()):
        was, now = before.get(token, 0), after.get(token, 0)
        found += [
            AttributeChange(gained, *token, nodes)
            for gained, nodes in ((True, now & ~was), (False, was & ~now))
            if nodes
        ]
    return tuple(found)


def _attributes(resolved: Resolved) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for entry in resolved.policy.node_attrs:
        nodes = 0
        for target in entry.target:
            nodes |= resolved.names.matching(target)
        for token in [*((name, "") for name in entry.attr), *capability_values(entry.app)]:
            found[token] = found.get(token, 0) | nodes
    return found


class PowerChange(NamedTuple):
    """Something that a selector may do besides sending packets: apply a tag, have a route or an exit node approved.

    `power`: the tag, the route, `exit node` or the service. `through`: the chain of a group and tags that leads there;
    empty where it is direct. A group stands for its members but those `apart`, who had it before by another name, or
    keep it; one of them is named where the group's members change. `kept`: parts of the network that change nothing,
    since they have them approved under both policies.
    """

    gained: bool
    who: str
    power: str
    through: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def approval_changes(old: Policy, new: Policy) -> tuple[PowerChange, ...]:
    """Give who may newly have routes approved, and who no longer. Whoever has a network approved has every part of it
    approved: a part is told only where the whole is not."""
    routes = [route for policy in (old, new) for route in policy.auto_approvers.routes]
    keys = {str(route.prefix): route.prefix for route in routes if route.prefix is not None}
    before, after = _approvals(old, keys.values()), _approvals(new, keys.values())
    found = list(_powers(old, new, before, after))
    told = {(each.gained, each.who, each.power) for each in found}
    return tuple(
        each._replace(kept=_kept(each, keys, before.keys() & after.keys()))
        for each in found
        if each.power not in keys
        or not any((each.gained, each.who, str(wider)) in told for wider in _wider(keys[each.power]))
    )


def _kept(change: PowerChange, keys: Mapping[str, Prefix], unchanged: Container[tuple[str, str]]) -> tuple[str, ...]:
    """Give the parts of what changes that do not, the widest of those that lie in each other."""
    whole = keys.get(change.power)
    parts = {key: text for text, key in keys.items() if (change.who, text) in unchanged and whole and whole.covers(key)}
    return tuple(text for key, text in parts.items() if not any(wider in parts for wider in _wider(key)))


def _wider(prefix: Prefix) -> Iterator[Prefix]:
    """Give the prefixes that a prefix is a part of, the widest first."""
    return map(prefix.widened, range(prefix.bits))


def _approvals(policy: Policy, keys: Iterable[Prefix]) -> Powers:
    """Give (who, route) for each route of some and each approver of it, or of a network that it is a part of; then
    exit nodes and services."""
    approvers = policy.auto_approvers
    by_prefix: dict[Prefix, list[Selector]] = {}
    found: Powers = {}
    for route in approvers.routes:
        if route.prefix is not None:
            by_prefix.setdefault(route.prefix, []).extend(route.approvers)
        else:
            found |= {(approver.text, route.text): () for approver in route.approvers}
    for key in keys:
        for wide in (*_wider(key), key):
            found |= {(approver.text, str(key)): () for approver in by_prefix.get(wide, ())}
    for approver in approvers.exit_node:
        found[approver.text, "exit node"] = ()
    for service in approvers.services:
        for approver in service.approvers:
            found[approver.text, service.name] = ()
    return found


def ownership_changes(old: Policy, new: Policy) -> tuple[PowerChange, ...]:
    """Give who may newly apply a tag, directly or by owning a tag that owns it, and who no longer."""
    return tuple(_powers(old, new, tag_powers(old), tag_powers(new)))


def tag_powers(policy: Policy) -> dict[tuple[str, str], tuple[str, ...]]:
    """Give (who, tag) → the tags in between, for everybody who may apply a tag; the shortest chain. That machines with
    a tag may apply that very tag is left aside: `self_owned` has it."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, entry in policy.tag_owners.items():
        queue: list[tuple[Selector, tuple[str, ...]]] = [(owner, ()) for owner in entry.owners]
        seen: set[str] = set()
        while queue:
            owner, through = queue.pop(0)
            who = owner.text if owner.kind == "domain-users" else owner.name
            if who in seen:
                continue
            seen.add(who)
            if who != name:
                found.setdefault((who, name), through)
            if owner.kind == "tag" and owner.name in policy.tag_owners:
                queue += [(above, (owner.name, *through)) for above in policy.tag_owners[owner.name].owners]
    return found


def self_owned(policy: Policy) -> tuple[str, ...]:
    """Give the tags that machines which carry them may apply: a tag that owns itself, or tags that own each other."""
    powers = tag_powers(policy)
    return tuple(
        tag
        for tag, entry in policy.tag_owners.items()
        if any(owner.name == tag or (tag, owner.name) in powers for owner in entry.owners)
    )


Powers = dict[tuple[str, str], tuple[str, ...]]
"""(who, power) → through."""


def _powers(old: Policy, new: Policy, before: Powers, after: Powers) -> Iterator[PowerChange]:
    """Give the difference by meaning: who has a power by another name already gains nothing by one more."""
    joined = before.keys() & after.keys()
    members = _member_powers(old, before), _member_powers(new, after)
    for key in sorted(after.keys() - before.keys()):
        having = _with_it(key, new, members[0])
        if having is not None:
            yield PowerChange(gained=True, who=key[0], power=key[1], through=after[key], apart=having)
    for gained in (True, False):
        for key in sorted(members[gained].keys() - members[not gained].keys()):
            through = members[gained][key]
            if (through[0], key[1]) in joined:
                yield PowerChange(gained=gained, who=key[0], power=key[1], through=through)
    for key in sorted(before.keys() - after.keys()):
        having = _with_it(key, old, members[1])
        if having is not None:
            yield PowerChange(gained=False, who=key[0], power=key[1], through=before[key], apart=having)


_ANY_MEMBER = "autogroup:member"


def _with_it(key: tuple[str, str], policy: Policy, members: Powers) -> tuple[str, ...] | None:
    """Give those of whom a name means under a policy who have a power among those of another one; None where all have.
    An empty group means people who are yet to come."""
    who, power = key
    group = policy.groups.get(who)
    people = [member.name for member in group.members] if group is not None else [who]
    everybody = (_ANY_MEMBER, power) in members
    having = [
        each for each in people if (each, power) in members or (everybody and parse_selector(each).kind == "user")
    ]
    return None if people and len(having) == len(people) else tuple(having)


def _member_powers(policy: Policy, powers: Powers) -> Powers:
    """Give the powers of people by name: their own, and those of their groups."""
    found = {key: (key[0], *through) for key, through in powers.items() if key[0] not in policy.groups}
    for (who, power), through in powers.items():
        for member in policy.groups[who].members if who in policy.groups else ():
            found.setdefault((member.name, power), (who, *through))
    return found


class AssertionChange(NamedTuple):
    """An assertion of `tests` or `sshTests` that only one of the policies has.

    `given`: who is tested, with what their device shows and the protocol. `verdict`: `accept`, `deny` or `check`.
    `login`: as whom; empty for `tests`. `target`: what they are to reach, or not to.
    """

    suite: Suite
    given: str
    verdict: str
    login: str
    target: str
    added: bool

    @property
    def text(self) -> str:
        """The assertion in the words of the policy."""
        login = f"{self.login} on " if self.suite == "sshTests" else ""
        return f"{self.given} {self.verdict} {login}{self.target}"


def assertion_changes(old: Policy, new: Policy) -> tuple[AssertionChange, ...]:
    """Give the assertions that went away, then those that came; in file order. Rearranged tests are the same tests."""
    before, after = _assertions(old), _assertions(new)
    return (
        *(AssertionChange(*each, added=False) for each in before if each not in after),
        *(AssertionChange(*each, added=True) for each in after if each not in before),
    )


Suite = Literal["tests", "sshTests"]


def _assertions(policy: Policy) -> dict[tuple[Suite, str, str, str, str], None]:
    """Give the assertions as (suite, given, verdict, login, target)."""
    found: dict[tuple[Suite, str, str, str, str], None] = {}
    for test in policy.tests:
        given = _given(test.src, test.src_posture_attrs) + (f" {test.proto}" if test.proto else "")
        for word, listed in (("accept", test.accept), ("deny", test.deny)):
            found.update(dict.fromkeys(("tests", given, word, "", dst) for dst in listed or ()))
    for ssh_test in policy.ssh_tests:
        given = _given(ssh_test.src, ssh_test.src_posture_attrs)
        for word, logins in (("accept", ssh_test.accept), ("check", ssh_test.check), ("deny", ssh_test.deny)):
            for dst in ssh_test.dst:
                found.update(dict.fromkeys(("sshTests", given, word, login, dst.text) for login in logins or ()))
    return found


def _given(src: Selector | None, posture: object) -> str:
    name = src.text if src is not None else "nobody"
    return f"{name} with {json.dumps(posture, sort_keys=True, default=str)}" if posture else name
