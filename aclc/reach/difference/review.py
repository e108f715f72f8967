"""What a change of the policy opens and closes, as a reviewer wants to read it: few rows, in the policy's own words.

The exact difference (`compare.changes`) is cut along the rectangles of access that it comes from, and each part named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from aclc.reach.difference.causes import Cause, RulePairs, rules_behind
from aclc.reach.difference.gathered import Detail, NamedPart, Telling, pairs_in, with_words_once, without_implied
from aclc.reach.difference.parts import Part, parts_of
from aclc.reach.graph.access import Access
from aclc.reach.graph.compare import Change, changes
from aclc.reach.graph.elsewhere import speaks_of_elsewhere
from aclc.reach.graph.endpoints import part_selectors
from aclc.reach.graph.service_sets import Services
from aclc.reach.graph.space import Edge, Space, View
from aclc.reach.words.naming import ranges_in
from aclc.reach.words.setting import Setting
from aclc.reach.words.wording import EVERY_SOURCE, Worded, Wording
from aclc.records import NamedTuple
from aclc.resolve.node_sets import union_of


class ReviewRow(NamedTuple):
    """Somebody gains or loses something.

    `part`: who and what, as endpoints of the space; its `own` says that it holds between devices of one user. All of it
    is open under the policy that opens it.
    `inside`: empty where all of it changes; else exactly what does, and everything else of it was open before, or stays
    open. `pairs`: between how many sources and targets it changes then, and how many there are in all; None: for every
    tailnet. `allowed`: all services that they have, those included that do not change.
    `others`: only between devices of different users. `shared`, `anyone`: sources include devices shared in by people
    whom no rule behind it names; any address at all. `nodes`, `ranges`: how many nodes, and how many address ranges
    behind routers or outside, are on each side. `elsewhere`: it is said of devices shared in, whose own tailnet has the
    last word. `family`: the only address family over which it changes, though the rules behind it give it over both;
    None else. `accepted`: a gain that was agreed to.
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
    inside: tuple[Access, ...] = ()
    pairs: tuple[int, int] | None = None
    family: int | None = None

    @property
    def exactly(self) -> tuple[Access, ...]:
        """Exactly what changes."""
        return self.inside or (self.part,)


def review_rows(
    setting: Setting,
    space: Space,
    pairs: RulePairs,
    found: Sequence[Change] | None = None,
    detail: Detail = "short",
) -> tuple[ReviewRow, ...]:
    """Give the rows: gains first, then in the order of the rules. Empty: nobody gains or loses anything.

    Each part was really gained or lost. For every tailnet the words may say more than the part: whoever carries further
    tags, or is named elsewhere besides, may have had it before, or keep it (see `Wording`). `found`: the changes to put
    into words; None: all. `detail`: with `exact` no row is `inside` another.
    """
    found = changes(space) if found is None else found
    rows: list[ReviewRow] = []
    for gained in (True, False):
        view = space.views[gained]
        telling = Telling(view, Wording(setting, view, space.views[not gained]), everywhere=setting.everywhere)
        named: list[NamedPart] = []
        for parts in parts_of(view, [change for change in found if change.gained is gained]):
            named += telling.told(parts) if detail == "short" else map(telling.named, parts)
        told = without_implied(with_words_once(named))
        rows += (_row(view, pairs, each, everywhere=setting.everywhere) for each in told)
    return tuple(rows)


def _row(view: View, pairs: RulePairs, named: NamedPart, *, everywhere: bool) -> ReviewRow:
    part, who, what = named
    exactly = part.inside or (part.access,)
    causes: dict[Cause, None] = {}
    edges = view.edges_of(part.whole.grants)
    rules = [rules_behind(edges, each.sources, each.targets, each.services) for each in exactly]
    behind = dict.fromkeys(chain.from_iterable(rules))
    for edge in behind:
        grant = view.resolved.grants[edge.grant]
        cause = pairs.cause_of_gain if part.gained else pairs.cause_of_loss
        causes[cause(grant.place, [*grant.src, *part_selectors(grant.parts)])] = None
    changing = union_of(each.sources for each in exactly)
    return ReviewRow(
        part.gained,
        who,
        what,
        part.access,
        part.whole.services,
        part.others,
        tuple(causes),
        shared=bool(changing & view.sources.of_nodes(_strangers(view, part.whole.grants))),
        anyone=any(_is_anyone(view, each.sources, part.whole.grants) for each in exactly),
        nodes=(
            view.sources.nodes_in(part.sources & view.sources.own).bit_count(),
            view.targets.nodes_in(part.targets & view.targets.own).bit_count(),
        ),
        ranges=(ranges_in(view.sources, part.sources), ranges_in(view.targets, part.targets)),
        elsewhere=speaks_of_elsewhere(view, union_of(each.targets for each in exactly), what.texts),
        inside=part.inside,
        pairs=_pairs(view, part) if part.inside and not everywhere else None,
        family=_family(view, exactly, behind),
    )


def _family(view: View, exactly: Sequence[Access], behind: Iterable[Edge]) -> int | None:
    """Give the only family over which something changes between nodes, where a rule gives it over the other one, too;
    None else."""
    families = list(zip((4, 6), view.sources.families, view.targets.families, strict=True))
    found = [each for each in families if any(one.sources & each[1] and one.targets & each[2] for one in exactly)]
    if len(found) != 1:
        return None
    ((_, mine, theirs),) = (each for each in families if each is not found[0])
    sources, targets = (union_of(each) for each in zip(*((one.sources, one.targets) for one in exactly), strict=True))
    senders = view.sources.of_nodes(view.sources.nodes_in(sources & view.sources.own)) & mine
    receivers = view.targets.of_nodes(view.targets.nodes_in(targets & view.targets.own)) & theirs
    both = any(edge.src & senders and edge.targets & receivers for edge in behind)
    return found[0][0] if both else None


def _pairs(view: View, part: Part) -> tuple[int, int]:
    """Give between how many sources and targets something changes, and how many there are."""
    changing, everything = (pairs_in(view, each, others=part.others) for each in (part.inside, (part.access,)))
    return changing, everything


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
