"""The rules that come nearest to allowing what is refused, and what each of them lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from aclc.reach.graph.doors import Door
from aclc.reach.graph.endpoints import Endpoints
from aclc.reach.graph.space import View
from aclc.reach.questions.inquiry import Inquiry, Meeting
from aclc.records import NamedTuple
from aclc.resolve.node_sets import union_of

Lack = Literal["source", "destination", "owner", "family", "protocol", "port", "posture", "via"]
"""`owner`: it opens only devices of the same person. `family`: it names an address of the other family. `via`: it
opens this, but not on a router that leads there."""

_WEIGHTS: dict[Lack, int] = {
    "port": 1,
    "posture": 1,
    "family": 1,
    "protocol": 2,
    "via": 2,
    "owner": 2,
    "source": 3,
    "destination": 3,
}
FAR = 4
"""A rule that lacks more is not near."""

MOST = 3


class Near(NamedTuple):
    """A rule that would have to be widened, and by what. `names_all`: it names all the sources and all the targets that
    are refused; where it does not, nothing that it lacks besides is enough."""

    grant: int
    lacks: tuple[Lack, ...]
    names_all: bool


def nearest(inquiry: Inquiry, meetings: Iterable[Meeting]) -> Iterator[Near]:
    """Give the rules that lack least, at most `MOST`, those that lack a port before those that lack a source.

    `meetings`: who gets through where; where nobody is refused, the rules are held to everything that is asked about.
    """
    missed = [each for each in meetings if each.wanted & ~each.reached]
    sources = union_of([each.wanted & ~each.reached for each in missed]) or inquiry.sources
    targets = union_of([each.targets for each in missed]) or inquiry.targets
    by_rule: dict[int, list[Door]] = {}
    for door in inquiry.doors:
        by_rule.setdefault(door.edge.grant, []).append(door)
    found: list[tuple[int, int, Near]] = []
    for grant, doors in by_rule.items():
        # WHY per destination: a rule is as near as its nearest one.
        lacks = min((_lacks(inquiry, door, sources, targets) for door in doors), key=_weight)
        if lacks and not (doors[0].edge.is_self and "destination" in lacks):
            found.append((_weight(lacks), grant, Near(grant, lacks, _names_all(inquiry.view, doors, missed))))
    found.sort()
    yield from (near for weight, _, near in found[:MOST] if weight <= min(FAR, found[0][0] + 1))


def _names_all(view: View, doors: Sequence[Door], missed: Sequence[Meeting]) -> bool:
    """Tell whether the destinations of a rule name all that is refused between them: a node by any of its addresses, a
    place behind routers behind any of them."""
    named = _whole(view.sources, union_of([door.named for door in doors]))
    meant = _whole(view.targets, union_of([door.meant for door in doors]))
    own = view.targets.own
    return not any(
        each.wanted & ~each.reached & ~named or each.targets & own & ~meant or not each.targets & meant
        for each in missed
    )


def _whole(endpoints: Endpoints, some: int) -> int:
    """Give all addresses of the nodes that have some of them, and what is no node's."""
    return some | endpoints.of_nodes(endpoints.nodes_in(some & endpoints.own))


def _weight(lacks: tuple[Lack, ...]) -> int:
    return sum(_WEIGHTS[lack] for lack in lacks)


def _lacks(inquiry: Inquiry, door: Door, sources: int, targets: int) -> tuple[Lack, ...]:
    view, asked = inquiry.view, inquiry.asked
    found: list[Lack] = []
    named = door.named & sources
    if not named:
        found.append("family" if _other_family(view, door.named, sources, view.sources.own) else "source")
    elif not door.edge.src & sources:
        found.append("posture")
    if not door.meant & targets:
        found.append("family" if _other_family_target(view, door.meant, targets) else "destination")
    elif not door.edge.targets & targets:
        found.append("via")
    elif named and door.edge.is_self and not _same_owner(view, named, door.meant & targets):
        found.append("owner")
    if not door.speaks(asked.protocol, asked.port):
        found.append("protocol")
    elif not door.opens(asked.protocol, asked.port):
        found.append("port")
    return tuple(dict.fromkeys(found))


def _other_family(view: View, named: int, sources: int, own: int) -> bool:
    """Tell whether a rule names the very nodes that are asked about, by addresses of the other family."""
    nodes = view.sources.nodes_in(sources & own)
    return bool(nodes and named & view.sources.of_nodes(nodes))


def _other_family_target(view: View, meant: int, targets: int) -> bool:
    nodes = view.targets.nodes_in(targets & view.targets.own)
    return bool(nodes and meant & view.targets.of_nodes(nodes))


def _same_owner(view: View, sources: int, targets: int) -> bool:
    names = view.resolved.names
    sending = names.owners_among(view.sources.nodes_in(sources & view.sources.own))
    return not sending.isdisjoint(names.owners_among(view.targets.nodes_in(targets)))
