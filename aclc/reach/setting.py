"""What a question is asked on: a tailnet, or the population that stands for every tailnet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aclc.net import IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.endpoints import part_selectors
from aclc.reach.naming import Named, Naming, source_selectors
from aclc.reach.population import NEW_TAG, canonical_population
from aclc.reach.principals import Principal
from aclc.reach.space import Space, View
from aclc.resolve.posture import effective_postures
from aclc.resolve.resolution import resolve
from aclc.tailnet.model import Tailnet


class Setting(NamedTuple):
    """A tailnet to ask about.

    `everywhere`: it stands for every tailnet that fits the policies, so that counts of its nodes mean nothing. `routed`
    and `doubts` as in `Population`.
    """

    tailnet: Tailnet
    routed: IpSet | None
    everywhere: bool
    doubts: tuple[str, ...] = ()

    def view(self, policy: Policy) -> View:
        """Give one policy's view of it."""
        resolved = resolve(policy, self.tailnet).value
        assert resolved is not None  # `resolve` gives a value for every policy and tailnet
        return Space((resolved,), self.routed).views[0]


def setting(policies: Sequence[Policy], tailnet: Tailnet | None, asked: Iterable[Selector] = ()) -> Setting:
    """Give the tailnet itself, or where there is none the population for the policies and what is asked about."""
    if tailnet is not None:
        return Setting(tailnet, None, everywhere=False)
    population = canonical_population(policies, asked)
    nodes = tuple(node._replace(name=plain_name(node.name)) for node in population.tailnet.nodes)
    return Setting(
        population.tailnet._replace(nodes=nodes), population.routed, everywhere=True, doubts=population.doubts
    )


_NUMBER = re.compile(r" \(\d+\)$")
_ROLE = re.compile(r"device of a new ([a-z-]+)")
_WORDS = {
    "new device": "device of any other user",
    "new tagged node": "node with any other tag",
    "outsider's device": "device shared in from outside",
    "router": "any router",
    "exit": "any exit node",
}


def plain_name(name: str) -> str:
    """Give a name of the population without its number, in words for people who know nothing of populations.

    >>> plain_name("node with tag:a and tag:b (27)")
    'node with tag:a and tag:b'
    >>> plain_name("another new device, node:os = linux (3)")
    'device of any other user, node:os = linux'
    """
    text = _NUMBER.sub("", name).removeprefix("another ")
    head, comma, facts = text.partition(", ")
    head, at, place = head.partition(" at a named address")
    role = _ROLE.fullmatch(head)
    if role:
        head = f"device of any {role[1]}"
    elif head.startswith(("router tag:", "exit tag:")):
        kind, _, tag = head.partition(" ")
        head = f"{'router' if kind == 'router' else 'exit node'} with {tag}"
    else:
        head = _WORDS.get(head, head).replace("new device at ", "device of any user at ")
    return head.replace(f"node with {NEW_TAG}", "node with any other tag") + at + place + comma + facts


class RuleNaming(Naming):
    """Names also by what rules ask for besides: `group:eng (if posture:latest)`, `vpc (through tag:router)`.

    A group, like a login, may stand for its members' devices without those that they share in from elsewhere. What was
    `asked` about goes by the name it was asked by.
    """

    def __init__(self, view: View, asked: Sequence[Principal] = ()) -> None:
        super().__init__(view)
        self._asked = asked
        self._is_complete = False

    def sources(self, found: int) -> Named:
        """Give a set of sources in words."""
        self._complete()
        return super().sources(found)

    def targets(self, found: int) -> Named:
        """Give a set of targets in words."""
        self._complete()
        return super().targets(found)

    def _complete(self) -> None:
        if self._is_complete:
            return
        self._is_complete = True
        super().sources(0)
        super().targets(0)
        view = self._view
        names = view.resolved.names
        unshared = [(name, names.nodes(parse_selector(name)) & ~names.shared) for name in view.resolved.policy.groups]
        if self._sources is not None:
            mine = [(each.text, each.sources(view)) for each in self._asked]
            mine += [(text, bits & ~view.sources.of_nodes(names.shared)) for text, bits in mine]
            self._sources[:0] = [(text, bits) for text, bits in mine if bits]
            self._sources += [(name, view.sources.of_nodes(nodes)) for name, nodes in unshared if nodes]
            self._sources += self._guarded()
        if self._targets is not None:
            theirs = [(each.text, each.targets(view)) for each in self._asked]
            self._targets[:0] = [(text, bits) for text, bits in theirs if bits]
            self._targets += [(name, view.targets.of_nodes(nodes) & view.live) for name, nodes in unshared if nodes]
            self._targets += self._steered()

    def _guarded(self) -> list[tuple[str, int]]:
        view = self._view
        policy = view.resolved.policy
        asked = dict.fromkeys(effective_postures(policy, grant.src_posture) for grant in view.resolved.grants)
        found: dict[int, str] = {}
        for postures in asked:
            for selector in source_selectors(view) if postures else ():
                bits = view.sources_of(selector, postures)
                if bits and bits != view.sources_of(selector):
                    found.setdefault(bits, f"{selector.text} (if {' or '.join(postures)})")
        return [(text, bits) for bits, text in found.items()]

    def _steered(self) -> list[tuple[str, int]]:
        view = self._view
        found: dict[int, str] = {}
        for grant in view.resolved.grants:
            for selector in part_selectors(grant.parts) if grant.via else ():
                bits = view.targets_of(selector, grant.via)
                if bits and bits != view.targets_of(selector):
                    found.setdefault(bits, f"{selector.text} (through {' or '.join(grant.via or ())})")
        return [(text, bits) for bits, text in found.items()]
