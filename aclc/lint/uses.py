"""Which selectors a policy uses, by position: read once, so that no rule walks the whole policy again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from aclc.policy.model import AutoApprovers, Policy
from aclc.policy.selectors import Kind, Selector, is_template
from aclc.source import Path, Place

SelectorList = tuple[Place, Path, Sequence[Selector]]
"""A list of selectors: the entry that it belongs to, the way from there to the list, the list."""

_LISTS: dict[str, Callable[[Policy], Iterable[SelectorList]]] = {
    "acls.src": lambda policy: ((acl.place, ("src",), acl.src) for acl in policy.acls or ()),
    "acls.dst": lambda policy: (
        (acl.place, ("dst",), [destination.selector for destination in acl.dst]) for acl in policy.acls or ()
    ),
    "grants.src": lambda policy: ((grant.place, ("src",), grant.src) for grant in policy.grants or ()),
    "grants.dst": lambda policy: ((grant.place, ("dst",), grant.dst) for grant in policy.grants or ()),
    "grants.via": lambda policy: ((grant.place, ("via",), grant.via) for grant in policy.grants or ()),
    "ssh.src": lambda policy: ((rule.place, ("src",), rule.src) for rule in policy.ssh or ()),
    "ssh.dst": lambda policy: ((rule.place, ("dst",), rule.dst) for rule in policy.ssh or ()),
    "ssh.recorder": lambda policy: ((rule.place, ("recorder",), rule.recorder) for rule in policy.ssh or ()),
    "sshTests.dst": lambda policy: ((test.place, ("dst",), test.dst) for test in policy.ssh_tests),
    "nodeAttrs.target": lambda policy: ((attr.place, ("target",), attr.target) for attr in policy.node_attrs),
    "autoApprovers": lambda policy: _approvers(policy.auto_approvers),
    "tagOwners": lambda policy: ((tag.place, (), tag.owners) for tag in policy.tag_owners.values()),
    "groups": lambda policy: ((group.place, (), group.members) for group in policy.groups.values()),
    "ipsets": lambda policy: (
        (ipset.place, (), [step.selector for step in ipset.steps]) for ipset in policy.ipsets.values()
    ),
    "attrConfig.broadcastToPeers": lambda policy: (
        (attr.place, ("broadcastToPeers",), attr.broadcast_to_peers) for attr in policy.attr_config.values()
    ),
}


def _approvers(approvers: AutoApprovers) -> Iterator[SelectorList]:
    for route in approvers.routes:
        yield route.place, (), route.approvers
    if approvers.place is not None:
        yield approvers.place, ("exitNode",), approvers.exit_node
    for service in approvers.services:
        yield service.place, (), service.approvers


# The source of an ssh test is one selector, not a list of them.
_SINGLE = "sshTests.src"

POSITIONS = (*_LISTS, _SINGLE)
"""The positions that are looked at, named as in `Dialect.positions`. What stands in `tests` is `aclc.policy_tests`' to
judge."""


class Uses:
    """The distinct selectors of a policy by position, and every place where each stands.

    Left out is what could not be read (and was reported), and what a template has yet to fill in.

    Cost: one look at every selector when it is made; the places of a position are gathered when the first is asked for.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._places: dict[str, dict[str, list[Place]]] = {}
        self._distinct: dict[str, dict[Kind, dict[str, Selector]]] = {}
        for position, lists in _LISTS.items():
            seen: dict[str, Selector] = {}
            for _, _, selectors in lists(policy):
                for selector in selectors:
                    seen[selector.text] = selector
            self._distinct[position] = _by_kind(seen)
        self._distinct[_SINGLE] = _by_kind({test.src.text: test.src for test in policy.ssh_tests if test.src})

    def of_kind(self, kind: Kind) -> Iterator[tuple[str, Selector]]:
        """Give (position, selector) for every distinct selector of a kind."""
        for position, kinds in self._distinct.items():
            for selector in kinds.get(kind, {}).values():
                yield position, selector

    def at(self, position: str, kind: Kind) -> Iterable[Selector]:
        """Give the distinct selectors of a kind at one position."""
        return self._distinct[position].get(kind, {}).values()

    def kinds(self) -> Iterator[tuple[str, Kind, Iterable[Selector]]]:
        """Give (position, kind, distinct selectors) for each kind that occurs at each position."""
        for position, kinds in self._distinct.items():
            for kind, selectors in kinds.items():
                yield position, kind, selectors.values()

    def places(self, position: str, selector: Selector) -> Sequence[Place]:
        """Give every place where the selector stands at a position, in file order."""
        places = self._places.get(position)
        if places is None:
            places = self._places[position] = self._gather(position)
        return places.get(selector.text, ())

    def _gather(self, position: str) -> dict[str, list[Place]]:
        places: dict[str, list[Place]] = {}
        if position == _SINGLE:
            for test in self._policy.ssh_tests:
                if test.src is not None:
                    places.setdefault(test.src.text, []).append(test.place.at("src"))
            return places
        for owner, path, selectors in _LISTS[position](self._policy):
            for index, selector in enumerate(selectors):
                places.setdefault(selector.text, []).append(owner.at(*path, index))
        return places


def _by_kind(selectors: dict[str, Selector]) -> dict[Kind, dict[str, Selector]]:
    kinds: dict[Kind, dict[str, Selector]] = {}
    for text, selector in selectors.items():
        if selector.kind != "invalid" and not is_template(text):
            kinds.setdefault(selector.kind, {})[text] = selector
    return kinds
