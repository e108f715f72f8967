"""Who reaches whom, selector by selector: one cell for each pair, one row at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.access import Access, accesses
from aclc.reach.graph.service_sets import Service, Services, common, union
from aclc.reach.graph.space import View
from aclc.reach.population.principals import Principal
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of


class Cell(NamedTuple):
    """What the row's selector reaches of the column's.

    `every`: open from every source to every target (of one family); `some`: open between some of them, `every`
    included. `own`: open between devices of one user only. Empty: nothing.
    """

    every: Services = ()
    some: Services = ()
    own: Services = ()

    def __bool__(self) -> bool:
        return bool(self.some or self.own)


NOTHING = Cell()


class Row(NamedTuple):
    """One source with its cells, in the order of the columns. `is_empty`: the selector names nobody here."""

    name: str
    is_empty: bool
    cells: tuple[Cell, ...]


def vocabulary(view: View) -> tuple[tuple[Selector, ...], tuple[Selector, ...]]:
    """Give the rows and columns that say most about a policy: its groups, tags and hosts, and whatever else its rules
    name on that side.

    In the order of the file: groups, people, tags, hosts, the rest.
    """
    policy = view.resolved.policy
    defined = [parse_selector(name) for name in (*policy.groups, *policy.tag_owners, *policy.hosts, *policy.ipsets)]
    sources = [selector for grant in view.resolved.grants for selector in grant.src]
    targets = [
        target.selector
        for grant in view.resolved.grants
        for part in grant.parts
        for network in part.networks
        for target in network.targets
    ]
    return _ordered([*defined, *sources]), _ordered([*defined, *targets])


_ORDER = ("any", "autogroup", "group", "user", "domain-users", "tag", "service", "host", "ipset", "prefix")


def _ordered(found: Iterable[Selector]) -> tuple[Selector, ...]:
    known = [each for each in dict.fromkeys(found) if each.kind in _ORDER and each.name != "autogroup:self"]
    return tuple(sorted(known, key=lambda each: _ORDER.index(each.kind)))


def selector_matrix(view: View, rows: Sequence[Principal], columns: Sequence[Principal]) -> Iterator[Row]:
    """Give the matrix row by row; nothing but the row at hand is kept.

    A row of a group or a user is about their own devices, not about those that they share in from elsewhere.

    Cost: rows × columns × the rectangles that meet in a cell, few of which share a cell in practice.
    """
    held = accesses(view)
    shared = view.sources.of_nodes(view.resolved.names.shared)
    targets = [_column(view, column) for column in columns]
    touched = [[number for number, each in enumerate(held) if each.targets & bits] for bits in targets]
    for row in rows:
        sources = row.sources(view)
        if row.selector.kind in {"group", "user"}:
            sources &= ~shared
        mine = {number for number, each in enumerate(held) if each.sources & sources}
        cells = tuple(
            _cell(view, sources, bits, [held[number] for number in numbers if number in mine])
            for bits, numbers in zip(targets, touched, strict=True)
        )
        yield Row(row.text, not sources, cells)


def _column(view: View, column: Principal) -> int:
    """Give the targets of a column: what a rule to it would open, else whatever could lead there."""
    if column.node is None:
        opened = view.targets_of(column.selector)
        if opened:
            return opened
    return column.targets(view)


def _cell(view: View, sources: int, targets: int, held: list[Access]) -> Cell:
    """Give one cell from the rectangles that touch both sides."""
    if not held:
        return NOTHING
    owners = _only_owner(view, sources, targets)
    plain = [each for each in held if not each.own or owners]
    own = [service for each in held if each.own and not owners for service in each.services]
    if own and not _share_owner(view, sources, targets):
        own = []
    some = [
        service
        for each in plain
        if view.meet(sources & each.sources, targets & each.targets)
        for service in each.services
    ]
    return Cell(
        _every(view, sources, targets, plain) if some else (),
        union(some) if some else (),
        union(own) if own else (),
    )


def _every(view: View, sources: int, targets: int, held: Sequence[Access]) -> Services:
    """Give what is open between every source and every target of its family; ends at the first pair with nothing."""
    every: Services | None = None
    for mine, theirs in zip(view.sources.families, view.targets.families, strict=True):
        who, what = sources & mine, targets & theirs
        if who and what:
            opened = _whole(who, what, held)
            every = opened if every is None else common(every, opened) if opened else ()
            if not every:
                return ()
    return every or ()


def _whole(sources: int, targets: int, held: Sequence[Access]) -> Services:
    """Give what is open between every source and every target, all of one family."""
    by_sides: dict[tuple[int, int], list[Service]] = {}
    for each in held:
        by_sides.setdefault((each.sources & sources, each.targets & targets), []).extend(each.services)
    always = by_sides.pop((sources, targets), [])
    parts = [(who, what, opened) for (who, what), opened in by_sides.items() if who and what]
    if not _may_be_whole(sources, targets, parts):
        return union(always) if always else ()
    every: Services | None = None
    right = _kinds(targets, [what for _, what, _ in parts])
    for numbers in right:
        left_out = sources
        for number in numbers:
            left_out &= ~parts[number][0]
        if left_out:  # WHY first: these few unions spare most cells the kinds of sources
            return union(always) if always else ()
    for left in _kinds(sources, [who for who, _, _ in parts]):
        for numbers in right:
            pair = [service for number in left & numbers for service in parts[number][2]]
            opened = union((*pair, *always)) if pair or always else ()
            every = opened if every is None else common(every, opened) if opened else ()
            if not every:
                return ()
    return every or ()


def _may_be_whole(sources: int, targets: int, parts: Sequence[tuple[int, int, list[Service]]]) -> bool:
    """Tell whether the first source reaches every target, and the last target is reached by every source.

    WHY: mostly they do not, and that is seen far faster than which kinds of pairs there are.
    """
    first, last = sources & -sources, 1 << (targets.bit_length() - 1)
    left, right = targets, sources
    for who, what, _ in parts:
        if who & first:
            left &= ~what
        if what & last:
            right &= ~who
    return not left and not right


def _kinds(bits: int, sets: Sequence[int]) -> set[frozenset[int]]:
    """Give which of the sets its members are in, each way once."""
    kinds: list[tuple[int, frozenset[int]]] = [(bits, frozenset())]
    for number, each in enumerate(sets):
        split: list[tuple[int, frozenset[int]]] = []
        for rest, numbers in kinds:
            if rest & each:
                split.append((rest & each, numbers | {number}))
            if rest & ~each:
                split.append((rest & ~each, numbers))
        kinds = split
    return {numbers for _, numbers in kinds}


def _only_owner(view: View, sources: int, targets: int) -> bool:
    """Tell whether all are devices of one and the same user."""
    names = view.resolved.names
    nodes = view.sources.nodes_in(sources) | view.targets.nodes_in(targets)
    if (sources & ~view.sources.own) or (targets & ~view.targets.own) or nodes & ~names.members or not nodes:
        return False
    first = names.owners[(nodes & -nodes).bit_length() - 1]
    return first is not None and not nodes & ~names.user(first)


def _share_owner(view: View, sources: int, targets: int) -> bool:
    """Tell whether some source and some target are devices of one user."""
    names = view.resolved.names
    sending = view.sources.nodes_in(sources & view.sources.own) & names.members
    receiving = view.targets.nodes_in(targets & view.targets.own) & names.members
    if sending & receiving:
        return True
    owners = {names.owners[node] for node in indices_of(sending)}
    return any(names.owners[node] in owners for node in indices_of(receiving))
