"""`except` and `within`: sets of people, addresses and tags taken apart, and compiled away where that is exact.

A policy only ever allows, so what is left must be sayable by naming it. Groups of the policy are finite lists of
logins, and addresses are numbers: both can be taken apart exactly. Who carries a tag, is a member or has a role is a
fact of the tailnet, which changes without the policy; taking that apart is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aclc.diagnostics import Code, Diagnostic, Severity, did_you_mean, shown
from aclc.net import IpSet
from aclc.policy.selectors import ROLE_AUTOGROUPS, parse_selector
from aclc.records import NamedTuple
from aclc.source import Span
from aclc.syntax.language_part import Part

NOT_EXACT = Code("LNG017", "set-not-exact", Severity.ERROR)
NO_EFFECT = Code("LNG018", "except-without-effect", Severity.WARNING)
NOBODY = Code("LNG019", "nobody-left", Severity.ERROR)


class Item(NamedTuple):
    """One selector as HuJSON spells it, and the part of the text that says it."""

    text: str
    part: Part


class Known(NamedTuple):
    """What the policy itself says about names. Each gives None for what it does not know."""

    logins: Callable[[str], Sequence[str] | None]
    addresses: Callable[[str], IpSet | None]


def taken_apart(
    items: Sequence[Item],
    within: Sequence[Item] | None,
    without: Sequence[Item] | None,
    known: Known,
    span: Callable[[Part], Span],
    found: list[Diagnostic],
) -> list[Item]:
    """Give the selectors that mean exactly what is in `items`, in `within` where that is given, and not in `without`.

    What cannot be said exactly is reported, and then nothing of it is left. What is whole keeps its spelling.
    """
    working = _Sets(known, span, found)
    left = list(items)
    if within is not None:
        left = working.common(left, within)
    if without is not None:
        left = working.difference(left, without)
    return left


class _Sets:
    """Takes sets apart."""

    def __init__(self, known: Known, span: Callable[[Part], Span], found: list[Diagnostic]) -> None:
        self._known = known
        self._span = span
        self._found = found

    def common(self, left: Iterable[Item], right: Sequence[Item]) -> list[Item]:
        """Give what is in both."""
        kept: list[Item] = []
        for item in left:
            for other in right:
                if item.text == other.text:
                    kept.append(item)
                    continue
                logins, others = self._known.logins(item.text), self._known.logins(other.text)
                addresses, area = self._known.addresses(item.text), self._known.addresses(other.text)
                if logins is not None and others is not None:
                    both = set(others)
                    kept += self._people(item, logins, [login for login in logins if login in both])
                elif addresses is not None and area is not None:
                    kept += self._area(item, addresses, addresses & area)
                elif not self._apart(item.text, other.text):
                    self._refuse(item, other, "within")
        return once(kept)

    def difference(self, left: Iterable[Item], right: Sequence[Item]) -> list[Item]:
        """Give what is on the left and not on the right."""
        used: set[int] = set()
        near: list[str] = []
        kept: list[Item] = []
        for item in left:
            kept += self._less(item, right, used, near)
        for number, other in enumerate(right):
            if number not in used:
                guess = did_you_mean(other.text, near)
                help = f"did you mean `{guess}`?" if guess else "nothing before `except` has it"
                self._found.append(
                    NO_EFFECT.at(self._span(other.part), f"except {shown(other.text)} takes nothing away", help=help)
                )
        return once(kept)

    def _less(self, item: Item, right: Sequence[Item], used: set[int], near: list[str]) -> list[Item]:
        logins, addresses = self._known.logins(item.text), self._known.addresses(item.text)
        left_logins, left_area = logins, addresses
        near += logins or ()
        is_gone = False
        for number, other in enumerate(right):
            others, area = self._known.logins(other.text), self._known.addresses(other.text)
            if item.text == other.text:
                used.add(number)
                is_gone = True
            elif left_logins is not None and others is not None:
                # WHY without regard to case: control planes do not tell logins apart by it, and less is safer here.
                folded = {login.casefold() for login in others}
                rest = [login for login in left_logins if login.casefold() not in folded]
                used.update({number} if len(rest) < len(logins or ()) else ())
                left_logins = rest
            elif left_area is not None and area is not None:
                used.update({number} if (addresses or left_area) & area else ())
                left_area = left_area - area
            elif not self._apart(item.text, other.text):
                used.add(number)
                self._refuse(item, other, "except")
                is_gone = True
        if is_gone:
            return []
        if logins is not None and left_logins is not None:
            return self._people(item, logins, left_logins)
        if addresses is not None and left_area is not None:
            return self._area(item, addresses, left_area)
        return [item]

    def _people(self, item: Item, all_logins: Sequence[str], left: Sequence[str]) -> list[Item]:
        """Give people by their group where all of it is left, else one by one."""
        if len(left) == len(all_logins):
            return [item]
        return [Item(login, item.part) for login in left]

    def _area(self, item: Item, whole: IpSet, left: IpSet) -> list[Item]:
        if left == whole:
            return [item]
        return [Item(str(prefix), item.part) for prefix in left.prefixes()]

    def _apart(self, one: str, other: str) -> bool:
        """Tell whether no device can be in both: what has a tag belongs to nobody."""
        return {_belongs(one), _belongs(other)} == {"person", "machine"}

    def _refuse(self, item: Item, other: Item, word: str) -> None:
        """Say why something cannot be taken apart, and what to do instead."""
        kinds = {_belongs(item.text), _belongs(other.text)}
        if kinds == {"machine"}:
            why = "a machine may carry any tags, and rules cannot ask for two"
            help = "give a tag of their own to the machines that are meant"
        elif kinds == {"person"}:
            why = "who that is, is a fact of the tailnet, not of the policy"
            help = "name a group of this policy instead"
        else:
            why = "a policy cannot tell which devices both of them mean"
            help = "write a rule for each kind"
        self._found.append(
            NOT_EXACT.at(
                self._span(other.part),
                f"{shown(item.text)} {word} {shown(other.text)} cannot be said: {why}",
                help=help,
            )
        )


def _belongs(text: str) -> str:
    selector = parse_selector(text)
    if selector.kind in {"user", "group", "domain-users"} or selector.name == "autogroup:member":
        return "person"
    if selector.name in ROLE_AUTOGROUPS:
        return "person"
    if selector.kind == "tag" or selector.name == "autogroup:tagged":
        return "machine"
    return ""


def once(items: Iterable[Item]) -> list[Item]:
    """Give each item once, where it stands first."""
    return list({item.text: item for item in reversed(list(items))}.values())[::-1]
