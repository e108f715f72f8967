"""The finite population that stands for every tailnet (docs/proofs.md).

Policies only allow, so what a rule gives to the least privileged device that it names it gives to all that it names.
The population holds, for each selector of the given policies, the devices that match it and as little else as possible.
Whoever has an access that another policy lacks, in any tailnet, has a witness here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from aclc.net import WILDCARD, Address, IpSet, Prefix
from aclc.policy.model import Policy, SshRule
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector, parse_selector
from aclc.reach.graph.endpoints import Extent
from aclc.reach.graph.space import Space
from aclc.reach.population.facts import Facts, least_facts, most_facts
from aclc.reach.population.places import Places
from aclc.reach.population.served import OUTSIDE, beside_exits, inside, outside, stood_for, unnamed
from aclc.reach.population.vocabulary import ROLES, Vocabulary
from aclc.reach.powers.ssh_terms import ssh_terms
from aclc.records import NamedTuple
from aclc.resolve.model import Resolved
from aclc.resolve.posture import effective_postures
from aclc.tailnet.model import Node, Role, Tailnet, User

NEW_DOMAIN = "new.invalid"
NEW_LOGIN = "somebody-new"
OTHER_LOGIN = "somebody-else"
NEW_TAG = "tag:something-new"
OUTSIDER = "outsider@elsewhere.invalid"

DEFAULT_ROUTES = (Prefix(4, 0, 0), Prefix(6, 0, 0))
CHECK_DOUBT = (
    "who is asked again over SSH, or on which terms, may depend on roles or postures that one device has at once"
)
"""Left where sessions change at all; where none does on the population, none does anywhere (docs/proofs.md)."""

MOST_PIVOTS = 20_000
"""Machines that may be taken over and routes they serve, up to which they are all made."""


class Population(NamedTuple):
    """A tailnet that stands for all.

    `routed`: outside addresses that count as behind an approved route where `*` is a source; `unnamed`: those of them
    that nobody names. `doubts`: what it does not cover, in plain words; where there is any, "no difference" is not
    proven. `asked`: addresses that questions name. `stand_ins`: addresses behind routers that stand for others, with
    those others; an empty set: whatever nobody names.
    """

    tailnet: Tailnet
    routed: IpSet
    unnamed: IpSet
    doubts: tuple[str, ...]
    asked: tuple[Extent, ...] = ()
    stand_ins: tuple[tuple[Prefix, IpSet], ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """The logins of people that policies and questions name, who may have any role."""
        return tuple(user.login for user in self.tailnet.users if not _is_new(user))

    def space(self, resolved: Sequence[Resolved]) -> Space:
        """Give the space of policies that were resolved on the tailnet."""
        return Space(resolved, self.routed, self.asked)


class _Identity(NamedTuple):
    """Who a device is: of a user, tagged, or shared in by a user outside; or the service that it is instead.

    `role`: what a new user is.
    """

    name: str
    user: str | None = None
    tags: tuple[str, ...] = ()
    shared: bool = False
    role: Role = "member"
    service: str | None = None
    by_name_only: bool = False

    @property
    def shows_posture(self) -> bool:
        """Whether it matters what posture it shows: neither where it was shared in nor where it sends nothing."""
        return not self.shared and self.service is None


def canonical_population(
    policies: Sequence[Policy],
    asked: Iterable[Selector] = (),
    tag_sets: Iterable[tuple[str, ...]] = (),
    *,
    transitive: bool = False,
    both_services: bool = True,
) -> Population:
    """Give the population for policies, and for selectors that are asked about besides.

    Args:
        policies: read without errors.
        asked: selectors of properties and questions; covered as if a rule named them, and together with every rule: a
            device that both mean is there, and a second one like it.
        tag_sets: sets of tags that one node shall carry, beyond each tag alone.
        transitive: for questions about what can be taken over: devices of whoever may apply tags, and devices that show
            as much posture as can be, and routers to all that sources name, with those sets of tags, at every address.
        both_services: each service is there twice, once so that `*` opens it and once so that only its name does, since
            nobody says which of the two is so; else only the first.

    Order of nodes and users: fixed by the policies' text. Cost: O(identities × postures + literals log literals).
    """
    questions = tuple(asked)
    vocabulary = Vocabulary(policies, questions, owners=transitive)
    doubts = list(_doubts(policies, vocabulary))
    assignments = _assignments(policies, transitive=transitive)
    if assignments is None:
        assignments = ((),)
        doubts.append("the postures have too many combinations to go through")
    sets = tuple(dict.fromkeys(tag_sets))
    identities = list(_identities(vocabulary, sets))
    if both_services:
        identities += [each._replace(by_name_only=True) for each in identities if each.service is not None]
    places = Places(vocabulary.literals)
    nodes = _Nodes(places, assignments)
    meant = [each for each in identities if any(_means(selector, each, vocabulary) for selector in questions)]
    for identity in identities:
        nodes.add(identity)
    # WHY everybody: where a literal that is asked about holds the plainest addresses too, whoever lives there is meant.
    is_anywhere = any(literal in vocabulary.asked for place in places.least for literal in places.literals_at(place))
    for identity in identities if is_anywhere else meant:
        nodes.add_twin(identity)
    everywhere = [each for each in identities if each.name in _NEWCOMERS]
    everywhere += [each for each in meant if each.name not in _NEWCOMERS]
    for place in places.special:
        is_asked = any(literal in vocabulary.asked for literal in places.literals_at(place))
        for identity in identities if is_asked else everywhere:
            there = identity._replace(name=f"{identity.name} at a named address")
            nodes.add(there, place)
            if is_asked:
                nodes.add_twin(there, place)
    fresh = unnamed(vocabulary.literals)
    machines = [each for each in identities if each.service is None]
    taken = machines if vocabulary.asked else [*_pivots(machines, sets), *(each for each in meant if each in machines)]
    if transitive and not _add_pivots(nodes, vocabulary, fresh, taken):
        doubts.append("the addresses that rules name are too many to go through with all that can be taken over")
    _add_routers(nodes, vocabulary, fresh, places, sets)
    if len(policies) > 1 and not _add_mixed_exits(nodes, vocabulary):
        doubts.append("destinations lie inside each other in too many ways to go through exit nodes with subnet routes")
    tailnet = Tailnet("every tailnet", (), tuple(_users(identities)), tuple(nodes.made))
    # WHY those too: what is no node within the tailnet's ranges is there only where an approved route holds it.
    behind = IpSet.of(*fresh, *inside(vocabulary.literals))
    named = OUTSIDE if any(each.kind == "any" for each in questions) else IpSet.of(*vocabulary.asked) & OUTSIDE
    extents = tuple((each.family, each.first, each.last) for each in vocabulary.asked)
    stand_ins = tuple(stood_for(vocabulary.literals))
    return Population(tailnet, behind | named, behind, tuple(doubts), extents, stand_ins)


def _doubts(policies: Sequence[Policy], vocabulary: Vocabulary) -> Iterator[str]:
    if vocabulary.denies_ipv4_differently:
        yield "the policies take IPv4 away from different nodes; a node with several tags may have it under one only"
    if NEW_TAG in vocabulary.tags or f"{NEW_LOGIN}@{NEW_DOMAIN}" in vocabulary.logins:
        yield f"the policy names `{NEW_TAG}` or `{NEW_LOGIN}@{NEW_DOMAIN}`, which stand for what nobody names"
    short = [login for login in vocabulary.logins if not login.partition("@")[2]]
    if short and len({policy.meaning.short_logins for policy in policies}) > 1:
        yield f"`{short[0]}` is a user's name to one of the control planes and a whole login to the other"
    if len(policies) > 1 and _checks_overlap(policies):
        yield CHECK_DOUBT


def _checks_overlap(policies: Sequence[Policy]) -> bool:
    """Tell whether an entry of `ssh` may stand before another that lets in otherwise (asked again or not, on other
    terms) for devices that only together both mean.

    Then who is asked again is no matter of the least privileged device. Pairs of tags are gone through; roles of people
    and postures are not. Policies with the same entries in the same order cannot differ.
    """
    rules = [[_ssh_text(policy, rule) for rule in policy.ssh or ()] for policy in policies]
    if all(each == rules[0] for each in rules):
        return False
    every = [(rule, _asks_who(policy, rule)) for policy in policies for rule in policy.ssh or ()]
    return any(
        (first or second) and ssh_terms(one) != ssh_terms(other) and _may_meet(one, other)
        for (one, first), (other, second) in combinations(every, 2)
    )


def _asks_who(policy: Policy, rule: SshRule) -> bool:
    """Tell whether an entry names its sources by posture or role, of which one device may have several at once."""
    return bool(effective_postures(policy, rule.src_posture)) or any(each.name in ROLE_AUTOGROUPS for each in rule.src)


def _may_meet(one: SshRule, other: SshRule) -> bool:
    """Tell whether two entries may speak of one session: not where one means people's devices and the other tagged
    ones, or where one lets in as nobody but root and the other as anybody else."""
    ends = [{kind for each in rule.dst for kind in _kinds_of_machines(each)} for rule in (one, other)]
    for kinds, rule in zip(ends, (one, other), strict=True):
        if any(parse_selector(each).kind == "localpart" for each in rule.users or ()):
            kinds.add("people")  # their own devices, whatever the entry names
    logins = [set(rule.users or ()) for rule in (one, other)]
    apart = {"root"} in logins and not all("root" in each for each in logins)
    return bool(ends[0] & ends[1]) and not apart


def _kinds_of_machines(destination: Selector) -> tuple[str, ...]:
    """Tell whether a destination means tagged machines, those of people, or maybe either."""
    if destination.kind == "tag" or destination.name == "autogroup:tagged":
        return ("tagged",)
    return ("people",) if destination.kind in {"user", "group", "domain-users", "autogroup"} else ("tagged", "people")


def _ssh_text(policy: Policy, rule: SshRule) -> str:
    postures = effective_postures(policy, rule.src_posture)
    meanings = [
        (name, [c.text for c in policy.postures[name].conditions]) for name in postures if name in policy.postures
    ]
    return repr(
        (rule.action, ssh_terms(rule), [str(each) for each in (*rule.src, *rule.dst)], rule.users, postures, meanings)
    )


def _assignments(policies: Sequence[Policy], *, transitive: bool) -> tuple[Facts, ...] | None:
    tables = [policy.postures for policy in policies]
    least = least_facts(tables)
    most = most_facts(tables) if transitive else ()
    return None if least is None or most is None else tuple(dict.fromkeys((*least, *most)))


_NEWCOMERS = ("new device", "new tagged node", "outsider's device")


def _identities(vocabulary: Vocabulary, tag_sets: Iterable[tuple[str, ...]]) -> Iterator[_Identity]:
    """Give who can be told apart. Two users where one would do only where some rule speaks of `autogroup:self`: between
    them is what is not their own. Roles at each domain: an SSH rule may name the role, and the domain by `localpart:`.
    """
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
            for role in vocabulary.roles:
                yield _Identity(f"{word}device of a new {role} at {domain}", f"{login}-{role}@{domain}", role=role)
    for tags in dict.fromkeys([*((tag,) for tag in vocabulary.tags), *tag_sets]):
        yield _Identity(f"node with {' and '.join(tags)}", tags=tags)
    for service in vocabulary.services:
        yield _Identity(service, service=service)


def _users(identities: Iterable[_Identity]) -> Iterator[User]:
    roles = {each.user: each.role for each in identities if each.user is not None and not each.shared}
    for login, role in roles.items():
        yield User(login, role)


def _means(selector: Selector, identity: _Identity, vocabulary: Vocabulary) -> bool:
    """Tell whether a selector means a device by who it is, its role left aside: a person may have any."""
    is_member = identity.user is not None and not identity.shared
    match selector.kind:
        case "any":
            return True
        case "user":
            return identity.user == selector.name
        case "group":
            return identity.user in vocabulary.groups.get(selector.name, ())
        case "tag":
            return selector.name in identity.tags
        case "service":
            return selector.name == identity.service
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
            for facts in self._assignments if identity.shows_posture else self._assignments[:1]:
                self._add(identity, home, facts, routes)

    def add_twin(self, identity: _Identity, place: int | None = None) -> None:
        """Make one more device of an identity, to be the target where the other is the source."""
        told = identity._replace(name=f"another {identity.name}")
        for home in self._places.least if place is None else (place,):
            self._add(told, home, self._assignments[0], ())

    def add_everywhere(self, identity: _Identity, routes: tuple[Prefix, ...]) -> None:
        """Make devices of an identity at addresses that stand in every way to the literals of both families."""
        for four, six in self._places.pairs():
            for facts in self._assignments if identity.shows_posture else self._assignments[:1]:
                self._made(identity, self._places.take_pair(four, six), facts, routes)

    def pairs(self) -> int:
        """Give how many devices `add_everywhere` makes."""
        return self._places.pairs_count * len(self._assignments)

    def _add(self, identity: _Identity, place: int, facts: Facts, routes: tuple[Prefix, ...]) -> None:
        self._made(identity, self._places.take(place), facts, routes)

    def _made(
        self, identity: _Identity, addresses: tuple[Address, Address], facts: Facts, routes: tuple[Prefix, ...]
    ) -> None:
        told = [identity.name, *(f"{attribute} = {value}" for attribute, value in facts)]
        self.made.append(
            Node(
                name=f"{', '.join(told)} ({len(self.made)})",
                addresses=addresses,
                id=str(len(self.made)),
                user=identity.user,
                tags=identity.tags,
                advertised_routes=routes,
                approved_routes=routes,
                posture=dict(facts),
                shared=identity.shared,
                service=identity.service,
                by_name_only=identity.by_name_only,
            )
        )


def _add_routers(
    nodes: _Nodes,
    vocabulary: Vocabulary,
    fresh: tuple[Prefix, ...],
    places: Places,
    sets: Iterable[tuple[str, ...]],
) -> None:
    """Make routers to everything that destinations name and to what nobody names, and exit nodes: plain ones and one
    for each tag of `via`, and for each set of tags with such a tag."""
    subnets = _subnets([*vocabulary.destinations, *vocabulary.asked], fresh, vocabulary)
    for tag in (None, *vocabulary.via):
        owner = _Identity(f"router {tag}", tags=(tag,)) if tag else _Identity("router", f"{NEW_LOGIN}@{NEW_DOMAIN}")
        nodes.add(owner, routes=subnets)
        nodes.add(owner._replace(name=owner.name.replace("router", "exit")), routes=DEFAULT_ROUTES)
        for place in places.special if tag else ():
            # WHY there: what `via` opens on a router goes for the router's own address too, where the literal holds it.
            nodes.add(owner._replace(name=f"{owner.name} at a named address"), place, subnets)
    for tags in sets:
        if not vocabulary.via.keys().isdisjoint(tags):
            # WHY: what `via` opens of a router by one tag is a node with the other tag.
            told = _Identity(f"router {' and '.join(tags)}", tags=tags)
            nodes.add(told, routes=subnets)
            for place in places.special:
                nodes.add(told._replace(name=f"{told.name} at a named address"), place, subnets)
    for place in places.special:
        if any(not WILDCARD.covers(literal) for literal in places.literals_at(place)):
            nodes.add(_Identity("exit at a named address", f"{NEW_LOGIN}@{NEW_DOMAIN}"), place, DEFAULT_ROUTES)


def _pivots(identities: Sequence[_Identity], sets: Sequence[tuple[str, ...]]) -> list[_Identity]:
    """Give the devices that have the most rights once they are taken over: those with the largest sets of tags."""
    tagged = [each for each in identities if each.tags and each.tags != (NEW_TAG,)]
    largest = [each for each in sets if not any(set(each) < set(other) for other in sets)]
    return [each for each in tagged if each.tags in largest] if largest else tagged


def _add_pivots(
    nodes: _Nodes, vocabulary: Vocabulary, fresh: tuple[Prefix, ...], identities: Iterable[_Identity]
) -> bool:
    """Make the devices that can be taken over, serving what rules name as a source. False where they are too many."""
    served = _subnets([*vocabulary.sources, *vocabulary.asked], fresh, vocabulary)
    wanted = list(dict.fromkeys(identities))
    if len(wanted) * nodes.pairs() * (1 + len(served)) > MOST_PIVOTS:
        return False
    for identity in wanted:
        nodes.add_everywhere(identity._replace(name=f"{identity.name}, a router"), () if identity.shared else served)
    return True


def _subnets(named: Iterable[Prefix], fresh: Iterable[Prefix], vocabulary: Vocabulary) -> tuple[Prefix, ...]:
    routes = [*(piece for each in named for piece in outside(each)), *fresh, *inside(vocabulary.literals)]
    return tuple(dict.fromkeys(each for each in routes if not each.is_default_route))


def _add_mixed_exits(nodes: _Nodes, vocabulary: Vocabulary) -> bool:
    """Make exit nodes that serve a subnet too. False, and none is made, where those are too many."""
    wanted = beside_exits(list(vocabulary.destinations), 1 + len(vocabulary.via))
    for tag in (None, *vocabulary.via):
        for subnet in wanted or ():
            owner = _Identity("exit with a subnet", f"{NEW_LOGIN}@{NEW_DOMAIN}")
            if tag:
                owner = _Identity(f"exit {tag} with a subnet", tags=(tag,))
            nodes.add(owner, routes=(*DEFAULT_ROUTES, subnet))
    return wanted is not None


def role_worlds(tailnet: Tailnet, roles: Sequence[str]) -> Iterator[Tailnet]:
    """Give a population's tailnet, then those in which the people whom policies name have other roles (or `member`).

    For each role one in which all have it; and for two roles enough of them that any two people have any two roles in
    some. Newcomers keep theirs.
    """
    yield tailnet
    for role in roles:
        yield _with_roles(tailnet, [role])
    named = len(named_people(tailnet))
    for bit in range((named - 1).bit_length() if named else 0):
        for one in roles:
            for other in roles:
                if one != other:
                    yield _with_roles(tailnet, [one if number >> bit & 1 else other for number in range(named)])


def named_people(tailnet: Tailnet) -> list[User]:
    """Give the users of a population whom policies or questions name, in order."""
    return [user for user in tailnet.users if not _is_new(user)]


def with_roles(tailnet: Tailnet, roles: Mapping[str, str]) -> Tailnet:
    """Give a population's tailnet in which some logins have other roles, or `member`: itself where they have them."""
    users = tuple(
        user._replace(role=ROLES.get(roles[user.login], "member")) if user.login in roles else user
        for user in tailnet.users
    )
    return tailnet if users == tailnet.users else tailnet._replace(users=users)


def _is_new(user: User) -> bool:
    return user.login.endswith(f"@{NEW_DOMAIN}") or user.login.startswith((NEW_LOGIN, OTHER_LOGIN))


def _with_roles(tailnet: Tailnet, roles: Sequence[str]) -> Tailnet:
    """Give the named people roles, in order; one role is for all of them."""
    named = enumerate(named_people(tailnet))
    return with_roles(tailnet, {user.login: roles[number % len(roles)] for number, user in named})
