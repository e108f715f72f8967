"""Who reaches whom, selector by selector: one cell for each pair, one row at a time."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise, product

from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.access import Access, accesses
from aclc.reach.graph.endpoints import Endpoints
from aclc.reach.graph.membership import Membership, Twins
from aclc.reach.graph.service_sets import Services, common, union
from aclc.reach.graph.space import View
from aclc.reach.population.principals import Principal
from aclc.reach.words.naming import is_cut_out
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of, node_set, union_of

MOST_KNOWN = 50_000
"""Sets of rectangles of which is remembered what they open."""


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
    """Give the rows and columns that say most about a policy: its groups and tags, and whatever its rules name on that
    side; of hosts and ipsets that they do not name there only those of which the answer is known for every address.

    In the order of the file: groups, people, tags, hosts, the rest.
    """
    policy = view.resolved.policy
    defined = [parse_selector(name) for name in (*policy.groups, *policy.tag_owners)]
    literal = [parse_selector(name) for name in (*policy.hosts, *policy.ipsets)]
    sources = [selector for grant in view.resolved.grants for selector in grant.src]
    targets = [
        target.selector
        for grant in view.resolved.grants
        for part in grant.parts
        for network in part.networks
        for target in network.targets
    ]
    return (
        _ordered([*defined, *_known(view, view.sources, literal, set(sources)), *sources]),
        _ordered([*defined, *_known(view, view.targets, literal, set(targets)), *targets]),
    )


def _known(
    view: View, endpoints: Endpoints, literal: Iterable[Selector], named: Container[Selector]
) -> Iterator[Selector]:
    return (each for each in literal if each in named or is_cut_out(view, endpoints, each))


_ORDER = ("any", "autogroup", "group", "user", "domain-users", "tag", "service", "host", "ipset", "prefix")


def _ordered(found: Iterable[Selector]) -> tuple[Selector, ...]:
    known = [each for each in dict.fromkeys(found) if each.kind in _ORDER and each.name != "autogroup:self"]
    return tuple(sorted(known, key=lambda each: _ORDER.index(each.kind)))


def selector_matrix(view: View, rows: Sequence[Principal], columns: Sequence[Principal]) -> Iterator[Row]:
    """Give the matrix row by row; nothing but the row at hand is kept.

    A row of a group or a user is about their own devices, not about those that they share in from elsewhere.

    Cost: kinds of endpoints × (rows + columns), and for each cell the least kinds of either side, few in practice.
    """
    return (found for (found,) in selector_matrices([view], [accesses(view)], rows, columns))


def selector_matrices(
    views: Sequence[View], held: Sequence[Sequence[Access]], rows: Sequence[Principal], columns: Sequence[Principal]
) -> Iterator[tuple[Row, ...]]:
    """Give each row under each view of one space; what the views have in common is worked out once.

    `held`: the `accesses` of each.
    """
    every = [each for mine in held for each in mine]
    opened = _Opened(every)
    senders = _Kinds([each.sources for each in every], views[0].sources)
    receivers = _Kinds([each.targets for each in every], views[0].targets)
    numbers = accumulate(map(len, held), initial=0)
    among = [(1 << after) - (1 << first) for first, after in pairwise(numbers)]
    targets = [receivers.sides([_column(view, column) for column in columns]) for view in views]
    for row in rows:
        sources = []
        for view in views:
            shared = view.sources.of_nodes(view.resolved.names.shared)
            sources.append(row.sources(view) & ~(shared if row.selector.kind in {"group", "user"} else 0))
        sides = senders.sides(sources)
        yield tuple(
            Row(row.text, not side.bits, tuple(_cell(view, side, each, opened, mine) for each in reached))
            for view, side, reached, mine in zip(views, sides, targets, among, strict=True)
        )


class _Side(NamedTuple):
    """One row or column. For each family: `touched`: the rectangles that hold any of its endpoints; `least`: those that
    hold an endpoint which no fewer ones hold, once for each such set, the smallest first; empty: it has no endpoints.

    Sets of rectangles are integers: bit *i* is the *i*-th rectangle.
    """

    bits: int
    touched: tuple[int, ...]
    least: tuple[tuple[int, ...], ...]


class _Kinds:
    """The endpoints of one side of a view by the rectangles that hold them."""

    def __init__(self, sets: Sequence[int], endpoints: Endpoints) -> None:
        self._families = endpoints.families
        twins = Twins(sets, endpoints.nodes_count)
        kinds = Membership([twins.one(each) for each in sets]).kinds(twins.one(union_of(endpoints.families)))
        self._kinds = [(held, twins.both(node_set(members))) for held, members in kinds]

    def sides(self, found: Sequence[int]) -> list[_Side]:
        """Give rows or columns with these endpoints."""
        known = {bits: self._side(bits) for bits in dict.fromkeys(found)}
        return [known[bits] for bits in found]

    def _side(self, bits: int) -> _Side:
        kinds = [(held, alike) for held, alike in self._kinds if alike & bits]
        found = [[held for held, alike in kinds if alike & mine] for mine in (bits & each for each in self._families)]
        return _Side(bits, tuple(map(union_of, found)), tuple(map(_least, found)))


def _least(sets: Iterable[int]) -> tuple[int, ...]:
    """Give the sets that hold no other one, the smallest first."""
    least: list[int] = []
    for each in sorted(set(sets), key=lambda one: (one.bit_count(), one)):
        if not any(not other & ~each for other in least):
            least.append(each)
    return tuple(least)


class _Opened:
    """What rectangles open, looked up by their sets. `own`: those that hold between devices of one user only."""

    def __init__(self, held: Sequence[Access]) -> None:
        self._held = held
        self._known: dict[int, Services] = {}
        self.own = node_set([number for number, each in enumerate(held) if each.own])

    def some(self, numbers: int) -> Services:
        """Give what any of some rectangles opens."""
        found = self._known.get(numbers)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            services = [service for number in indices_of(numbers) for service in self._held[number].services]
            found = self._known[numbers] = union(services) if services else ()
        return found

    def every(self, sources: _Side, targets: _Side, among: int) -> Services:
        """Give what some of the rectangles open between every source and every target of its family; ends at the first
        pair with nothing."""
        every: Services | None = None
        for left, right in zip(sources.least, targets.least, strict=True):
            for one, other in product(left, right):
                opened = self.some(one & other & among)
                every = opened if every is None or not opened else common(every, opened)
                if not every:
                    return ()
        return every or ()


def _column(view: View, column: Principal) -> int:
    """Give the targets of a column: what a rule to it would open, else whatever could lead there."""
    if column.node is None:
        opened = view.targets_of(column.selector)
        if opened:
            return opened
    return column.targets(view)


def _cell(view: View, sources: _Side, targets: _Side, opened: _Opened, among: int) -> Cell:
    """Give one cell from those of some rectangles that touch both sides."""
    held = union_of(sources.touched) & union_of(targets.touched) & among
    if not held:
        return NOTHING
    owners = _only_owner(view, sources.bits, targets.bits)
    own = 0 if owners else held & opened.own
    if own and not _share_owner(view, sources.bits, targets.bits):
        own = 0
    plain = held if owners else held & ~opened.own
    some = plain & union_of(mine & theirs for mine, theirs in zip(sources.touched, targets.touched, strict=True))
    return Cell(
        opened.every(sources, targets, plain) if some else (),
        opened.some(some),
        opened.some(own),
    )


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
    return not names.owners_among(sending).isdisjoint(names.owners_among(receiving))
