"""What a question is asked on: a tailnet, or the population that stands for every tailnet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aclc.net import IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.reach.population import NEW_TAG, canonical_population
from aclc.reach.space import Space, View
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
