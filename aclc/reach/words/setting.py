"""What a question is asked on: a tailnet, or the population that stands for every tailnet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclc.net import IpSet, Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.reach.graph.endpoints import Extent
from aclc.reach.graph.space import Space, View
from aclc.reach.population.named_services import with_services
from aclc.reach.population.population import canonical_population
from aclc.reach.population.vocabulary import asked_extents
from aclc.reach.words.plain_names import plain_name
from aclc.records import NamedTuple
from aclc.resolve.model import Resolved
from aclc.resolve.resolution import resolve
from aclc.tailnet.model import Tailnet


class Setting(NamedTuple):
    """A tailnet to ask about.

    `everywhere`: it stands for every tailnet that fits the policies, so that counts of its nodes mean nothing.
    `routed`, `unnamed`, `doubts`, `asked` and `stand_ins` as in `Population`; the first two None where the tailnet says
    it.
    """

    tailnet: Tailnet
    routed: IpSet | None
    everywhere: bool
    doubts: tuple[str, ...] = ()
    asked: tuple[Extent, ...] = ()
    unnamed: IpSet | None = None
    stand_ins: tuple[tuple[Prefix, IpSet], ...] = ()

    def view(self, policy: Policy) -> View:
        """Give one policy's view of it."""
        return self.space([policy]).views[0]

    def unrouted(self, view: View) -> View:
        """Give a view of it in which no approved route holds the addresses that are asked about."""
        return View(view.resolved, view.sources, view.targets, self.unnamed)

    def space(self, policies: Sequence[Policy]) -> Space:
        """Give the space of some policies on it; what depends on the tailnet alone is worked out once."""
        resolved: list[Resolved] = []
        for policy in policies:
            found = resolve(policy, self.tailnet, resolved[0] if resolved else None).value
            if found is not None:
                resolved.append(found)
        return Space(resolved, self.routed, self.asked)


def setting(
    policies: Sequence[Policy],
    tailnet: Tailnet | None,
    asked: Iterable[Selector] = (),
    tag_sets: Iterable[tuple[str, ...]] = (),
) -> Setting:
    """Give the tailnet with the services that are named, or where there is none the population for the policies and
    what is asked about.

    `tag_sets`: sets of tags that one node of the population shall carry.
    """
    selectors = tuple(asked)
    is_compared = len(policies) > 1
    if tailnet is not None:
        known = with_services(tailnet, policies, selectors, by_name_only=is_compared)
        return Setting(
            known.tailnet, None, everywhere=False, doubts=known.doubts, asked=asked_extents(policies, selectors)
        )
    found = canonical_population(policies, selectors, tag_sets, both_services=is_compared)
    nodes = tuple(node._replace(name=plain_name(node.name)) for node in found.tailnet.nodes)
    return Setting(
        found.tailnet._replace(nodes=nodes),
        found.routed,
        everywhere=True,
        doubts=found.doubts,
        asked=found.asked,
        unnamed=found.unnamed,
        stand_ins=found.stand_ins,
    )
