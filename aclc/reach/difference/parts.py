"""What changed, cut along the rectangles of access that it comes from, so that each part can be told by its rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.reach.graph.access import Access, accesses
from aclc.reach.graph.compare import Change
from aclc.reach.graph.service_sets import PING, Services, common, union
from aclc.reach.graph.space import View
from aclc.records import NamedTuple


class Part(NamedTuple):
    """A part of a rectangle: its own sources and targets, and the whole rectangle's.

    `inside`: exactly what changes where that is less than everything between the two; empty: it is everything.
    """

    gained: bool
    sources: int
    targets: int
    services: Services
    own: bool
    others: bool
    whole: Access
    inside: tuple[Access, ...] = ()

    @property
    def access(self) -> Access:
        """The part as access by the rules behind it."""
        return Access(self.sources, self.targets, self.services, self.own, self.whole.grants)

    @property
    def kind(self) -> tuple[bool, bool]:
        """Between whose devices it holds."""
        return self.own, self.others


def parts_of(view: View, found: Sequence[Change]) -> Iterator[list[Part]]:
    """Cut what changed along the rectangles of the policy that allows it: the parts of each rectangle, joined where
    nothing is added. Together the parts of one rectangle are all of it that changes."""
    touched = [(change.sources, change.targets) for change in found]
    for whole in accesses(view, touching=touched) if found else ():
        parts: list[Part] = []
        for change in found:
            targets = whole.targets & change.targets
            sources = whole.sources & change.sources if targets else 0
            if not sources:
                continue
            services = common(whole.services, change.services)
            if not view.meet(sources, targets) or (services == PING and change.services != PING):
                continue
            if whole.own and change.scope == "others":
                continue
            own = whole.own or change.scope == "own"
            others = change.scope == "others"
            parts.append(Part(change.gained, sources, targets, services, own, others, whole))
        yield _joined(view, _others_with_rest(view, parts))


def _others_with_rest(view: View, parts: list[Part]) -> list[Part]:
    """Join what holds for other people's devices with what holds for all that nobody owns: it is all of both but one's
    own devices."""
    owned = view.targets.of_nodes(view.resolved.names.members)
    others = {(part.sources, part.services) for part in parts if part.others}
    rest: dict[tuple[int, Services], Part] = {}
    for part in parts if others else ():
        if (part.sources, part.services) in others and not (part.own or part.others or part.targets & owned):
            rest[part.sources, part.services] = part
    joined = []
    for part in parts:
        there = rest.get((part.sources, part.services))
        if part.others and there is not None:
            joined.append(part._replace(targets=part.targets | there.targets))
        elif there is not part:
            joined.append(part)
    return joined


def _joined(view: View, parts: list[Part]) -> list[Part]:
    """Join parts that differ in one thing only: targets, sources, or services."""
    for _ in range(2):
        joined: dict[tuple[object, ...], Part] = {}
        for part in parts:
            there = joined.setdefault((part.sources, part.services, part.own, part.others), part)
            joined[part.sources, part.services, part.own, part.others] = part._replace(
                targets=there.targets | part.targets
            )
        parts, joined = list(joined.values()), {}
        for part in parts:
            there = joined.setdefault((part.targets, part.services, part.own, part.others), part)
            joined[part.targets, part.services, part.own, part.others] = part._replace(
                sources=there.sources | part.sources
            )
        parts, joined = list(joined.values()), {}
        for part in parts:
            there = joined.setdefault((part.sources, part.targets, part.own, part.others), part)
            joined[part.sources, part.targets, part.own, part.others] = part._replace(
                services=union((*there.services, *part.services))
            )
        parts = list(_with_other_family(view, list(joined.values())))
    return parts


def _with_other_family(view: View, parts: list[Part]) -> Iterator[Part]:
    """Join parts whose targets have addresses of one family only with what else the same sources have: which addresses
    of another family a source has does not matter there."""
    families = tuple(zip(view.sources.families, view.targets.families, strict=True))
    alike: dict[tuple[Services, bool, bool], list[Part]] = {}
    for part in parts:
        alike.setdefault((part.services, part.own, part.others), []).append(part)
    for found in alike.values():
        whole = list(found)
        for part in found if len(found) > 1 else ():
            mine = next((mine for mine, theirs in families if not part.targets & ~theirs), None)
            for at, there in enumerate(whole) if mine is not None and not part.sources & ~mine else ():
                if there.sources != part.sources and there.sources & (mine or 0) == part.sources:
                    whole[at] = there._replace(targets=there.targets | part.targets)
                    whole.remove(part)
                    break
        yield from whole
