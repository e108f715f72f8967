"""What changed, cut along the rectangles of access that it comes from, so that each part can be told by its rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.reach.graph.access import Access, accesses
from aclc.reach.graph.compare import Change
from aclc.reach.graph.endpoints import Endpoints
from aclc.reach.graph.service_sets import PING, Services, common, union
from aclc.reach.graph.space import View
from aclc.records import NamedTuple
from aclc.resolve.node_sets import union_of


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
    """Join what holds for other people's devices with all that holds for what nobody owns: it is both of that but one's
    own devices."""
    owned = view.targets.of_nodes(view.resolved.names.members)
    others = {(part.sources, part.services): part for part in reversed(parts) if part.others}
    joined: dict[int, Part] = {}
    for at, part in enumerate(parts):
        first = others.get((part.sources, part.services))
        if first is None or part.own or (not part.others and part.targets & owned):
            joined[at] = part
        else:
            there = joined.setdefault(parts.index(first), first)
            joined[parts.index(first)] = there._replace(targets=there.targets | part.targets)
    return [joined[at] for at in sorted(joined)]


def made_whole(view: View, parts: Sequence[Part]) -> list[Part]:
    """Give the same parts of one rectangle, cut so that more of them have a whole side of it.

    Where some sources have one part of the targets and a few of them have all others too, these few have all targets,
    and the rest of the sources have that part; likewise the other way round.
    """
    found = list(parts)
    for at in range(len(found)):
        for number, wide in enumerate(found):
            narrow = found[at]
            if (narrow.kind, narrow.services) != (wide.kind, wide.services):
                continue
            sources, targets = narrow.sources | wide.sources, narrow.targets | wide.targets
            left = wide.sources & ~narrow.sources, wide.targets & ~narrow.targets
            # WHY as far as they meet: addresses of the other family are none that a part speaks of.
            who = narrow.sources & _meeting(view.targets, wide.targets, view.sources)
            what = narrow.targets & _meeting(view.sources, wide.sources, view.targets)
            if left[0] and not who & ~wide.sources and targets == narrow.whole.targets != narrow.targets:
                found[at] = narrow._replace(targets=targets)
                found[number] = wide._replace(sources=left[0])
            elif left[1] and not what & ~wide.targets and sources == narrow.whole.sources != narrow.sources:
                found[at] = narrow._replace(sources=sources)
                found[number] = wide._replace(targets=left[1])
    return found


def _meeting(ends: Endpoints, found: int, others: Endpoints) -> int:
    """Give all on the other side that are of a family of some endpoints."""
    families = zip(ends.families, others.families, strict=True)
    return union_of(theirs for mine, theirs in families if found & mine)


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
