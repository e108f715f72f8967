"""What policies and questions speak of: logins, tags, roles, domains, addresses. Nothing else can they tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from aclc.net import IpSet, Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector, parse_selector
from aclc.reach.graph.endpoints import Side
from aclc.resolve.ipsets import Ipsets
from aclc.resolve.names import DISABLE_IPV4
from aclc.tailnet.model import Role

ROLES: dict[str, Role] = {
    "owner": "owner",
    "admin": "admin",
    "it-admin": "it-admin",
    "network-admin": "network-admin",
    "billing-admin": "billing-admin",
    "auditor": "auditor",
}


class Vocabulary:
    """The names of some policies and questions, each once, in the order of the text.

    `via`: tags that rules steer by. `sources`, `destinations`: addresses that literals name on each side; `placed`:
    those that node attributes name. `asked`: those of the questions, which count on every side. `groups`: the members
    of each group under any policy. `services`: those that destinations and questions name. `uses_self`: some rule
    speaks of `autogroup:self`. `denies_ipv4_differently`: the policies may disagree about who has IPv4. With `owners`
    who may apply tags is spoken of, too.
    """

    def __init__(self, policies: Sequence[Policy], asked: Sequence[Selector], *, owners: bool = False) -> None:
        self.logins: dict[str, None] = {}
        self.tags: dict[str, None] = {}
        self.roles: dict[Role, None] = {}
        self.domains: dict[str, None] = {}
        self.via: dict[str, None] = {}
        self.sources: dict[Prefix, None] = {}
        self.destinations: dict[Prefix, None] = {}
        self.placed: dict[Prefix, None] = {}
        self.asked: dict[Prefix, None] = {}
        self.groups: dict[str, set[str]] = {}
        self.services: dict[str, None] = {}
        self.uses_self = False
        for policy in policies:
            self._read(policy)
            self._read_asked(policy, asked)
            for tag in policy.tag_owners.values() if owners else ():
                for owner in tag.owners:
                    self._name(owner)
        denials = [_denial(policy) for policy in policies]
        self.denies_ipv4_differently = any(each != denials[0] for each in denials)

    @property
    def literals(self) -> list[Prefix]:
        """Everything that is named by address, each once."""
        return list(self.sources | self.destinations | self.placed | self.asked)

    def _read(self, policy: Policy) -> None:
        ipsets = Ipsets(policy)
        sources: dict[Selector, None] = {}
        targets: dict[Selector, None] = {}
        for grant in policy.grants or ():
            sources.update(dict.fromkeys(grant.src))
            targets.update(dict.fromkeys(grant.dst))
            self.via.update(dict.fromkeys(each.name for each in grant.via if each.kind == "tag"))
        for acl in policy.acls or ():
            sources.update(dict.fromkeys(acl.src))
            targets.update(dict.fromkeys(destination.selector for destination in acl.dst))
        for rule in policy.ssh or ():
            sources.update(dict.fromkeys(rule.src))
            targets.update(dict.fromkeys(rule.dst))
            local = [parse_selector(login) for login in rule.users or ()]
            self.domains.update(dict.fromkeys(each.name for each in local if each.kind == "localpart"))
        for group in policy.groups.values():
            members = [member.name for member in group.members if member.kind == "user"]
            self.logins.update(dict.fromkeys(members))
            self.groups.setdefault(group.name, set()).update(members)
        self.tags.update(dict.fromkeys([*policy.tag_owners, *self.via]))
        aimed = dict.fromkeys(target for entry in policy.node_attrs for target in entry.target)
        for selectors, literals in ((sources, self.sources), (targets, self.destinations), (aimed, self.placed)):
            for selector in selectors:
                self._name(selector)
                literals.update(dict.fromkeys(_prefixes(policy, ipsets, selector)))

    def _read_asked(self, policy: Policy, asked: Sequence[Selector]) -> None:
        ipsets = Ipsets(policy)
        for selector in asked:
            self._name(selector)
            self.asked.update(dict.fromkeys(_prefixes(policy, ipsets, selector)))

    def _name(self, selector: Selector) -> None:
        if selector.kind == "user":
            self.logins[selector.name] = None
        elif selector.kind == "tag":
            self.tags[selector.name] = None
        elif selector.kind == "domain-users":
            self.domains[selector.name] = None
        elif selector.kind == "service":
            self.services[selector.name] = None
        elif selector.name == "autogroup:self":
            self.uses_self = True
        elif selector.name in ROLE_AUTOGROUPS:
            self.roles[ROLES[ROLE_AUTOGROUPS[selector.name]]] = None


def roles_spoken_of(policy: Policy, asked: Iterable[Selector] = ()) -> tuple[str, ...]:
    """Give `member` and the roles that a policy's acls, grants and ssh rules name, or a question; empty where they name
    none."""
    found = Vocabulary((policy,), tuple(asked)).roles
    return ("member", *found) if found else ()


SIDES: tuple[Side, Side] = ("src", "dst")


def rule_selectors(policy: Policy, side: Side) -> Iterator[Selector]:
    """Give what a policy's grants, acls and ssh rules name on one side; repeats are kept."""
    for grant in policy.grants or ():
        yield from grant.src if side == "src" else grant.dst
    for acl in policy.acls or ():
        yield from acl.src if side == "src" else (each.selector for each in acl.dst)
    for rule in policy.ssh or ():
        yield from rule.src if side == "src" else rule.dst


def roles_asked_about(asked: Iterable[Selector]) -> tuple[str, ...]:
    """Give the roles that a question names, each once."""
    return tuple({ROLE_AUTOGROUPS[each.name]: None for each in asked if each.name in ROLE_AUTOGROUPS})


def asked_extents(policies: Iterable[Policy], selectors: Iterable[Selector]) -> tuple[tuple[int, int, int], ...]:
    """Give the intervals (family, first, last) that literals in questions name, under any of the policies."""
    asked = tuple(selectors)
    found: dict[Prefix, None] = {}
    for policy in policies if any(each.kind in {"prefix", "host", "ipset"} for each in asked) else ():
        ipsets = Ipsets(policy)
        for selector in asked:
            found.update(dict.fromkeys(_prefixes(policy, ipsets, selector)))
    return tuple((each.family, each.first, each.last) for each in found)


def _prefixes(policy: Policy, ipsets: Ipsets, selector: Selector) -> Iterable[Prefix]:
    if selector.kind == "prefix" and selector.prefix is not None:
        return (selector.prefix,)
    if selector.kind == "host":
        host = policy.hosts.get(selector.name)
        return (host.prefix,) if host is not None and host.prefix is not None else ()
    return ipsets.get(selector.name).addresses.prefixes() if selector.kind == "ipset" else ()


def _denial(policy: Policy) -> object:
    """Give what decides who has no IPv4: equal values of two policies mean the same nodes."""
    targets = {
        target for entry in policy.node_attrs if DISABLE_IPV4 in entry.attr for target in entry.target
    }  # WHY a set: their order means nothing
    ipsets = Ipsets(policy)
    meanings: set[tuple[str, object]] = set()
    for target in targets:
        group = policy.groups.get(target.name)
        members = frozenset(member.name for member in group.members) if group is not None else None
        meanings.add((target.name, members or frozenset(_prefixes(policy, ipsets, target))))
    return policy.disable_ipv4, frozenset(meanings)


def signatures(family: int, literals: Iterable[Prefix], room: IpSet) -> dict[frozenset[Prefix], IpSet]:
    """Cut a room of one family by literals: which literals name an address → such addresses. Keys in address order.

    Cost: O(pieces × literals that lie inside each other).
    """
    starts: dict[int, list[Prefix]] = {}
    ends: dict[int, list[Prefix]] = {}
    cuts: set[int] = set()
    for literal in literals:
        if literal.family == family:
            starts.setdefault(literal.first, []).append(literal)
            ends.setdefault(literal.last + 1, []).append(literal)
            cuts.update((literal.first, literal.last + 1))
    for first, last in room.family(family):
        cuts.update((first, last + 1))
    pieces: dict[frozenset[Prefix], list[tuple[int, int, int]]] = {}
    for active, first, last in _sweep(sorted(cuts), starts, ends):
        for _, low, high in (IpSet.from_intervals([(family, first, last)]) & room).intervals():
            pieces.setdefault(active, []).append((family, low, high))
    return {signature: IpSet.from_intervals(found) for signature, found in pieces.items()}


def _sweep(
    cuts: Sequence[int], starts: dict[int, list[Prefix]], ends: dict[int, list[Prefix]]
) -> Iterator[tuple[frozenset[Prefix], int, int]]:
    active: set[Prefix] = set()
    for first, after in pairwise(cuts):
        active.difference_update(ends.get(first, ()))
        active.update(starts.get(first, ()))
        yield frozenset(active), first, after - 1


def minimal(found: Iterable[frozenset[Prefix]]) -> list[frozenset[Prefix]]:
    """Give the signatures that hold no other one."""
    listed = list(found)
    if frozenset() in listed:
        return [frozenset()]
    return [each for each in listed if not any(other < each for other in listed)]
