"""The roles that people who are asked about may have: tailnets that between them show what their roles can change.

Which role somebody has no policy says. Roles only ever open more, `member` least: so an answer is the same whatever
the roles, or it is one where all are members and another one where somebody has a role that some rule for the asked
services asks for, at either end or at both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

from aclc.net import TCP
from aclc.policy.model import Policy
from aclc.reach.graph.doors import doors
from aclc.reach.graph.space import View
from aclc.reach.population.population import named_people, role_worlds, with_roles
from aclc.reach.population.principals import Principal
from aclc.reach.population.vocabulary import SIDES, roles_asked_about, roles_spoken_of, rule_selectors
from aclc.reach.questions.inquiry import Asked
from aclc.records import NamedTuple
from aclc.tailnet.model import Tailnet


class _Mattering(NamedTuple):
    """Roles that rules for the asked services ask for: of their sources, of their destinations, and pairs of both in
    one rule; in the order of the rules."""

    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def roles_only_add(policy: Policy, asked: Asked) -> bool:
    """Tell whether more rights never turn an answer to worse: not so where entries of `ssh` ask for roles, of which
    those with `check` win."""
    if asked.login is None and (asked.port != 22 or asked.protocol != TCP):
        return True
    return not roles_asked_about(each for rule in policy.ssh or () for each in (*rule.src, *rule.dst))


def worlds(tailnet: Tailnet, view_of: Callable[[Tailnet], View], policy: Policy, asked: Asked) -> Iterator[Tailnet]:
    """Give the tailnets in which the people who are asked about have roles that matter, or none; the first one is that
    in which all of them are members.

    `view_of` gives the policy's view of a tailnet. Whoever else rules name by login has the role that is asked about,
    so that nobody with it is missing. Cost: one for each role, and for two roles that one rule asks for at its two
    ends twice as many as the number of people who are asked about has digits in binary.
    """
    selectors = [side.selector for side in (asked.src, asked.dst) if side.node is None]
    own = roles_asked_about(selectors)
    people = [_people(policy, side) for side in (asked.src, asked.dst)]
    if not roles_only_add(policy, asked):
        yield from _all_worlds(tailnet, policy, asked, people, own)
        return
    if len(own) > 1:
        yield tailnet
        logins = [user.login for user in named_people(tailnet)]
        yield from _all_alike(tailnet, logins, own)
        yield from _mixed(tailnet, logins, [(own[0], own[1])])
        return
    if not any(people):
        yield from _all_worlds(tailnet, policy, asked, people, own)
        return
    found = _mattering(view_of(tailnet), asked)
    if set(people[0]) & set(people[1]):
        yield tailnet
        logins = list(dict.fromkeys((*people[0], *people[1])))
        yield from _all_alike(tailnet, logins, dict.fromkeys((*found.sources, *found.destinations)))
        yield from _mixed(tailnet, logins, found.pairs)
        return
    yield from _apart(tailnet, people, (found.sources, found.destinations), own)


def _apart(
    tailnet: Tailnet, people: Sequence[tuple[str, ...]], matter: Sequence[tuple[str, ...]], own: tuple[str, ...]
) -> Iterator[Tailnet]:
    """Give tailnets in which the people of each side have each role that matters there. `own`: the role that is asked
    about on the other side, or none: one of the people may have it, and another one a role that matters."""
    if not all(people):
        # WHY: whoever is on one side may be on the other one, too, where that names nobody in particular.
        matter = [tuple(dict.fromkeys(role for roles in matter for role in roles))] * 2
    others = {user.login: own[0] for user in named_people(tailnet)} if own else {}
    options = [
        dict.fromkeys(("member", *roles, *own) if logins else ("member",))
        for logins, roles in zip(people, matter, strict=True)
    ]
    for chosen in product(*options):
        given = {login: role for logins, role in zip(people, chosen, strict=True) for login in logins}
        yield with_roles(tailnet, {**others, **given})
    if own:
        pairs = [(own[0], role) for roles in matter for role in roles]
        yield from _mixed(with_roles(tailnet, others), [*people[0], *people[1]], pairs)


def _all_alike(tailnet: Tailnet, logins: Sequence[str], roles: Iterable[str]) -> Iterator[Tailnet]:
    """Give for each role the tailnet in which all people have it."""
    for role in roles:
        yield with_roles(tailnet, dict.fromkeys(logins, role))


def _mixed(tailnet: Tailnet, logins: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Iterator[Tailnet]:
    """Give for each pair of roles enough tailnets that of any two people one has the first and the other the second."""
    ordered = dict.fromkeys(each for one, other in pairs if one != other for each in ((one, other), (other, one)))
    for bit in range((len(logins) - 1).bit_length() if logins else 0):
        for pair in ordered:
            yield with_roles(tailnet, {login: pair[at >> bit & 1] for at, login in enumerate(logins)})


def _mattering(view: View, asked: Asked) -> _Mattering:
    """Give the roles that could change the answer: of rules that otherwise fit what is asked about."""
    sources, targets = asked.src.sources(view), asked.dst.targets(view)
    own_source, own_target = (bool(roles_asked_about([side.selector])) for side in (asked.src, asked.dst))
    at_source, at_target, pairs = dict[str, None](), dict[str, None](), dict[tuple[str, str], None]()
    for door in doors(view):
        if not door.opens(asked.protocol, asked.port):
            continue
        sending = roles_asked_about(view.resolved.grants[door.edge.grant].src)
        receiving = () if door.edge.is_self else roles_asked_about([door.edge.dst])
        fits_source = own_source or bool(door.named & sources)
        fits_target = own_target or bool(door.meant & targets)
        if (sending or fits_source) and (receiving or fits_target):
            at_source.update(dict.fromkeys(sending))
            at_target.update(dict.fromkeys(receiving))
            pairs.update(dict.fromkeys(product(sending, receiving)))
    return _Mattering(tuple(at_source), tuple(at_target), tuple(pairs))


def _all_worlds(
    tailnet: Tailnet, policy: Policy, asked: Asked, people: Sequence[tuple[str, ...]], own: tuple[str, ...]
) -> Iterator[Tailnet]:
    """Give the tailnets in which the people who are asked about have any roles that rules name on their side."""
    if len(own) > 1 or set(people[0]) & set(people[1]):
        selectors = [side.selector for side in (asked.src, asked.dst) if side.node is None]
        yield from role_worlds(tailnet, roles_spoken_of(policy, selectors))
        return
    yield from _apart(tailnet, people, [roles_asked_about(rule_selectors(policy, side)) for side in SIDES], own)


def _people(policy: Policy, side: Principal) -> tuple[str, ...]:
    """Give the logins of a person or a group; empty for whatever else is asked about."""
    if side.node is None and side.selector.kind == "group":
        group = policy.groups.get(side.selector.name)
        return tuple(each.name for each in group.members if each.kind == "user") if group is not None else ()
    return (side.selector.name,) if side.node is None and side.selector.kind == "user" else ()
