"""Services (`svc:web`) that a policy names, as endpoints: they have addresses of their own, and send nothing.

No file of a tailnet says which addresses, and a rule opens a service by its name, by a literal that happens to hold its
address, and perhaps by `*`: nobody says so, so that proofs look at both (docs/proofs.md). A question on a given tailnet
gives each service that is named addresses that nobody has, where the fewest literals name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclc.net import WILDCARD, IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.reach.places import Places
from aclc.reach.vocabulary import Vocabulary
from aclc.tailnet.model import Node, Tailnet


def known_services(policy: Policy) -> dict[str, None]:
    """Give the services that a policy speaks of: destinations of rules, then those that somebody may offer."""
    found = _destinations(policy)
    offered = [each.name for each in policy.auto_approvers.services]
    found.update(dict.fromkeys(name for name in offered if name.startswith("svc:")))
    return found


def with_services(
    tailnet: Tailnet, policies: Sequence[Policy], asked: Iterable[Selector], *, by_name_only: bool = False
) -> Tailnet:
    """Give the tailnet with a node more for each service that the policies or questions name, after all others; the
    tailnet itself where they name none. `by_name_only`: `*` does not open them. Cost: O(nodes) where there are some."""
    questions = tuple(asked)
    if not _speak_of_services(policies, questions):
        return tailnet
    vocabulary = Vocabulary(policies, questions)
    places = Places(vocabulary.literals)
    taken = {address for node in tailnet.nodes for address in node.addresses}
    nodes = [*tailnet.nodes]
    for name in vocabulary.services:
        while taken.intersection(addresses := places.take(places.least[0])):
            pass
        nodes.append(Node(name, addresses, id=name, approved_routes=(), service=name, by_name_only=by_name_only))
    return tailnet._replace(nodes=tuple(nodes))


def service_doubts(tailnet: Tailnet, policies: Sequence[Policy], asked: Iterable[Selector]) -> tuple[str, ...]:
    """Say which destinations may hold the address of a service that the policies or questions name, and need not:
    literals in the tailnet's own ranges with room for more than nodes. Empty where nothing is in doubt."""
    questions = tuple(asked)
    if not _speak_of_services(policies, questions):
        return ()
    vocabulary = Vocabulary(policies, questions)
    addresses = IpSet.of(*(address.prefix for node in tailnet.nodes for address in node.addresses))
    found = []
    for literal in vocabulary.destinations | vocabulary.asked:
        room = (IpSet.of(literal) & WILDCARD) - addresses
        if room and (WILDCARD & IpSet.of(literal)) != IpSet.from_intervals(
            each for each in WILDCARD.intervals() if each[0] == literal.family
        ):
            found.append(f"the addresses of services are not known, and `{literal}` may hold one")
    return tuple(found)


def _speak_of_services(policies: Iterable[Policy], asked: Iterable[Selector]) -> bool:
    return any(_destinations(policy) for policy in policies) or any(each.kind == "service" for each in asked)


def _destinations(policy: Policy) -> dict[str, None]:
    found: dict[str, None] = dict.fromkeys(
        selector.name for grant in policy.grants or () for selector in grant.dst if selector.kind == "service"
    )
    for acl in policy.acls or ():
        found.update(dict.fromkeys(each.selector.name for each in acl.dst if each.selector.kind == "service"))
    return found
