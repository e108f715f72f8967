"""Rules that ask the connecting device for less than before: another posture will do, or one is defined otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from aclc.policy.model import Policy
from aclc.reach.difference.causes import Cause, RulePairs, rules_of
from aclc.reach.population.facts import least_facts
from aclc.records import NamedTuple
from aclc.resolve.posture import allowed_by_posture, effective_postures


class Redefined(NamedTuple):
    """A posture that the policies define otherwise: its conditions in order, all of which a device must meet."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class GuardRemoved(NamedTuple):
    """A rule, or several, that some devices may newly use, by what they show.

    `who`, `what`: the sources and destinations that it names now. `removed`: what was asked for before. `asked`: what
    is asked for now, any one of them; empty: nothing. `redefined`: those of both that mean something else now; where
    both are the same it is this that lets more devices in. `causes`: the rule, which both policies have.
    """

    who: tuple[str, ...]
    what: tuple[str, ...]
    removed: tuple[str, ...]
    asked: tuple[str, ...]
    redefined: tuple[Redefined, ...]
    causes: tuple[Cause, ...]

    @property
    def is_redefined(self) -> bool:
        """Whether the same postures are asked for as before."""
        return set(self.asked) == set(self.removed)


def removed_guards(old: Policy, new: Policy, pairs: RulePairs) -> tuple[GuardRemoved, ...]:
    """Give the rules that both policies have and that ask for less than before, in the order of the new policy.

    Decided by what devices can show; where that is too much to go through, other words count as less.
    """
    found = []
    known: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}
    asked = {rule.place: rule.src_posture for rule in rules_of(old)}
    for rule in rules_of(new):
        place = pairs.old_of(rule.place)
        if place is None:
            continue
        before = effective_postures(old, asked[place])
        after = effective_postures(new, rule.src_posture)
        if (before, after) not in known:
            known[before, after] = bool(before) and _asks_less(old, new, before, after)
        if known[before, after]:
            who, what = (tuple(each.text for each in listed) for listed in (rule.src, rule.dst))
            redefined = _redefined(old, new, [name for name in before if name in after])
            found.append(GuardRemoved(who, what, before, after, redefined, (pairs.cause_of_gain(rule.place, ()),)))
    return tuple(found)


def _asks_less(old: Policy, new: Policy, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Tell whether some device meets one of the postures of the new policy, and none of the old one's."""
    if not after:
        return True
    tables = [
        {name: policy.postures[name] for name in names if name in policy.postures}
        for policy, names in ((old, before), (new, after))
    ]
    shown = least_facts(tables)
    if shown is None:
        return set(before) != set(after) or bool(_redefined(old, new, before))
    return any(
        allowed_by_posture(new, after, dict(facts)) and not allowed_by_posture(old, before, dict(facts))
        for facts in shown
    )


def _redefined(old: Policy, new: Policy, names: Iterable[str]) -> tuple[Redefined, ...]:
    found = []
    for name in names:
        before, after = (
            tuple(each.text for each in policy.postures[name].conditions) if name in policy.postures else ()
            for policy in (old, new)
        )
        if set(before) != set(after):
            found.append(Redefined(name, before, after))
    return tuple(found)


def joined_guards(rows: Iterable[GuardRemoved]) -> Iterable[GuardRemoved]:
    """Join rules that ask alike and differ in what is reached only, then those that differ in who reaches it only."""
    by_who: dict[tuple[object, ...], GuardRemoved] = {}
    for row in rows:
        there = by_who.get((row.who, row.removed, row.asked))
        by_who[row.who, row.removed, row.asked] = row if there is None else _both(there, row)
    by_what: dict[tuple[object, ...], GuardRemoved] = {}
    for row in by_who.values():
        there = by_what.get((row.what, row.removed, row.asked))
        by_what[row.what, row.removed, row.asked] = row if there is None else _both(there, row)
    return by_what.values()


def _both(one: GuardRemoved, other: GuardRemoved) -> GuardRemoved:
    return one._replace(
        who=tuple(dict.fromkeys((*one.who, *other.who))),
        what=tuple(dict.fromkeys((*one.what, *other.what))),
        causes=tuple(dict.fromkeys((*one.causes, *other.causes))),
    )
