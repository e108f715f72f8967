"""Services (`svc:web`) that a policy names, as endpoints: they have addresses of their own, and send nothing.

No file of a tailnet says which addresses, and a rule opens a service by its name, by a literal that happens to hold its
address, and perhaps by `*`: nobody says so, so that proofs look at both (docs/proofs.md). A question on a given tailnet
gives each service that is named addresses that nobody has, where the fewest literals name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.net import WILDCARD, IpSet
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.reach.population.places import Places
from aclc.reach.population.vocabulary import Vocabulary
from aclc.records import NamedTuple
from aclc.tailnet.model import Node, Tailnet


def known_services(policy: Policy) -> dict[str, None]:
    """Give the services that a policy speaks of: destinations of rules, then those that somebody may offer."""
    found = _destinations(policy)
    offered = [each.name for each in policy.auto_approvers.services]
    found.update(dict.fromkeys(name for name in offered if name.startswith("svc:")))
    return found


class Served(NamedTuple):
    """A tailnet with the services that are named, and why an answer about them may not hold, in plain words."""

    tailnet: Tailnet
    doubts: tuple[str, ...] = ()


def with_services(
    tailnet: Tailnet, policies: Sequence[Policy], asked: Iterable[Selector], *, by_name_only: bool = False
) -> Served:
    """Give the tailnet with a node more for each service that the policies or questions name, after all others, and a
    doubt for each literal that may hold the address of a service and need not: one in the tailnet's own ranges with
    room for more than nodes. The tailnet itself where no service is named. Cost: O(nodes) where there are some.

    `by_name_only`: `*` does not open them.
    """
    questions = tuple(asked)
    if not _speak_of_services(policies, questions):
        return Served(tailnet)
    vocabulary = Vocabulary(policies, questions)
    taken = IpSet.of(*(address.prefix for node in tailnet.nodes for address in node.addresses))
    free = Places(vocabulary.literals).free(taken)
    nodes = [*tailnet.nodes]
    for name in vocabulary.services:
        # INVARIANT: there are more addresses than any file has nodes and services.
        addresses = next(free)
        nodes.append(Node(name, addresses, id=name, approved_routes=(), service=name, by_name_only=by_name_only))
    return Served(tailnet._replace(nodes=tuple(nodes)), tuple(_doubts(vocabulary, taken)))


def _doubts(vocabulary: Vocabulary, taken: IpSet) -> Iterator[str]:
    for literal in vocabulary.destinations | vocabulary.asked:
        inside = IpSet.of(literal) & WILDCARD
        whole = IpSet.from_intervals(each for each in WILDCARD.intervals() if each[0] == literal.family)
        if inside - taken and inside != whole:
            yield f"the addresses of services are not known, and `{literal}` may hold one"


def _speak_of_services(policies: Iterable[Policy], asked: Iterable[Selector]) -> bool:
    return any(_destinations(policy) for policy in policies) or any(each.kind == "service" for each in asked)


def _destinations(policy: Policy) -> dict[str, None]:
    found: dict[str, None] = dict.fromkeys(
        selector.name for grant in policy.grants or () for selector in grant.dst if selector.kind == "service"
    )
    for acl in policy.acls or ():
        found.update(dict.fromkeys(each.selector.name for each in acl.dst if each.selector.kind == "service"))
    return found
