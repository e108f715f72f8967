"""Who or what a question is about: a selector, or a node by its name, as sets of endpoints."""

from __future__ import annotations

from aclc.diagnostics import did_you_mean
from aclc.net import Address, IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.endpoints import extents_of
from aclc.reach.graph.space import View
from aclc.reach.population.definitions import definitions
from aclc.records import NamedTuple
from aclc.resolve.node_sets import node_set
from aclc.tailnet.model import Tailnet


class Principal(NamedTuple):
    """One side of a question. `node`: set where it is one node of the tailnet, by name. `selector`: what the text
    means otherwise."""

    text: str
    selector: Selector
    node: int | None = None

    def sources(self, view: View) -> int:
        """Give its endpoints as a source. A literal means everything inside it, nodes included."""
        if self.node is not None:
            return view.sources.of_nodes(1 << self.node)
        address = self.address(view)
        if address is not None:
            return node_set(view.sources.holding(address))
        return view.sources_of(self.selector)

    def targets(self, view: View) -> int:
        """Give its endpoints as a destination; of a single address behind routers, those that serve it."""
        if self.node is not None:
            return view.targets.of_nodes(1 << self.node) & view.live
        address = self.address(view)
        if address is not None:
            return node_set(view.targets.holding(address)) & view.live
        if self.selector.kind in {"prefix", "host", "ipset"}:
            return (
                view.targets.within_set(IpSet.from_intervals(extents_of(view.resolved.names, self.selector)))
                & view.live
            )
        return view.targets_of(self.selector)

    def address(self, view: View) -> Address | None:
        """Give the one address that it names, None for everything else."""
        prefixes = view.resolved.names.prefixes(self.selector) if self.node is None else ()
        if len(prefixes) == 1 and prefixes[0].is_single:
            return Address(prefixes[0].family, prefixes[0].first)
        return None


class UnknownPrincipalError(Exception):
    """Nothing of that name; the text says what was meant perhaps."""


def principal(text: str, policy: Policy, tailnet: Tailnet | None) -> Principal:
    """Give what a text means: a node's name first, then whatever the policy's own words mean.

    Raises UnknownPrincipalError where neither knows it: an undefined group, tag, host or ipset, or a login that nobody
    names.
    """
    if tailnet is not None:
        for index, node in enumerate(tailnet.nodes):
            if text in {node.name, node.name.partition(".")[0]}:
                return Principal(text, parse_selector(text), index)
    selector = parse_selector(text)
    defined = definitions(policy)
    table = {} if selector.kind == "posture" else defined.get(selector.kind)
    if table is None or selector.name in table:
        return Principal(text, selector)
    known = [name for names in defined.values() for name in names]
    known += [node.name for node in tailnet.nodes] if tailnet is not None else []
    known += [member.text for group in policy.groups.values() for member in group.members]
    near = did_you_mean(text, known)
    hint = f"; did you mean `{near}`?" if near else ""
    if selector.kind == "host" and tailnet is None:
        raise UnknownPrincipalError(
            f"`{text}` is no host of the policy, and without --tailnet there are no nodes{hint}"
        )
    raise UnknownPrincipalError(f"neither the policy nor the tailnet knows `{text}`{hint}")
