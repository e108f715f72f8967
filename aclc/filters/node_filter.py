"""The packet filter of one node, read from the program of all nodes.

Nodes that receive the same uses form a class: what a class shares is put in order once, and a node adds its own
addresses and, where autogroup:self occurs, its user's sources.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from aclc.filters.model import Block, CapGrant, FilterRule, Opening, Origin
from aclc.filters.program import Head, Program, Use
from aclc.net import DEFAULT_PROTOCOLS, Address, IpSet, Prefix
from aclc.records import NamedTuple
from aclc.resolve.model import Resolved
from aclc.resolve.node_sets import indices_of
from aclc.resolve.sources import Sources


class Entry(NamedTuple):
    """A filter rule before it is given to a node: everything but the node's own addresses.

    `position`: where it stands among the others. `uses`: in the order of the output. `audience`: the only nodes that
    receive it, None for every node of the class or user.
    """

    position: int
    head: Head
    uses: Sequence[Use]
    audience: int | None = None


class PacketFilters:
    """The packet filters of a whole tailnet.

    `classes`: for each node the number of its class. Cost: making it is O(nodes × destinations that reach them);
    reading the filter of a node is proportional to the filter, and all that is kept of it is the order of its class.
    """

    __slots__ = ("_hits", "_own", "_plans", "_templates", "classes", "program", "resolved")

    def __init__(self, resolved: Resolved) -> None:
        self.resolved = resolved
        self.program = Program(resolved)
        self.classes: list[int] = []
        self._hits: list[tuple[int, ...]] = []
        self._templates: dict[int, array[int]] = {}
        self._plans: dict[str, tuple[Entry, ...]] = {}
        self._own: dict[Address, Block] = {}
        self._classify()

    def _classify(self) -> None:
        hits: list[list[int]] = [[] for _ in self.resolved.tailnet.nodes]
        for hit, nodes in enumerate(self.program.receivers):
            for index in indices_of(nodes):
                hits[index].append(hit)
        known: dict[tuple[int, ...], int] = {}
        for own in hits:
            key = tuple(own)
            number = known.setdefault(key, len(known))
            if number == len(self._hits):
                self._hits.append(key)
            self.classes.append(number)

    def __len__(self) -> int:
        return len(self.classes)

    def __getitem__(self, index: int) -> NodeFilter:
        return NodeFilter(self, index)

    def __iter__(self) -> Iterator[NodeFilter]:
        return (NodeFilter(self, index) for index in range(len(self.classes)))

    def template(self, number: int) -> array[int]:
        """Give the uses of a class, in the order of the output but for `via`."""
        found = self._templates.get(number)
        if found is None:
            uses_of = self.program.uses_of
            merged: list[int] = []
            for hit in self._hits[number]:
                merged += uses_of[hit]
            merged.sort()
            found = self._templates[number] = array("I", merged)
        return found

    def shared_entries(self, number: int) -> list[Entry]:
        """Give what every node of a class has, in order of position; entries that open nothing are left out."""
        program = self.program
        grouped: dict[int, list[Use]] = {}
        for use in map(program.uses.__getitem__, self.template(number)):
            grouped.setdefault(use.slot, []).append(use)
        taken = self._taken_by_via(number)
        entries = [
            Entry(taken.get(slot, program.positions[slot]), program.heads[slot], uses) for slot, uses in grouped.items()
        ]
        if taken:
            entries.sort(key=lambda entry: entry.position)
        return entries

    def _taken_by_via(self, number: int) -> dict[int, int]:
        """Give the slots whose position on this class is earlier because a `via` rule takes them."""
        taken: dict[int, int] = {}
        for hit in self._hits[number]:
            for step, slot in self.program.takings.get(hit, ()):
                taken[slot] = min(step, taken.get(slot, self.program.positions[slot]))
        return taken

    def plan(self, login: str) -> tuple[Entry, ...]:
        """Give what autogroup:self adds on the nodes of a user, in order of position."""
        found = self._plans.get(login)
        if found is None:
            found = self._plans[login] = tuple(self._plan(login))
        return found

    def _plan(self, login: str) -> list[Entry]:
        own = self.resolved.names.user(login)
        entries: list[Entry] = []
        networks: dict[tuple[int, int | None], list[Use]] = {}
        for step in self.program.self_steps:
            senders = own & step.senders
            sources = self.resolved.source_sets.nodes_alone(senders)
            if not sources:
                continue
            uses = [Use(-1, step.step, None, None, ports, items, step.grant) for ports, items in step.entries]
            if step.capabilities is not None:
                head = Head(sources, None, step.capabilities)
                entries.append(Entry(step.step, head, uses, senders if step.companion else None))
                continue
            merged = networks.setdefault((senders, step.protocol), uses)
            if merged is uses:
                entries.append(Entry(step.step, Head(sources, step.protocol, None), uses))
            else:
                merged.extend(uses)
        return entries

    def entries(self, index: int) -> list[Entry]:
        """Give the filter of a node but for its own addresses, in order of position."""
        return self.with_plan(self.shared_entries(self.classes[index]), index)

    def with_plan(self, shared: list[Entry], index: int) -> list[Entry]:
        """Give what a class shares and what autogroup:self adds on one node of it, in order of position.

        Rules whose sources and protocol agree are merged. Where nothing is added, the answer is `shared` itself.
        """
        owner = self.resolved.names.owners[index]
        plan = self.plan(owner) if owner is not None and self.program.self_steps else ()
        if not plan:
            return shared
        entries = list(shared)
        places: dict[tuple[Sources, int | None], int] | None = None
        for own in plan:
            head = own.head
            if own.audience is not None and not own.audience >> index & 1:
                continue
            slot = self.program.slot_of(head.sources, head.protocol) if head.capabilities is None else None
            if slot is None:
                entries.append(own)
                continue
            # WHY: a slot is taken even where the rule that takes it opens nothing on this node (capture acl-a17). What
            # only a `via` rule takes is free here: a node with an owner has no tag.
            position = min(own.position, self.program.positions[slot])
            if places is None:
                places = {
                    (entry.head.sources, entry.head.protocol): place
                    for place, entry in enumerate(shared)
                    if entry.head.capabilities is None
                }
            place = places.get((head.sources, head.protocol))
            if place is None:
                entries.append(Entry(position, head, own.uses))
            else:
                uses = sorted((*entries[place].uses, *own.uses), key=lambda use: use.step)
                entries[place] = Entry(position, head, uses)
        entries.sort(key=lambda entry: entry.position)
        return entries

    def own_block(self, address: Address) -> Block:
        """Give the block that is one address; equal ones are one object."""
        found = self._own.get(address)
        if found is None:
            found = self._own[address] = Block(IpSet.of(address.prefix), "prefix")
        return found


class NodeFilter:
    """The packet filter of one node. Reading it works it out anew each time, so that a whole tailnet fits in memory."""

    __slots__ = ("_filters", "index")

    def __init__(self, filters: PacketFilters, index: int) -> None:
        self._filters = filters
        self.index = index

    @property
    def rules(self) -> tuple[FilterRule, ...]:
        """The rules in the control plane's order; none: nothing may reach the node."""
        return tuple([rule for _, rule in self._read() if rule is not None])

    def origins(self, number: int) -> tuple[Origin, ...]:
        """Tell why each entry of rule `number` is there: parallel to its `openings`, or to its `cap_grants`."""
        entry = [entry for entry, rule in self._read() if rule is not None][number]
        if entry.head.capabilities is not None:
            return (Origin(entry.uses[0].grant, entry.uses[0].items[0]),)
        own = len(self._own)
        return tuple(
            Origin(use.grant, item)
            for use in entry.uses
            for _ in range(own if use.blocks is None else len(use.blocks))
            for item in use.items
        )

    @property
    def _own(self) -> Sequence[Address]:
        return self._filters.resolved.names.addresses[self.index]

    def _read(self) -> list[tuple[Entry, FilterRule | None]]:
        own = self._own
        blocks = tuple(map(self._filters.own_block, own))
        return [
            (
                entry,
                _network_rule(entry, blocks) if entry.head.capabilities is None else _application_rule(entry, own),
            )
            for entry in self._filters.entries(self.index)
        ]


def _network_rule(entry: Entry, own: tuple[Block, ...]) -> FilterRule | None:
    openings = tuple(
        [
            Opening(block, ports)
            for use in entry.uses
            for block in (own if use.blocks is None else use.blocks)
            for ports in use.ports
        ]
    )
    if not openings:
        return None
    protocol = entry.head.protocol
    protocols = DEFAULT_PROTOCOLS if protocol is None else (protocol,)
    return FilterRule(entry.head.sources, protocols, openings, ())


def _application_rule(entry: Entry, own: Sequence[Address]) -> FilterRule | None:
    (use,) = entry.uses
    destinations = tuple(_destinations(use, own))
    if not destinations or entry.head.capabilities is None:
        return None
    grant = CapGrant(destinations, entry.head.capabilities)
    return FilterRule(entry.head.sources, (), (), (grant,))


def _destinations(use: Use, own: Sequence[Address]) -> Iterator[Prefix]:
    for each in range(len(own)) if use.destinations is None else use.destinations:
        yield own[each].prefix if isinstance(each, int) else each
