"""What a change of the policy opens to people by way of machines that they may newly log in to, and what it closes by
way of those that they no longer may.

Whoever has a session on a machine acts as that machine. So a session that is new, or that works now because port 22
opened, may lead to what neither the person reaches, nor reached before, by whatever way over other sessions. What is
lost is what the same change backwards would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from aclc.net import TCP
from aclc.reach.difference.causes import Cause
from aclc.reach.difference.review import ReviewRow
from aclc.reach.difference.session_rows import SessionRow
from aclc.reach.graph.service_sets import Services, covers, opens_some, services_of, union, without
from aclc.reach.graph.space import Edge, Space, View
from aclc.reach.powers.pivots import SSH_PORT, Closure, Pivots, doors
from aclc.reach.powers.ssh import ssh_edges
from aclc.reach.words.setting import Setting
from aclc.reach.words.step_words import end_text, step_text
from aclc.reach.words.wording import Worded, Wording, names_in
from aclc.records import NamedTuple
from aclc.resolve.node_sets import indices_of

MOST_ROWS = 30
"""Rows that are worked out; pairs of people and machines beyond that are counted."""
SHORT = 4
"""Names up to which what is reached is told without the machines on the way."""
MOST_GROUPS = 8
"""Groups that such people are divided into by what they have besides. Beyond that, only what all of a group have
counts as theirs already."""

Opened = dict[Services, int]
"""Services → the targets on which they are open."""


class OnwardRow(NamedTuple):
    """Somebody newly reaches something by way of a session, or no longer does.

    `who` logs in to `through`, by which `services` on `what` come within reach; without services, it is a further
    session there. `sources`, `machines`, `targets`: exactly who and what, as nodes, nodes and endpoints. `way`: an
    example of how, in clauses, one after the other, by the policy that opens it. `causes`: of the session.
    """

    gained: bool
    who: Worded
    through: Worded
    what: Worded
    services: Services
    sources: int
    machines: int
    targets: int
    way: tuple[str, ...]
    causes: tuple[Cause, ...]


class Onward(NamedTuple):
    """The rows, gains first, and how many pairs of people and machines were not gone through, or not to the end."""

    rows: tuple[OnwardRow, ...] = ()
    left_out: int = 0


class _Pair(NamedTuple):
    """Each of some nodes may log in to each of some machines, port 22 being open."""

    sources: int
    machines: int
    who: Worded | None
    causes: tuple[Cause, ...]


def onward_rows(setting: Setting, space: Space, sessions: Sequence[SessionRow], network: Sequence[ReviewRow]) -> Onward:
    """Give what new sessions lead to, and what those led to that are gone, each in the order of the sessions.

    Sessions on one's own devices are left aside: they have the rights of their owner. Empty: no such session leads to
    anything that changes. Cost: pairs × groups × edges; nothing where no session comes or goes.

    Args:
        space: that of all rows.
        sessions: what changes of the entries of `ssh`.
        network: what changes of connections.
    """
    gains, losses = (_one_way(setting, space, sessions, network, gained=gained) for gained in (True, False))
    return Onward((*gains.rows, *losses.rows), gains.left_out + losses.left_out)


def _one_way(
    setting: Setting, space: Space, sessions: Sequence[SessionRow], network: Sequence[ReviewRow], *, gained: bool
) -> Onward:
    """Give what is gained, or what is lost."""
    pairs = list(_changed_pairs(space.views[gained], sessions, network, gained=gained))
    if not pairs:
        return Onward()
    way = _Ways(setting, space, gained=gained)
    rows: list[OnwardRow] = []
    for number, pair in enumerate(pairs):
        rows += islice(way.rows(pair), MOST_ROWS + 1 - len(rows))
        if len(rows) > MOST_ROWS:
            return Onward(tuple(_joined(rows[:MOST_ROWS])), len(pairs) - number)
    return Onward(tuple(_joined(rows)))


def _changed_pairs(
    view: View, sessions: Sequence[SessionRow], network: Sequence[ReviewRow], *, gained: bool
) -> Iterator[_Pair]:
    """Give who may newly log in where, or no longer may: by a session that comes or goes where port 22 is open, and by
    port 22 where that does.

    `view`: that of the policy that allows it.
    """
    kind = "gained" if gained else "lost"
    opened = [(door.src, door.machines) for door in doors(view) if not door.is_self]
    for row in sessions:
        if row.kind != kind or row.scope == "own":
            continue
        found: dict[int, int] = {}
        # WHY: what people share in from elsewhere may log in where they may; it is of them that this is told.
        people = row.sources & ~view.resolved.names.shared or row.sources
        own = view.sources.of_nodes(people)
        for src, behind in opened:
            sources, machines = view.sources.nodes_in(src & own), behind & row.targets
            if sources and machines:
                found[sources] = found.get(sources, 0) | machines
        for sources, machines in found.items():
            yield _Pair(sources, machines, row.who if sources == people else None, row.causes)
    changed = [
        (part, row.causes)
        for row in network
        for part in row.exactly
        if row.gained is gained and not part.own and opens_some(part.services, _SSH)
    ]
    for edge in ssh_edges(view.resolved) if changed else ():
        people = view.sources.of_nodes(edge.sources & ~view.resolved.names.shared)
        machines = view.targets.of_nodes(edge.targets)
        for part, causes in changed:
            for mine, theirs in zip(view.sources.families, view.targets.families, strict=True):
                who, what = part.sources & people & mine, part.targets & machines & theirs
                if who and what:
                    yield _Pair(view.sources.nodes_in(who), view.targets.nodes_in(what), None, causes)


_SSH: Services = ((TCP, SSH_PORT, SSH_PORT),)


class _Reached(NamedTuple):
    """What lies beyond some machines. `taken`: all machines that are gone through, their own among them.

    `everything`: all on which these services are open there, whether it is news or not.
    """

    machines: int
    taken: int
    services: Services
    targets: int
    everything: int


class _Ways:
    """Finds where sessions lead to that one policy allows and the other does not: those that are new, or gone."""

    def __init__(self, setting: Setting, space: Space, *, gained: bool) -> None:
        self._gained = gained
        self._other, self._view = space.views if gained else space.views[::-1]
        self._other_pivots, self._pivots = Pivots(self._other), Pivots(self._view)
        self._wording = Wording(setting, self._view, self._other)

    def rows(self, pair: _Pair) -> Iterator[OnwardRow]:
        """Give what one pair leads to, for each group of its people that have the same besides."""
        taken = self._pivots.by_sessions(pair.machines)
        opened = self._opened_beyond(taken.nodes, taken.nodes)
        further = taken.nodes & ~pair.machines
        for group in self._groups(pair.sources, opened):
            machines = further & ~group & ~self._pivots.of_each(group) & ~self._had_sessions(group)
            if machines:
                yield self._further(pair, group, taken, machines)
            # WHY without them: where a machine leads back to who came from it, their rights are their own.
            theirs = taken.nodes & ~group
            beyond = self._opened_beyond(theirs, taken.nodes) if taken.nodes & group else opened
            for services, targets in _beyond(beyond, self._had(group)).items():
                everything = 0
                for each, reached in beyond.items():
                    everything |= reached if covers(each, services) else 0
                row = self._row(pair, group, _Reached(theirs, taken.nodes, services, targets, everything))
                if row is not None:
                    yield row

    def _opened_beyond(self, machines: int, taken: int) -> Opened:
        """Give what some machines reach but those that are taken."""
        mine = self._view.targets.of_nodes(taken)
        opened = _opened(self._view, self._view.sources.of_nodes(machines))
        return {services: targets & ~mine for services, targets in opened.items() if targets & ~mine}

    def _groups(self, people: int, beyond: Opened) -> list[int]:
        """Divide people by the rules that open to them any of what lies beyond, or a session, under either policy.

        Also by the address families that they have.
        """
        reached = 0
        for targets in beyond.values():
            reached |= targets
        groups = [people]
        tried = set()
        for cut in self._cuts(people, reached):
            if cut in tried:
                continue
            tried.add(cut)
            if any(group & cut and group & ~cut for group in groups):
                groups = [part for group in groups for part in (group & cut, group & ~cut) if part]
                if len(groups) >= MOST_GROUPS:
                    break
        return groups

    def _cuts(self, people: int, reached: int) -> Iterator[int]:
        other = self._other
        doors_there = [(other.sources.nodes_in(door.src), door.machines) for door in doors(other)]
        for session in ssh_edges(other.resolved):
            mine = people & (session.sources if session.logins else session.own_name)
            yield mine
            for sources, machines in doors_there if mine else ():
                if machines & session.targets:
                    yield mine & sources
        for view in (self._other, self._view):
            own = view.sources.of_nodes(people)
            yield from (view.sources.nodes_in(own & family) for family in view.sources.families)
            for src in dict.fromkeys(edge.src & own for edge in view.edges if edge.targets & reached):
                yield view.sources.nodes_in(src)

    def _had(self, group: int) -> Opened:
        """Give what a group reaches by itself, or under the other policy by whatever sessions: what is no news.

        Where members differ, that is what each has of a gain, and what any has of a loss: nothing is lost that one of
        them keeps.
        """
        found = _opened_to_all(self._view, group)
        taken = self._had_sessions(group)
        for opened in (
            _opened_to_all(self._other, group),
            _opened(self._other, self._other.sources.of_nodes(taken)),
        ):
            for services, targets in opened.items():
                found[services] = found.get(services, 0) | targets
        return found

    def _had_sessions(self, group: int) -> int:
        """Give the machines that a group has under the other policy; of a loss, the group's own are among them."""
        there = self._other_pivots
        return there.by_sessions(there.of_each(group) if self._gained else group).nodes

    def _further(self, pair: _Pair, group: int, taken: Closure, machines: int) -> OnwardRow:
        """Put into words that sessions lead to further ones."""
        node = next(at for level in taken.levels for at in indices_of(level & machines))
        closure = self._pivots.by_sessions(1 << indices_of(group)[0])
        return OnwardRow(
            self._gained,
            self._who(pair, group),
            self._through(pair),
            self._wording.target_nodes(machines, machines, ()),
            (),
            group,
            pair.machines,
            self._view.targets.of_nodes(machines),
            self._steps(closure, node),
            pair.causes,
        )

    def _steps(self, closure: Closure, node: int) -> tuple[str, ...]:
        return tuple(step_text(self._view, step) for step in self._pivots.path(closure, node))

    def _who(self, pair: _Pair, group: int) -> Worded:
        if pair.who is not None and group == pair.sources:
            return pair.who
        return self._wording.source_nodes(group, group, ())

    def _through(self, pair: _Pair) -> Worded:
        return self._wording.target_nodes(pair.machines, pair.machines, ())

    def _row(self, pair: _Pair, group: int, reached: _Reached) -> OnwardRow | None:
        """Put one gain into words, with an example; None where nobody of the group has a way there in one family."""
        view = self._view
        targets, services = reached.targets, reached.services
        person = indices_of(group)[0]
        closure = self._pivots.by_sessions(1 << person)
        for edge in view.edges:
            there = edge.targets & targets
            for node in indices_of(view.sources.nodes_in(edge.src) & closure.nodes & reached.machines) if there else ():
                if opens_some(services_of(edge), services) and _has_way(view, node, edge, there):
                    return OnwardRow(
                        self._gained,
                        self._who(pair, group),
                        self._through(pair),
                        self._what(reached),
                        services,
                        group,
                        pair.machines,
                        targets,
                        (*self._steps(closure, node), end_text(view, node, edge)),
                        pair.causes,
                    )
        return None

    def _what(self, reached: _Reached) -> Worded:
        """Put what is reached into words; they may mean the machines on the way, too, where that makes them short."""
        view = self._view
        sources = view.sources.of_nodes(reached.machines)
        grants = tuple(
            dict.fromkeys(
                each.grant
                for each in view.edges
                if each.targets & reached.targets
                and each.src & sources
                and opens_some(services_of(each), reached.services)
            )
        )
        words = self._wording.targets(reached.targets, reached.everything, grants)
        if names_in(words.texts) <= SHORT:
            return words
        taken = view.targets.of_nodes(reached.taken) & view.live
        with_machines = self._wording.targets(reached.targets | taken, reached.everything | taken, grants)
        return min(words, with_machines, key=lambda each: names_in(each.texts))


def _has_way(view: View, node: int, edge: Edge, targets: int) -> bool:
    own = edge.src & view.sources.of_nodes(1 << node)
    if edge.is_self:
        targets &= view.same_owner(view.targets, node)
    return view.meet(own, targets)


def _opened(view: View, sources: int) -> Opened:
    """Give what is open to some source at least."""
    found: Opened = {}
    for edge in view.edges:
        src = edge.src & sources
        if not src:
            continue
        targets = 0
        for mine, theirs in zip(view.sources.families, view.targets.families, strict=True):
            targets |= edge.targets & theirs if src & mine else 0
        if edge.is_self:
            own = 0
            for node in indices_of(view.sources.nodes_in(src)):
                own |= view.same_owner(view.targets, node)
            targets &= own
        if targets:
            services = services_of(edge)
            found[services] = found.get(services, 0) | targets
    return found


def _opened_to_all(view: View, group: int) -> Opened:
    """Give what is open to each of a group of nodes, by rules that name them all."""
    found: Opened = {}
    own = view.sources.of_nodes(group)
    owners = {view.resolved.names.owners[node] for node in indices_of(group)}
    shared = view.targets.of_nodes(view.resolved.names.user(next(iter(owners)) or "")) if len(owners) == 1 else 0
    for edge in view.edges:
        if not edge.src & own:
            continue
        targets = 0
        for mine, theirs in zip(view.sources.families, view.targets.families, strict=True):
            if not group & ~view.sources.nodes_in(own & mine & edge.src):
                targets |= edge.targets & theirs & (shared if edge.is_self else -1)
        if targets:
            services = services_of(edge)
            found[services] = found.get(services, 0) | targets
    return found


def _beyond(opened: Mapping[Services, int], had: Mapping[Services, int]) -> Opened:
    """Give what is open and was not had."""
    found: Opened = {}
    for services, targets in opened.items():
        left = {services: targets}
        for known, there in had.items():
            cut: Opened = {}
            for some, reached in left.items():
                both = reached & there
                rest = without(some, known) if both else some
                for part, on in ((some, reached & ~both if rest != some else reached), (rest, both)):
                    if part and on:
                        cut[part] = cut.get(part, 0) | on
            left = cut
        for some, reached in left.items():
            found[some] = found.get(some, 0) | reached
    return _told_once(found)


def _told_once(opened: Opened) -> Opened:
    """Give each target once, with all that is open on it."""
    classes: dict[int, Services] = {}
    for services, targets in opened.items():
        left = targets
        for known, before in list(classes.items()):
            both = known & left
            if both:
                del classes[known]
                if known & ~both:
                    classes[known & ~both] = before
                classes[both] = union((*before, *services))
                left &= ~both
        if left:
            classes[left] = services
    found: Opened = {}
    for targets, services in classes.items():
        found[services] = found.get(services, 0) | targets
    return found


def _joined(rows: Sequence[OnwardRow]) -> Iterator[OnwardRow]:
    """Join rows that differ in nothing but who, in the machines, or in what is reached."""
    found = list(rows)
    for differing in range(3):
        joined: dict[object, OnwardRow] = {}
        for row in found:
            words = [row.who.texts, row.through.texts, row.what.texts]
            del words[differing]
            there = joined.get((*words, row.services))
            joined[*words, row.services] = row if there is None else _both(there, row)
        found = list(joined.values())
    yield from found


def _both(one: OnwardRow, other: OnwardRow) -> OnwardRow:
    return one._replace(
        who=_worded(one.who, other.who),
        through=_worded(one.through, other.through),
        what=_worded(one.what, other.what),
        sources=one.sources | other.sources,
        machines=one.machines | other.machines,
        targets=one.targets | other.targets,
        causes=tuple(dict.fromkeys((*one.causes, *other.causes))),
    )


def _worded(one: Worded, other: Worded) -> Worded:
    return Worded(tuple(dict.fromkeys((*one.texts, *other.texts))), one.bits | other.bits)
