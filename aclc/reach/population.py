"""The finite population that stands for every tailnet (docs/proofs.md).

Policies only allow, so what a rule gives to the least privileged device that it names it gives to all that it names.
The population holds, for each selector of the given policies, the devices that match it and as little else as possible.
Whoever has an access that another policy lacks, in any tailnet, has a witness here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from aclc.net import WIDTH, WILDCARD, IpSet, Prefix
from aclc.policy.model import Policy, SshRule
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector
from aclc.reach.endpoints import Extent
from aclc.reach.facts import Facts, least_facts, most_facts
from aclc.reach.places import Places
from aclc.reach.space import Space
from aclc.reach.vocabulary import ROLES, Vocabulary, minimal, signatures
from aclc.resolve.model import Resolved
from aclc.resolve.posture import effective_postures
from aclc.tailnet.model import Node, Role, Tailnet, User

NEW_DOMAIN = "new.invalid"
NEW_LOGIN = "somebody-new"
OTHER_LOGIN = "somebody-else"
NEW_TAG = "tag:something-new"
OUTSIDER = "outsider@elsewhere.invalid"

ROUTED_OUTSIDE = (Prefix(4, 0xCB007100, 24), Prefix(6, 0x20010DB8 << 96, 32))
"""Addresses outside that nobody names, if nobody does: documentation networks, which no policy has a reason to name."""

DEFAULT_ROUTES = (Prefix(4, 0, 0), Prefix(6, 0, 0))
OUTSIDE = IpSet.everything() - WILDCARD

MOST_EXIT_PIECES = 5_000

Routed = Literal["asked", "least"]


class Population(NamedTuple):
    """A tailnet that stands for all.

    `routed`: outside addresses that count as behind an approved route where `*` is a source. `doubts`: what it does not
    cover, in plain words; where there is any, "no difference" is not proven. `asked`: addresses that questions name.
    """

    tailnet: Tailnet
    routed: IpSet
    doubts: tuple[str, ...]
    asked: tuple[Extent, ...] = ()

    def space(self, resolved: Sequence[Resolved]) -> Space:
        """Give the space of policies that were resolved on the tailnet."""
        return Space(resolved, self.routed, self.asked)


class _Identity(NamedTuple):
    """Who a device is: of a user, tagged, or shared in by a user outside. `role`: what a new user is."""

    name: str
    user: str | None = None
    tags: tuple[str, ...] = ()
    shared: bool = False
    role: Role = "member"


def canonical_population(
    policies: Sequence[Policy],
    asked: Iterable[Selector] = (),
    tag_sets: Iterable[tuple[str, ...]] = (),
    *,
    routed: Routed = "asked",
    transitive: bool = False,
) -> Population:
    """Give the population for policies, and for selectors that are asked about besides.

    Args:
        policies: read without errors.
        asked: selectors of properties and questions; covered as if a rule named them, and together with every rule: a
            device that both mean is there, and a second one like it.
        tag_sets: sets of tags that one node shall carry, beyond each tag alone.
        routed: what lies behind approved routes, so that `*` means it as a source: with `asked` all that is asked about
            (more access breaks the property), with `least` only an address that nobody names (less access breaks it).
        transitive: devices that show as much posture as can be, and nodes with those sets of tags at every address, for
            questions about what can be taken over.

    Order of nodes and users: fixed by the policies' text. Cost: O(identities × postures + literals log literals).
    """
    questions = tuple(asked)
    vocabulary = Vocabulary(policies, questions)
    doubts = list(_doubts(policies, vocabulary))
    assignments = _assignments(policies, transitive=transitive)
    if assignments is None:
        assignments = ((),)
        doubts.append("the postures have too many combinations to go through")
    sets = tuple(dict.fromkeys(tag_sets))
    identities = list(_identities(vocabulary, sets, is_asked=bool(questions)))
    places = Places(vocabulary.literals)
    nodes = _Nodes(places, assignments)
    meant = [each for each in identities if any(_means(selector, each, vocabulary) for selector in questions)]
    for identity in identities:
        nodes.add(identity)
    for identity in meant:
        nodes.add_twin(identity)
    everywhere = [each for each in identities if each.name in _NEWCOMERS]
    everywhere += [each for each in meant if each.name not in _NEWCOMERS]
    if transitive:
        largest = [each for each in sets if not any(set(each) < set(other) for other in sets)]
        everywhere += [each for each in identities if each.tags in largest and each not in everywhere]
    for place in places.special:
        is_asked = any(literal in vocabulary.asked for literal in places.literals_at(place))
        for identity in identities if is_asked else everywhere:
            nodes.add(identity._replace(name=f"{identity.name} at a named address"), place)
    fresh = _unnamed(vocabulary.literals)
    _add_routers(nodes, vocabulary, fresh, places, serves_sources=transitive)
    if len(policies) > 1 and not _add_mixed_exits(nodes, vocabulary):
        doubts.append("destinations lie inside each other in too many ways to go through exit nodes with subnet routes")
    tailnet = Tailnet("every tailnet", (), tuple(_users(identities)), tuple(nodes.made))
    behind = IpSet.of(*fresh)
    if routed == "asked":
        behind |= OUTSIDE if any(each.kind == "any" for each in questions) else IpSet.of(*vocabulary.asked) & OUTSIDE
    extents = tuple((each.family, each.first, each.last) for each in vocabulary.asked)
    return Population(tailnet, behind, tuple(doubts), extents)


def _doubts(policies: Sequence[Policy], vocabulary: Vocabulary) -> Iterator[str]:
    if vocabulary.denies_ipv4_differently:
        yield "the policies take IPv4 away from different nodes; a node with several tags may have it under one only"
    if NEW_TAG in vocabulary.tags or f"{NEW_LOGIN}@{NEW_DOMAIN}" in vocabulary.logins:
        yield f"the policy names `{NEW_TAG}` or `{NEW_LOGIN}@{NEW_DOMAIN}`, which stand for what nobody names"
    if len(policies) > 1 and _checks_overlap(policies):
        yield "who is asked again over SSH may depend on roles or postures that one device has at once"


def _checks_overlap(policies: Sequence[Policy]) -> bool:
    """Tell whether an entry of `ssh` with `check` may stand before another for devices that only together both mean.

    Then "asked again" is no matter of the least privileged device. Pairs of tags are gone through; roles of people and
    postures are not. Policies with the same entries cannot differ.
    """
    rules = [[_ssh_text(policy, rule) for rule in policy.ssh or ()] for policy in policies]
    if all(sorted(each) == sorted(rules[0]) for each in rules):
        return False
    every = [(policy, rule) for policy in policies for rule in policy.ssh or ()]
    if not any(rule.action == "check" for _, rule in every):
        return False
    return any(
        effective_postures(policy, rule.src_posture) or any(each.name in ROLE_AUTOGROUPS for each in rule.src)
        for policy, rule in every
    )


def _ssh_text(policy: Policy, rule: SshRule) -> str:
    postures = effective_postures(policy, rule.src_posture)
    meanings = [
        (name, [c.text for c in policy.postures[name].conditions]) for name in postures if name in policy.postures
    ]
    return repr((rule.action, [str(each) for each in (*rule.src, *rule.dst)], rule.users, postures, meanings))


def _assignments(policies: Sequence[Policy], *, transitive: bool) -> tuple[Facts, ...] | None:
    tables = [policy.postures for policy in policies]
    least = least_facts(tables)
    most = most_facts(tables) if transitive else ()
    return None if least is None or most is None else tuple(dict.fromkeys((*least, *most)))


_NEWCOMERS = ("new device", "new tagged node", "outsider's device")


def _identities(vocabulary: Vocabulary, tag_sets: Iterable[tuple[str, ...]], *, is_asked: bool) -> Iterator[_Identity]:
    """Give who can be told apart. Two users where one would do only where some rule speaks of `autogroup:self`: between
    them is what is not their own."""
    new_users = [(NEW_LOGIN, "")]
    if vocabulary.uses_self:
        new_users.append((OTHER_LOGIN, "another "))
    for login, word in new_users:
        yield _Identity(word + _NEWCOMERS[0], f"{login}@{NEW_DOMAIN}")
    yield _Identity(_NEWCOMERS[1], tags=(NEW_TAG,))
    yield _Identity(_NEWCOMERS[2], OUTSIDER, shared=True)
    for login in vocabulary.logins:
        yield _Identity(f"device of {login}", login)
        yield _Identity(f"shared device of {login}", login, shared=True)
    for login, word in new_users:
        for role in vocabulary.roles:
            yield _Identity(f"{word}device of a new {role}", f"{login}-{role}@{NEW_DOMAIN}", role=role)
        for domain in vocabulary.domains:
            yield _Identity(f"{word}new device at {domain}", f"{login}@{domain}")
            for role in vocabulary.roles if is_asked else ():
                yield _Identity(f"{word}device of a new {role} at {domain}", f"{login}-{role}@{domain}", role=role)
    for tags in dict.fromkeys([*((tag,) for tag in vocabulary.tags), *tag_sets]):
        yield _Identity(f"node with {' and '.join(tags)}", tags=tags)


def _users(identities: Iterable[_Identity]) -> Iterator[User]:
    roles = {each.user: each.role for each in identities if each.user is not None and not each.shared}
    for login, role in roles.items():
        yield User(login, role)


def _means(selector: Selector, identity: _Identity, vocabulary: Vocabulary) -> bool:
    """Tell whether a selector means a device by who it is, its role left aside: a person may have any."""
    is_member = not identity.shared and not identity.tags
    match selector.kind:
        case "any":
            return True
        case "user":
            return identity.user == selector.name
        case "group":
            return identity.user in vocabulary.groups.get(selector.name, ())
        case "tag":
            return selector.name in identity.tags
        case "domain-users":
            return is_member and (identity.user or "").rpartition("@")[2] == selector.name
        case "autogroup":
            if selector.name == "autogroup:tagged":
                return bool(identity.tags)
            if selector.name == "autogroup:shared":
                return identity.shared
            return selector.name == "autogroup:danger-all" or is_member
        case _:
            return False


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
                self._add(identity, home, facts, routes)

    def add_twin(self, identity: _Identity) -> None:
        """Make one more device of an identity, to be the target where the other is the source."""
        told = identity._replace(name=f"another {identity.name}")
        for home in self._places.least:
            self._add(told, home, self._assignments[0], ())

    def _add(self, identity: _Identity, place: int, facts: Facts, routes: tuple[Prefix, ...]) -> None:
        told = [identity.name, *(f"{attribute} = {value}" for attribute, value in facts)]
        self.made.append(
            Node(
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
        )


def _unnamed(literals: Sequence[Prefix]) -> tuple[Prefix, ...]:
    """Give addresses outside that as few literals name as can be: others are named by these literals and more."""
    found: list[Prefix] = []
    for family, nice in zip((4, 6), ROUTED_OUTSIDE, strict=True):
        named = signatures(family, literals, OUTSIDE)
        for signature in minimal(named):
            if named[signature].covers(nice):
                found.append(nice)
            else:
                first, last = max(named[signature].family(family), key=lambda each: each[1] - each[0])
                found.append(Prefix(family, (first + last) // 2, WIDTH[family]))
    return tuple(found)


def _add_routers(
    nodes: _Nodes, vocabulary: Vocabulary, fresh: tuple[Prefix, ...], places: Places, *, serves_sources: bool
) -> None:
    """Make routers to everything that destinations name and to what nobody names, and exit nodes: plain ones and one
    for each tag of `via`."""
    named = [*vocabulary.destinations, *vocabulary.asked, *(vocabulary.sources if serves_sources else ())]
    routes = [piece for each in named for piece in _outside(each)]
    subnets = tuple(dict.fromkeys(each for each in (*routes, *fresh) if not each.is_default_route))
    for tag in (None, *vocabulary.via):
        owner = _Identity(f"router {tag}", tags=(tag,)) if tag else _Identity("router", f"{NEW_LOGIN}@{NEW_DOMAIN}")
        nodes.add(owner, routes=subnets)
        nodes.add(owner._replace(name=owner.name.replace("router", "exit")), routes=DEFAULT_ROUTES)
    for place in places.special:
        if any(not WILDCARD.covers(literal) for literal in places.literals_at(place)):
            nodes.add(_Identity("exit at a named address", f"{NEW_LOGIN}@{NEW_DOMAIN}"), place, DEFAULT_ROUTES)


def _outside(prefix: Prefix) -> Iterable[Prefix]:
    """Give a prefix without the tailnet's own ranges; whole where it can be, so that its ends stay known."""
    inside = IpSet.of(prefix) & WILDCARD
    return (IpSet.of(prefix) - inside).prefixes() if inside else (prefix,)


def _add_mixed_exits(nodes: _Nodes, vocabulary: Vocabulary) -> bool:
    """Make exit nodes that serve a subnet too: a destination that touches the subnet opens all of itself there.

    That tells `10.0.0.0/15` from its two halves. One subnet for each way in which destinations lie inside each other is
    enough. False, and none is made, where those are too many.
    """
    wanted: list[Prefix] = []
    pieces = 0
    for family in (4, 6):
        named = signatures(family, list(vocabulary.destinations), OUTSIDE)
        parts: dict[Prefix, int] = {}
        for signature in named:
            for literal in signature:
                parts[literal] = parts.get(literal, 0) + 1
        for signature, room in named.items():
            widest = max((parts[literal] for literal in signature), default=1)
            if widest > 1:
                wanted.append(next(iter(room.prefixes())))  # any one: what matters is who names it
                pieces += widest
    if pieces * (1 + len(vocabulary.via)) > MOST_EXIT_PIECES:
        return False
    for tag in (None, *vocabulary.via):
        for subnet in wanted:
            owner = _Identity("exit with a subnet", f"{NEW_LOGIN}@{NEW_DOMAIN}")
            if tag:
                owner = _Identity(f"exit {tag} with a subnet", tags=(tag,))
            nodes.add(owner, routes=(*DEFAULT_ROUTES, subnet))
    return True


def with_named_role(tailnet: Tailnet, role: str) -> Tailnet:
    """Give the population in which everybody whom a policy names has a role; newcomers keep theirs."""
    return _with_roles(tailnet, [role])


def role_worlds(tailnet: Tailnet, roles: Sequence[str]) -> Iterator[Tailnet]:
    """Give the population, then those in which the people whom policies name have other roles.

    For each role one in which all have it; and for two roles enough of them that any two people have any two roles in
    some. Newcomers keep theirs.
    """
    yield tailnet
    for role in roles:
        yield _with_roles(tailnet, [role])
    named = sum(1 for user in tailnet.users if not _is_new(user))
    for bit in range((named - 1).bit_length() if named else 0):
        for one in roles:
            for other in roles:
                if one != other:
                    yield _with_roles(tailnet, [one if number >> bit & 1 else other for number in range(named)])


def _is_new(user: User) -> bool:
    return user.login.endswith(f"@{NEW_DOMAIN}") or user.login.startswith((NEW_LOGIN, OTHER_LOGIN))


def _with_roles(tailnet: Tailnet, roles: Sequence[str]) -> Tailnet:
    """Give the named people roles, in order; one role is for all of them."""
    users: list[User] = []
    number = 0
    for user in tailnet.users:
        if _is_new(user):
            users.append(user)
        else:
            users.append(user._replace(role=ROLES[roles[number % len(roles)]]))
            number += 1
    return tailnet._replace(users=tuple(users))
