"""Postures that a rule asked for and asks for no more."""

from __future__ import annotations

from aclc.policy.model import Policy
from aclc.reach.difference.causes import Cause, RulePairs, rules_of
from aclc.records import NamedTuple
from aclc.resolve.posture import effective_postures


class GuardRemoved(NamedTuple):
    """A rule that asked for a posture and asks for none, or takes another one as well.

    `who`, `what`: the sources and destinations that it names now. `removed`: what was asked for before. `asked`: what
    is asked for now, any one of them; empty: nothing. `cause`: the rule, which both policies have.
    """

    who: tuple[str, ...]
    what: tuple[str, ...]
    removed: tuple[str, ...]
    asked: tuple[str, ...]
    cause: Cause


def removed_guards(old: Policy, new: Policy, pairs: RulePairs) -> tuple[GuardRemoved, ...]:
    """Give the rules that both policies have and that ask for less than before, in the order of the new policy."""
    found = []
    asked = {rule.place: rule.src_posture for rule in rules_of(old)}
    for rule in rules_of(new):
        place = pairs.old_of(rule.place)
        if place is None:
            continue
        before = effective_postures(old, asked[place])
        after = effective_postures(new, rule.src_posture)
        if before and (not after or set(after) - set(before)):
            who, what = (tuple(each.text for each in listed) for listed in (rule.src, rule.dst))
            found.append(GuardRemoved(who, what, before, after, pairs.cause_of_gain(rule.place, ())))
    return tuple(found)
