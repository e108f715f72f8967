"""The packet filters of all nodes at once: what is sent to which set of nodes, in which order (reference §5.6–§5.10).

Rules are walked once, in order; each gives *steps*. A step of a network rule takes the *slot* of its (sources,
protocol): the first step that takes it decides where the merged rule stands, on every node, even where that step opens
nothing. Steps of `via` rules take slots only on routers with the tag, those of autogroup:self depend on the user: both
are kept apart and settled when a node's filter is read (`node_filter`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclc.filters.model import Block
from aclc.filters.receivers import Receivers
from aclc.net import PortRange, Prefix
from aclc.policy.model import Json
from aclc.records import NamedTuple
from aclc.resolve.model import Item, Part, Resolved, ResolvedGrant
from aclc.resolve.sources import Sources

COMPANIONS = {
    "tailscale.com/cap/drive": "tailscale.com/cap/drive-sharer",
    "tailscale.com/cap/relay": "tailscale.com/cap/relay-target",
}
"""Capabilities that give the sources one of their own, in the order in which they are sent (reference §5.9)."""

NEVER = 1 << 40
"""Position of a slot that no step takes on every node; beyond any real one."""


class Head(NamedTuple):
    """What a rule is about. `capabilities` is None for a network rule."""

    sources: Sources
    protocol: int | None
    capabilities: Mapping[str, Json] | None


class Use(NamedTuple):
    """What one destination of one rule adds to a filter rule, on the nodes that it reaches.

    `slot`: index into `Program.heads`, -1 for a step of autogroup:self. `step`: the order inside a merged rule.
    `blocks`, for a network rule, as in `Reached`; `destinations`, for an application rule, as in `Granted`. `items`
    runs parallel to `ports`, and is one item for an application rule.
    """

    slot: int
    step: int
    blocks: tuple[Block, ...] | None
    destinations: tuple[int | Prefix, ...] | None
    ports: tuple[PortRange, ...]
    items: tuple[Item, ...]
    grant: int


class SelfStep(NamedTuple):
    """A step whose sources are cut down to the receiver's own user.

    `senders`: nodes among the rule's sources. `entries`: (ports, items) per destination. `companion`: only the senders
    themselves receive it. `capabilities` as in `Head`.
    """

    step: int
    senders: int
    protocol: int | None
    entries: tuple[tuple[tuple[PortRange, ...], tuple[Item, ...]], ...]
    capabilities: Mapping[str, Json] | None
    companion: bool
    grant: int


class Program:
    """Everything that any node can receive.

    `heads` and `positions`: per slot. `uses`: in the order of the output, wherever no `via` and no autogroup:self
    interferes. `receivers`: per hit the set of nodes, and `uses_of` the uses that they all have, ascending. `takings`:
    per hit the slots that its nodes take because of `via`, as (step, slot). `self_steps`: in order.
    """

    __slots__ = (
        "_hits",
        "_network_slots",
        "heads",
        "positions",
        "receivers",
        "self_steps",
        "takings",
        "uses",
        "uses_of",
    )

    def __init__(self, resolved: Resolved) -> None:
        self.heads: list[Head] = []
        self.positions: list[int] = []
        self.uses: list[Use] = []
        self.receivers: list[int] = []
        self.uses_of: list[list[int]] = []
        self.takings: dict[int, list[tuple[int, int]]] = {}
        self.self_steps: list[SelfStep] = []
        self._network_slots: dict[Sources, dict[int | None, int]] = {}
        self._hits: dict[int, int] = {}
        _fill(self, resolved)
        self._order_uses()

    def slot_of(self, sources: Sources, protocol: int | None) -> int | None:
        """Give the slot of a network rule, None where no rule but those of autogroup:self could take it."""
        return self._network_slots.get(sources, {}).get(protocol)

    def add_network_slot(self, sources: Sources, protocol: int | None) -> int:
        """Give the slot of a network rule, a new one where there is none."""
        by_protocol = self._network_slots.setdefault(sources, {})
        slot = by_protocol.get(protocol)
        if slot is None:
            slot = by_protocol[protocol] = self.add_slot(Head(sources, protocol, None))
        return slot

    def add_slot(self, head: Head) -> int:
        """Give a new slot, not yet taken."""
        self.heads.append(head)
        self.positions.append(NEVER + len(self.positions))
        return len(self.heads) - 1

    def take(self, slot: int, step: int) -> None:
        """Let a step take a slot on every node."""
        self.positions[slot] = min(self.positions[slot], step)

    def take_on(self, nodes: int, slot: int, step: int) -> None:
        """Let a step take a slot on some nodes."""
        if nodes:
            self.takings.setdefault(self._hit(nodes), []).append((step, slot))

    def add_use(self, nodes: int, use: Use) -> None:
        """Let some nodes receive something."""
        if nodes:
            self.uses_of[self._hit(nodes)].append(len(self.uses))
            self.uses.append(use)

    def _hit(self, nodes: int) -> int:
        hit = self._hits.get(nodes)
        if hit is None:
            hit = self._hits[nodes] = len(self.receivers)
            self.receivers.append(nodes)
            self.uses_of.append([])
        return hit

    def _order_uses(self) -> None:
        """Number the uses anew, so that ascending numbers are the order of the output."""
        uses, positions = self.uses, self.positions
        order = sorted(range(len(uses)), key=lambda number: positions[uses[number].slot])
        renumbered = [0] * len(order)
        for new, old in enumerate(order):
            renumbered[old] = new
        self.uses = [uses[old] for old in order]
        self.uses_of = [sorted(renumbered[old] for old in numbers) for numbers in self.uses_of]


def _fill(program: Program, resolved: Resolved) -> None:
    """Walk the rules and add their steps."""
    receivers = Receivers(resolved)
    step = 0
    for number, grant in enumerate(resolved.grants):
        capabilities = {each.name: each.values for each in sorted(grant.app, key=lambda each: each.name)}
        for part in grant.parts:
            if grant.via is not None:
                step = _add_via(program, resolved, receivers, (number, grant, part), step)
                continue
            if part.is_self:
                step = _add_self(program, resolved, (number, grant, part), capabilities, step)
                continue
            step = _add_network(program, receivers, (number, grant, part), step)
            if capabilities:
                step = _add_capabilities(program, resolved, receivers, (number, grant, part), capabilities, step)


_PartOfGrant = tuple[int, ResolvedGrant, Part]


def _add_network(program: Program, receivers: Receivers, where: _PartOfGrant, step: int) -> int:
    number, grant, part = where
    for network in part.networks if grant.sources else ():
        slot = program.add_network_slot(grant.sources, network.protocol)
        program.take(slot, step)
        for target in network.targets:
            for reached in receivers.reached(target.selector):
                program.add_use(
                    reached.nodes, Use(slot, step, reached.blocks, None, target.ports, target.items, number)
                )
        step += 1
    return step


def _add_via(program: Program, resolved: Resolved, receivers: Receivers, where: _PartOfGrant, step: int) -> int:
    """Add a `via` rule: routers with the tag only; `app` gives nothing there (captures grant-k12, k13)."""
    number, grant, part = where
    routers = 0
    for tag in grant.via or ():
        routers |= resolved.names.tag(tag)
    for network in part.networks if grant.sources else ():
        slot = program.add_network_slot(grant.sources, network.protocol)
        program.take_on(routers, slot, step)
        for target in network.targets:
            for reached in receivers.reached_via(target.selector, routers):
                program.add_use(
                    reached.nodes, Use(slot, step, reached.blocks, None, target.ports, target.items, number)
                )
        step += 1
    return step


def _add_capabilities(
    program: Program,
    resolved: Resolved,
    receivers: Receivers,
    where: _PartOfGrant,
    capabilities: Mapping[str, Json],
    step: int,
) -> int:
    """Add application rules, one per destination, then the companions; sources may be empty here (capture grant-h6)."""
    number, grant, part = where
    for at, selector in part.dst:
        slot = program.add_slot(Head(grant.sources, None, capabilities))
        program.take(slot, step)
        for granted in receivers.granted(selector):
            program.add_use(granted.nodes, Use(slot, step, None, granted.destinations, (), (Item(at),), number))
        step += 1
    back = tuple(selector for _, selector in part.dst)
    for name, companion in COMPANIONS.items():
        if name in capabilities:
            slot = program.add_slot(Head(resolved.source_sets.untested(back), None, {companion: None}))
            program.take(slot, step)
            program.add_use(
                resolved.source_sets.members(grant.sources),
                Use(slot, step, None, None, (), (Item(part.dst[0][0]),), number),
            )
            step += 1
    return step


def _add_self(
    program: Program, resolved: Resolved, where: _PartOfGrant, capabilities: Mapping[str, Json], step: int
) -> int:
    number, grant, part = where
    senders = resolved.source_sets.members(grant.sources)

    def add(
        protocol: int | None,
        entries: Sequence[tuple[tuple[PortRange, ...], tuple[Item, ...]]],
        granted: Mapping[str, Json] | None,
        *,
        companion: bool = False,
    ) -> None:
        nonlocal step
        program.self_steps.append(SelfStep(step, senders, protocol, tuple(entries), granted, companion, number))
        step += 1

    for network in part.networks:
        add(network.protocol, [(target.ports, target.items) for target in network.targets], None)
    if capabilities:
        for at, _ in part.dst:
            add(None, [((), (Item(at),))], capabilities)
        for name, companion in COMPANIONS.items():
            if name in capabilities:
                add(None, [((), (Item(part.dst[0][0]),))], {companion: None}, companion=True)
    return step
