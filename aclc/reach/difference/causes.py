"""Which lines of a policy an access comes from, and which line of the other policy stood in that place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from aclc.policy.language_document import About, about_of
from aclc.policy.model import Acl, Grant, Policy, SshRule
from aclc.policy.selectors import Selector
from aclc.reach.graph.space import Edge
from aclc.records import NamedTuple
from aclc.resolve.posture import effective_postures
from aclc.source import Place, Span

Rule = Acl | Grant | SshRule


def rules_of(policy: Policy) -> tuple[Rule, ...]:
    """Give everything that asks where a connection comes from."""
    return (*(policy.grants or ()), *(policy.acls or ()), *(policy.ssh or ()))


class Definition(NamedTuple):
    """A name that a rule uses, or an option that counts for it, and that the policies define differently. `span`:
    where, in the new file, else in the old."""

    name: str
    became: Literal["new", "changed", "gone"]
    span: Span


class Cause(NamedTuple):
    """One reason of a change.

    `old`, `new`: where the rule stands in the two files, None where it stands in one only. `definitions`: names that
    the rule uses and that the policies define differently; empty where the rule itself is new or gone. `old_said`,
    `new_said`: what it says about itself in the two files.
    """

    old: Span | None
    new: Span | None
    definitions: tuple[Definition, ...] = ()
    old_said: About = About()
    new_said: About = About()


def cause_at(old: Place | None, new: Place | None, definitions: tuple[Definition, ...] = ()) -> Cause:
    """Give the cause that stands at these places, with the words of the rule about itself."""
    return Cause(
        None if old is None else old.span, None if new is None else new.span, definitions, _said(old), _said(new)
    )


def _said(place: Place | None) -> About:
    return About() if place is None else about_of(place.document, place.path)


class RulePairs:
    """Which rule of one policy became which rule of another: equal texts in order, and what stands between them, in
    order. Entries of `nodeAttrs` are paired in the same way."""

    __slots__ = ("_new_of", "_old_of", "_postures", "new", "old")

    def __init__(self, old: Policy, new: Policy) -> None:
        self.old = old
        self.new = new
        self._new_of: dict[Place, Place] = {}
        self._old_of: dict[Place, Place] = {}
        self._postures = {rule.place: rule.src_posture for policy in (old, new) for rule in rules_of(policy)}
        for before, after in (
            (old.grants or (), new.grants or ()),
            (old.acls or (), new.acls or ()),
            (old.ssh or (), new.ssh or ()),
            (old.node_attrs, new.node_attrs),
        ):
            self._pair([rule.place for rule in before], [rule.place for rule in after])

    def _pair(self, before: Sequence[Place], after: Sequence[Place]) -> None:
        # WHY without blanks: a reformatted file has the same rules.
        texts = [["".join(place.span.text.split()) for place in places] for places in (before, after)]
        for kind, a, b, c, d in SequenceMatcher(a=texts[0], b=texts[1], autojunk=False).get_opcodes():
            if kind == "equal" or (kind == "replace" and b - a == d - c):
                for old, new in zip(before[a:b], after[c:d], strict=True):
                    self._new_of[old] = new
                    self._old_of[new] = old

    def old_of(self, place: Place) -> Place | None:
        """Give the rule of the old policy that became this one of the new; None where it is new."""
        return self._old_of.get(place)

    def cause_of_gain(self, place: Place, selectors: Sequence[Selector]) -> Cause:
        """Give the cause for access that a rule of the new policy gives."""
        old = self._old_of.get(place)
        if old is None:
            return cause_at(None, place)
        return self._cause(old, place, selectors)

    def cause_of_loss(self, place: Place, selectors: Sequence[Selector]) -> Cause:
        """Give the cause for access that a rule of the old policy gave."""
        new = self._new_of.get(place)
        if new is None:
            return cause_at(place, None)
        return self._cause(place, new, selectors)

    def _cause(self, old: Place, new: Place, selectors: Sequence[Selector]) -> Cause:
        """Give the cause that is a rule of both policies, with what they define differently of what it uses. Where
        nothing of all this differs, it is the machines that have other addresses."""
        postures = self._posture_definitions(old, new) if old in self._postures else ()
        cause = cause_at(old, new, (*self._definitions(selectors), *postures))
        if not is_changed(cause) and self.old.disable_ipv4 != self.new.disable_ipv4:
            return cause._replace(definitions=self._of_key("disableIPv4"))
        return cause

    def _posture_definitions(self, old: Place, new: Place) -> tuple[Definition, ...]:
        """Give the postures that a rule asks for and that the policies define differently, and the default where that
        is what differs."""
        mine = self._postures.get(old), self._postures.get(new)
        asked = [*effective_postures(self.old, mine[0]), *effective_postures(self.new, mine[1])]
        found: list[Definition] = []
        if not (mine[0] and mine[1]) and set(self.old.default_src_posture) != set(self.new.default_src_posture):
            found += self._of_key("defaultSrcPosture")
        for name in dict.fromkeys(asked):
            before, after = self.old.postures.get(name), self.new.postures.get(name)
            if before is None or after is None or not _same_text(before.place, after.place):
                found += _became(name, before.place if before else None, after.place if after else None)
        return tuple(found)

    def _of_key(self, key: str) -> tuple[Definition, ...]:
        """Give what became of an option of the whole policy."""
        places = [policy.place.at(key) if key in policy.sections else None for policy in (self.old, self.new)]
        return tuple(_became(key, *places))

    def _definitions(self, selectors: Sequence[Selector]) -> tuple[Definition, ...]:
        """Give the names among the selectors that the two policies define differently."""
        found: dict[str, Definition] = {}
        for selector in selectors:
            before, after = _definition(self.old, selector), _definition(self.new, selector)
            if not _same_text(before, after):
                found.update((each.name, each) for each in _became(selector.name, before, after))
        return tuple(found.values())


def _became(name: str, old: Place | None, new: Place | None) -> Iterator[Definition]:
    """Give what became of a name that is defined here; nothing where neither policy defines it."""
    if new is not None:
        yield Definition(name, "new" if old is None else "changed", new.key)
    elif old is not None:
        yield Definition(name, "gone", old.key)


def _definition(policy: Policy, selector: Selector) -> Place | None:
    """Give where a policy defines the name that a selector uses."""
    match selector.kind:
        case "group":
            group = policy.groups.get(selector.name)
            return group.place if group is not None else None
        case "host":
            host = policy.hosts.get(selector.name)
            return host.place if host is not None else None
        case "ipset":
            ipset = policy.ipsets.get(selector.name)
            return ipset.place if ipset is not None else None
        case _:
            return None


def _same_text(old: Place | None, new: Place | None) -> bool:
    if old is None or new is None:
        return False
    return "".join(old.span.text.split()) == "".join(new.span.text.split())


def is_changed(cause: Cause) -> bool:
    """Tell whether the rule, or a name that it uses, is another than before."""
    if cause.old is None or cause.new is None or cause.definitions:
        return True
    return "".join(cause.old.text.split()) != "".join(cause.new.text.split())


def rules_behind(
    edges: Iterable[Edge], sources: int, targets: int, services: Sequence[tuple[int, int, int]]
) -> list[Edge]:
    """Give those of some edges that open some of the services between some of the sources and targets."""
    return [
        edge
        for edge in edges
        if edge.targets & targets and edge.src & sources and any(_speaks_of(edge, service) for service in services)
    ]


def _speaks_of(edge: Edge, service: tuple[int, int, int]) -> bool:
    protocol, first, last = service
    if protocol == 1:
        return True
    if not edge.opens(protocol, first) and edge.protocol not in {None, protocol}:
        return False
    return any(ports.first <= last and first <= ports.last for ports in edge.ports)
