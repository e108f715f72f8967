"""The finite population that stands for every tailnet (docs/proofs.md).

Policies only allow, so what a rule gives to the least privileged device that it names it gives to all that it names.
The population holds, for each selector of the given policies, the devices that match it and as little else as
possible. Whoever has an access that another policy lacks, in any tailnet, has a witness here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from aclc.net import WILDCARD, IpSet, Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector
from aclc.reach.facts import Facts, least_facts
from aclc.reach.places import Places
from aclc.resolve.ipsets import Ipsets
from aclc.tailnet.model import Node, Role, Tailnet, User

NEW_DOMAIN = "new.invalid"
NEW_LOGIN = "somebody-new"
NEW_TAG = "tag:something-new"
OUTSIDER = "outsider@elsewhere.invalid"

ROUTED_OUTSIDE = (Prefix(4, 0xCB007100, 24), Prefix(6, 0x20010DB8 << 96, 32))
"""Addresses outside that a router always serves: for sources that `*` means and no literal names. They are
documentation networks, which no policy has a reason to name; where one does, `Population.doubts` says so."""

DEFAULT_ROUTES = (Prefix(4, 0, 0), Prefix(6, 0, 0))


class Population(NamedTuple):
    """A tailnet that stands for all.

    `routed`: outside addresses that count as behind an approved route where `*` is a source. `doubts`: what it does
    not cover, in plain words; where there is any, "no difference" is not proven.
    """

    tailnet: Tailnet
    routed: IpSet
    doubts: tuple[str, ...]


class _Identity(NamedTuple):
    """Who a device is: of a user, tagged, or shared in by a user outside."""

    name: str
    user: str | None = None
    tags: tuple[str, ...] = ()
    shared: bool = False
    devices: int = 1


def canonical_population(
    policies: Sequence[Policy], asked: Iterable[Selector] = (), tag_sets: Iterable[tuple[str, ...]] = ()
) -> Population:
    """Give the population for policies, and for selectors that are asked about besides.

    Args:
        policies: read without errors.
        asked: selectors of properties and questions; covered as if a rule named them.
        tag_sets: sets of tags that one node shall carry, beyond each tag alone.

    Order of nodes and users: fixed by the policies' text. Cost: O(identities × postures + literals log literals).
    """
    extra = tuple(asked)
    vocabulary = _Vocabulary(policies, extra)
    doubts: list[str] = []
    assignments = least_facts([policy.postures for policy in policies])
    if assignments is None:
        assignments = ((),)
        doubts.append("the postures have too many combinations to go through")
    if vocabulary.disables_ipv4:
        doubts.append("`disable-ipv4` takes IPv4 away from some nodes; the proof holds for nodes that keep it")
    if any(literal.overlaps(routed) for literal in vocabulary.literals for routed in ROUTED_OUTSIDE):
        doubts.append("the policy names a documentation network, which the proof uses for addresses that nobody names")
    identities = list(_identities(vocabulary, tag_sets))
    places = Places(vocabulary.literals)
    nodes = _Nodes(places, assignments)
    for identity in identities:
        nodes.add(identity)
    newcomers = [each for each in identities if each.name in _NEWCOMERS]
    for place in places.special:
        meant = any(selector.kind in {"prefix", "host", "ipset"} for selector in extra)
        for identity in identities if meant else newcomers:
            nodes.add(identity._replace(name=f"{identity.name} at a named address", devices=1), place)
    routes = tuple((IpSet.of(*vocabulary.destinations) - WILDCARD).prefixes())
    outside = [each for each in routes if not each.is_default_route]
    for tag in (None, *vocabulary.via):
        owner = _Identity(f"router {tag}", tags=(tag,)) if tag else _Identity("router", f"{NEW_LOGIN}@{NEW_DOMAIN}")
        nodes.add(owner, routes=(*outside, *ROUTED_OUTSIDE))
        nodes.add(owner._replace(name=owner.name.replace("router", "exit")), routes=DEFAULT_ROUTES)
    for place in places.special:
        if any(not WILDCARD.covers(literal) for literal in places.literals_at(place)):
            nodes.add(_Identity("exit at a named address", f"{NEW_LOGIN}@{NEW_DOMAIN}"), place, DEFAULT_ROUTES)
    tailnet = Tailnet("every tailnet", (), tuple(_users(identities)), tuple(nodes.made))
    return Population(tailnet, IpSet.of(*ROUTED_OUTSIDE), tuple(doubts))


class _Vocabulary:
    """What policies speak of: logins, tags, roles, domains, literal prefixes, and tags of `via`; each once, in
    order."""

    def __init__(self, policies: Sequence[Policy], asked: Sequence[Selector]) -> None:
        self.logins: dict[str, None] = {}
        self.tags: dict[str, None] = {}
        self.roles: dict[Role, None] = {}
        self.domains: dict[str, None] = {}
        self.via: dict[str, None] = {}
        self.literals: dict[Prefix, None] = {}
        self.destinations: dict[Prefix, None] = {}
        self.uses_self = False
        self.disables_ipv4 = False
        for policy in policies:
            self._read(policy, asked)

    def _read(self, policy: Policy, asked: Sequence[Selector]) -> None:
        ipsets = Ipsets(policy)
        sources: list[Selector] = []
        targets: list[Selector] = []
        for grant in policy.grants or ():
            sources += grant.src
            targets += grant.dst
            self.via.update(dict.fromkeys(each.name for each in grant.via if each.kind == "tag"))
        for acl in policy.acls or ():
            sources += acl.src
            targets += [destination.selector for destination in acl.dst]
        for rule in policy.ssh or ():
            sources += rule.src
            targets += rule.dst
        for group in policy.groups.values():
            sources += group.members
        self.tags.update(dict.fromkeys([*policy.tag_owners, *self.via]))
        for selector in dict.fromkeys([*sources, *asked]):
            self._name(selector)
            self.literals.update(dict.fromkeys(_prefixes(policy, ipsets, selector)))
        for selector in dict.fromkeys([*targets, *asked]):
            self._name(selector)
            found = dict.fromkeys(_prefixes(policy, ipsets, selector))
            self.literals.update(found)
            self.destinations.update(found)
        self.disables_ipv4 |= any("disable-ipv4" in entry.attr for entry in policy.node_attrs)

    def _name(self, selector: Selector) -> None:
        if selector.kind == "user":
            self.logins[selector.name] = None
        elif selector.kind == "tag":
            self.tags[selector.name] = None
        elif selector.kind == "domain-users":
            self.domains[selector.name] = None
        elif selector.name == "autogroup:self":
            self.uses_self = True
        elif selector.name in ROLE_AUTOGROUPS:
            role: Role = _ROLES[ROLE_AUTOGROUPS[selector.name]]
            self.roles[role] = None


_ROLES: dict[str, Role] = {
    "owner": "owner",
    "admin": "admin",
    "it-admin": "it-admin",
    "network-admin": "network-admin",
    "billing-admin": "billing-admin",
    "auditor": "auditor",
}

_NEWCOMERS = ("new device", "new tagged node", "outsider's device")


def _prefixes(policy: Policy, ipsets: Ipsets, selector: Selector) -> list[Prefix]:
    if selector.kind == "prefix" and selector.prefix is not None:
        return [selector.prefix]
    if selector.kind == "host":
        host = policy.hosts.get(selector.name)
        return [host.prefix] if host is not None and host.prefix is not None else []
    return list(ipsets.get(selector.name).addresses.prefixes()) if selector.kind == "ipset" else []


def _identities(vocabulary: _Vocabulary, tag_sets: Iterable[tuple[str, ...]]) -> Iterator[_Identity]:
    """Give who can be told apart. Two devices of a user only where some rule speaks of `autogroup:self`."""
    devices = 2 if vocabulary.uses_self else 1
    yield _Identity(_NEWCOMERS[0], f"{NEW_LOGIN}@{NEW_DOMAIN}", devices=devices)
    yield _Identity(_NEWCOMERS[1], tags=(NEW_TAG,))
    yield _Identity(_NEWCOMERS[2], OUTSIDER, shared=True)
    for login in vocabulary.logins:
        yield _Identity(f"device of {login}", login, devices=devices)
        yield _Identity(f"shared device of {login}", login, shared=True)
    for role in vocabulary.roles:
        yield _Identity(f"device of a new {role}", f"{NEW_LOGIN}-{role}@{NEW_DOMAIN}", devices=devices)
    for domain in vocabulary.domains:
        yield _Identity(f"new device at {domain}", f"{NEW_LOGIN}@{domain}", devices=devices)
    for tags in dict.fromkeys([*((tag,) for tag in vocabulary.tags), *tag_sets]):
        yield _Identity(f"node with {' and '.join(tags)}", tags=tags)


def _users(identities: Iterable[_Identity]) -> Iterator[User]:
    logins = dict.fromkeys(each.user for each in identities if each.user is not None and not each.shared)
    for login in logins:
        name = login.removesuffix(f"@{NEW_DOMAIN}").removeprefix(f"{NEW_LOGIN}-")
        yield User(login, _ROLES.get(name, "member"))


class _Nodes:
    """Makes devices: every identity at every least named place, once for each way to stand to the postures."""

    def __init__(self, places: Places, assignments: Sequence[Facts]) -> None:
        self.made: list[Node] = []
        self._places = places
        self._assignments = assignments

    def add(self, identity: _Identity, place: int | None = None, routes: tuple[Prefix, ...] = ()) -> None:
        """Make the devices of an identity, at one place or at each of the least."""
        for home in self._places.least if place is None else (place,):
            for facts in self._assignments if not identity.shared else self._assignments[:1]:
                for number in range(identity.devices):
                    self.made.append(self._node(identity, home, facts, number, routes))

    def _node(self, identity: _Identity, place: int, facts: Facts, number: int, routes: tuple[Prefix, ...]) -> Node:
        told = [identity.name if number == 0 else f"another {identity.name}"]
        told += [f"{attribute} = {value}" for attribute, value in facts]
        return Node(
            name=f"{', '.join(told)} ({len(self.made)})",
            addresses=self._places.take(place),
            id=str(len(self.made)),
            user=identity.user,
            tags=identity.tags,
            advertised_routes=routes,
            approved_routes=routes,
            posture=dict(facts),
            shared=identity.shared,
        )


def with_named_role(tailnet: Tailnet, role: str) -> Tailnet:
    """Give the population in which everybody whom a policy names has a role; newcomers keep theirs."""
    users = tuple(
        user
        if user.login.endswith(f"@{NEW_DOMAIN}") or user.login.startswith(NEW_LOGIN)
        else user._replace(role=_ROLES[role])
        for user in tailnet.users
    )
    return tailnet._replace(users=users)
