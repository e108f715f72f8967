"""What a change of the policy opens and closes, as a reviewer wants to read it: few rows, in the policy's own words.

The exact difference (`compare.changes`) is cut along the rectangles of access that it comes from, and each part named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.reach.difference.causes import Cause, RulePairs, rules_behind
from aclc.reach.graph.access import Access, accesses
from aclc.reach.graph.compare import Change, Services, changes
from aclc.reach.graph.elsewhere import speaks_of_elsewhere
from aclc.reach.graph.endpoints import part_selectors
from aclc.reach.graph.service_sets import PING, common, covers, union
from aclc.reach.graph.space import Space, View
from aclc.reach.words.setting import Setting
from aclc.reach.words.wording import EVERY_SOURCE, Worded, Wording
from aclc.records import NamedTuple

MOST_MERGED = 2000
"""Parts up to which those are looked for that another one says already: it costs the square of their number."""


class ReviewRow(NamedTuple):
    """Somebody gains or loses something.

    `part`: exactly who and what, as endpoints of the space; its `own` says that it holds between devices of one user.
    `allowed`: all services that they have, those included that do not change.
    `others`: only between devices of different users. `shared`, `anyone`: sources include devices shared in by people
    whom no rule behind it names; any address at all. `nodes`, `ranges`: how many nodes, and how many address ranges
    behind routers or outside, are on each side. `elsewhere`: it is said of devices shared in, whose own tailnet has the
    last word. `accepted`: a gain that was agreed to.
    """

    gained: bool
    who: Worded
    what: Worded
    part: Access
    allowed: Services
    others: bool
    causes: tuple[Cause, ...]
    shared: bool
    anyone: bool
    nodes: tuple[int, int]
    ranges: tuple[int, int]
    elsewhere: bool = False
    accepted: bool = False


def review_rows(
    setting: Setting, space: Space, pairs: RulePairs, found: Sequence[Change] | None = None
) -> tuple[ReviewRow, ...]:
    """Give the rows: gains first, then in the order of the rules. Empty: nobody gains or loses anything.

    Each part was really gained or lost. For every tailnet the words may say more than the part: whoever carries further
    tags, or is named elsewhere besides, may have had it before, or keep it (see `Wording`). `found`: the changes to put
    into words; None: all.
    """
    found = changes(space) if found is None else found
    rows = []
    for gained in (True, False):
        view = space.views[gained]
        wording = Wording(setting, view, space.views[not gained])
        parts = _named(wording, _parts(view, [change for change in found if change.gained is gained]))
        for part, who, what in _without_implied(parts):
            rows.append(_row(view, pairs, part, who, what))
    return tuple(rows)


class _Part(NamedTuple):
    """A part of a rectangle: its own sources and targets, and the whole rectangle's."""

    gained: bool
    sources: int
    targets: int
    services: Services
    own: bool
    others: bool
    whole: Access


def _parts(view: View, found: Sequence[Change]) -> Iterator[_Part]:
    """Cut what changed along the rectangles of the policy that allows it; parts of one rectangle are joined where
    nothing is added."""
    touched = [(change.sources, change.targets) for change in found]
    for whole in accesses(view, touching=touched) if found else ():
        parts: list[_Part] = []
        for change in found:
            targets = whole.targets & change.targets
            sources = whole.sources & change.sources if targets else 0
            if not sources:
                continue
            services = common(whole.services, change.services)
            if not _meet(view, sources, targets) or (services == PING and change.services != PING):
                continue
            if whole.own and change.scope == "others":
                continue
            own = whole.own or change.scope == "own"
            others = change.scope == "others"
            parts.append(_Part(change.gained, sources, targets, services, own, others, whole))
        yield from _joined(view, _others_with_rest(view, parts))


def _others_with_rest(view: View, parts: list[_Part]) -> list[_Part]:
    """Join what holds for other people's devices with what holds for all that nobody owns: it is all of both but one's
    own devices."""
    owned = view.targets.of_nodes(view.resolved.names.members)
    others = {(part.sources, part.services) for part in parts if part.others}
    rest: dict[tuple[int, Services], _Part] = {}
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


def _meet(view: View, sources: int, targets: int) -> bool:
    families = zip(view.sources.families, view.targets.families, strict=True)
    return any(sources & mine and targets & theirs for mine, theirs in families)


def _joined(view: View, parts: list[_Part]) -> list[_Part]:
    """Join parts that differ in one thing only: targets, sources, or services."""
    for _ in range(2):
        joined: dict[tuple[object, ...], _Part] = {}
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


def _with_other_family(view: View, parts: list[_Part]) -> Iterator[_Part]:
    """Join parts whose targets have addresses of one family only with what else the same sources have: which addresses
    of another family a source has does not matter there."""
    families = tuple(zip(view.sources.families, view.targets.families, strict=True))
    alike: dict[tuple[Services, bool, bool], list[_Part]] = {}
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


_NamedPart = tuple[_Part, Worded, Worded]


def _named(wording: Wording, parts: Iterable[_Part]) -> list[_NamedPart]:
    """Put parts into words; those with the same words are one."""
    found: dict[tuple[object, ...], _NamedPart] = {}
    for part in parts:
        who = wording.sources(part.sources, part.whole.sources, part.whole.grants)
        what = wording.targets(part.targets, part.whole.targets, part.whole.grants)
        key = (who.texts, what.texts, part.services, part.own, part.others)
        there = found.get(key)
        if there is not None:
            found[key] = _both(there, (part, who, what))
        else:
            found[key] = part, who, what
    return list(found.values())


def _both(one: _NamedPart, other: _NamedPart) -> _NamedPart:
    """Join two parts that have the same words."""
    grants = tuple(dict.fromkeys((*one[0].whole.grants, *other[0].whole.grants)))
    part = one[0]._replace(
        sources=one[0].sources | other[0].sources,
        targets=one[0].targets | other[0].targets,
        whole=one[0].whole._replace(grants=grants),
    )
    return (
        part,
        one[1]._replace(bits=one[1].bits | other[1].bits),
        one[2]._replace(bits=one[2].bits | other[2].bits),
    )


def _without_implied(named: list[_NamedPart]) -> Iterator[_NamedPart]:
    """Leave out parts that the words of another one say already."""

    def says(wide: _NamedPart, narrow: _NamedPart) -> bool:
        return (
            not narrow[0].sources & ~wide[1].bits
            and not narrow[0].targets & ~wide[2].bits
            and covers(wide[0].services, narrow[0].services)
            and (narrow[0].own or not wide[0].own)
            and (narrow[0].others or not wide[0].others)
        )

    others = named if len(named) <= MOST_MERGED else []
    for number, each in enumerate(named):
        if not any(
            at != number and says(other, each) and (at < number or not says(each, other))
            for at, other in enumerate(others)
        ):
            yield each


def _row(view: View, pairs: RulePairs, part: _Part, who: Worded, what: Worded) -> ReviewRow:
    causes: dict[Cause, None] = {}
    edges = view.edges_of(part.whole.grants)
    for edge in rules_behind(edges, part.sources, part.targets, part.services):
        grant = view.resolved.grants[edge.grant]
        cause = pairs.cause_of_gain if part.gained else pairs.cause_of_loss
        causes[cause(grant.place, [*grant.src, *part_selectors(grant.parts)])] = None
    return ReviewRow(
        part.gained,
        who,
        what,
        Access(part.sources, part.targets, part.services, part.own, part.whole.grants),
        part.whole.services,
        part.others,
        tuple(causes),
        shared=bool(part.sources & view.sources.of_nodes(_strangers(view, part.whole.grants))),
        anyone=_is_anyone(view, part.sources, part.whole.grants),
        nodes=(
            view.sources.nodes_in(part.sources & view.sources.own).bit_count(),
            view.targets.nodes_in(part.targets & view.targets.own).bit_count(),
        ),
        ranges=(
            (part.sources & ~view.sources.own).bit_count(),
            (part.targets & ~view.targets.own).bit_count(),
        ),
        elsewhere=speaks_of_elsewhere(view, part.targets, what.texts),
    )


def _strangers(view: View, grants: Iterable[int]) -> int:
    """Give the nodes shared in by people whom none of the rules means by login or group."""
    names = view.resolved.names
    found = names.shared
    for number in grants if found else ():
        for selector in view.resolved.grants[number].src:
            if selector.kind in {"user", "group"}:
                found &= ~names.nodes(selector)
    return found


def _is_anyone(view: View, sources: int, grants: Iterable[int]) -> bool:
    """Tell whether sources hold every address outside, of one family at least; or some that nothing but
    `autogroup:danger-all` names, since what others had before is no part of a change."""
    outside = [family & ~view.sources.own for family in view.sources.families]
    if any(each and not each & ~sources for each in outside):
        return True
    every = view.resolved.grants
    if not any(each.name == EVERY_SOURCE.name for number in grants for each in every[number].src):
        return False
    left = sources & ~view.sources.own
    for selector in {each for grant in every for each in grant.src if each.name != EVERY_SOURCE.name} if left else ():
        left &= ~view.sources_of(selector)
    return bool(left)
