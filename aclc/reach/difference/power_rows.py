"""What a change of the policy does besides packets and sessions, in words: application capabilities, node attributes,
automatic approval, and who may apply which tag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclc.policy.model import Policy
from aclc.reach.difference.causes import Cause, RulePairs, cause_at, is_changed
from aclc.reach.graph.endpoints import part_selectors
from aclc.reach.graph.space import Scope, Space, View
from aclc.reach.powers.powers import (
    AttributeChange,
    CapabilityChange,
    PowerChange,
    approval_changes,
    attribute_changes,
    capability_changes,
    capability_targets,
    capability_values,
    ownership_changes,
)
from aclc.reach.words.setting import Setting
from aclc.reach.words.wording import Worded, Wording
from aclc.records import NamedTuple
from aclc.source import Place


class CapabilityRow(NamedTuple):
    """Somebody gains or loses values of an application capability. `values`: canonical JSON; an empty one: it has none.

    `scope`: as in `CapabilityChange`. `nodes`: how many there are on each side.
    """

    gained: bool
    name: str
    values: tuple[str, ...]
    who: Worded
    what: Worded
    causes: tuple[Cause, ...]
    nodes: tuple[int, int]
    scope: Scope = "any"
    accepted: bool = False


class AttributeRow(NamedTuple):
    """Nodes gain or lose a node attribute. `value`: as in `CapabilityRow`, but one. `size`: how many nodes."""

    gained: bool
    name: str
    value: str
    nodes: Worded
    causes: tuple[Cause, ...]
    size: int
    accepted: bool = False


class PowerRow(NamedTuple):
    """Some may newly apply tags or have routes approved, or no longer: each of `who` each of `powers`, by the same way.

    As in `PowerChange`; only a row about one group has members `apart`, only a row about one network has parts `kept`.
    """

    gained: bool
    who: tuple[str, ...]
    powers: tuple[str, ...]
    through: tuple[str, ...]
    causes: tuple[Cause, ...]
    accepted: bool = False
    apart: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def capability_rows(setting: Setting, space: Space, pairs: RulePairs) -> tuple[CapabilityRow, ...]:
    """Give the rows: gains first, then by capability. Empty: nothing changes for anybody."""
    wordings = [Wording(setting, view, other) for view, other in zip(space.views, space.views[::-1], strict=True)]
    rows: dict[tuple[object, ...], CapabilityRow] = {}
    for change in capability_changes(*space.views):
        view = space.views[change.gained]
        for row in _capability_parts(view, change, wordings[change.gained], pairs):
            key = (row.gained, row.name, row.values, row.who.texts, row.what.texts, row.scope)
            rows[key] = _both(rows[key], row) if key in rows else row
    joined: dict[tuple[object, ...], CapabilityRow] = {}
    for row in _without_implied(list(rows.values())):
        words = (row.gained, row.name, row.who, row.what, row.scope)
        joined[words] = _both(joined[words], row) if words in joined else row
    return tuple(sorted(joined.values(), key=lambda row: not row.gained))


def _capability_parts(
    view: View, change: CapabilityChange, wording: Wording, pairs: RulePairs
) -> Iterator[CapabilityRow]:
    """Cut a change along the rules of the policy that gives the capability."""
    for number, grant in enumerate(view.resolved.grants):
        if grant.via is not None or (change.name, change.value) not in capability_values(grant.app):
            continue
        whole_sources = view.sources_of_rule(grant)
        whole_targets = capability_targets(view, grant, own=False)
        if change.scope == "own":
            whole_targets |= capability_targets(view, grant, own=True)
        sources, targets = change.sources & whole_sources, change.targets & whole_targets
        if not sources or not targets:
            continue
        cause = (pairs.cause_of_gain if change.gained else pairs.cause_of_loss)(
            grant.place, [*grant.src, *part_selectors(grant.parts)]
        )
        yield CapabilityRow(
            change.gained,
            change.name,
            (change.value,),
            wording.sources(sources, whole_sources, (number,)),
            wording.targets(targets, whole_targets, (number,)),
            (cause,),
            nodes=(_count(view.sources.nodes_in(sources)), _count(view.targets.nodes_in(targets))),
            scope=change.scope,
        )


def _count(nodes: int) -> int:
    return nodes.bit_count()


def _both(one: CapabilityRow, other: CapabilityRow) -> CapabilityRow:
    return one._replace(
        values=tuple(dict.fromkeys((*one.values, *other.values))),
        who=one.who._replace(bits=one.who.bits | other.who.bits),
        what=one.what._replace(bits=one.what.bits | other.what.bits),
        causes=tuple(dict.fromkeys((*one.causes, *other.causes))),
        nodes=(max(one.nodes[0], other.nodes[0]), max(one.nodes[1], other.nodes[1])),
    )


def _without_implied(rows: list[CapabilityRow]) -> Iterable[CapabilityRow]:
    """Leave out rows that another one says already."""

    def says(wide: CapabilityRow, narrow: CapabilityRow) -> bool:
        return (
            (wide.gained, wide.name, wide.values) == (narrow.gained, narrow.name, narrow.values)
            and wide.scope in {"any", narrow.scope}
            and not narrow.who.bits & ~wide.who.bits
            and not narrow.what.bits & ~wide.what.bits
        )

    for number, row in enumerate(rows):
        if not any(
            at != number and says(other, row) and (at < number or not says(row, other)) for at, other in enumerate(rows)
        ):
            yield row


def attribute_rows(setting: Setting, space: Space, pairs: RulePairs) -> tuple[AttributeRow, ...]:
    """Give the rows: gains first, then by attribute."""
    wordings = [Wording(setting, view, other) for view, other in zip(space.views, space.views[::-1], strict=True)]
    rows = (
        _attribute_row(change, space.views[change.gained], wordings[change.gained], pairs)
        for change in attribute_changes(*(view.resolved for view in space.views))
    )
    return tuple(sorted(rows, key=lambda row: not row.gained))


def _attribute_row(change: AttributeChange, view: View, wording: Wording, pairs: RulePairs) -> AttributeRow:
    names = view.resolved.names
    whole = 0
    mine: dict[str, int] = {}
    causes: list[Cause] = []
    cause_of = pairs.cause_of_gain if change.gained else pairs.cause_of_loss
    for entry in view.resolved.policy.node_attrs:
        tokens = [*((name, "") for name in entry.attr), *capability_values(entry.app)]
        if (change.name, change.value) in tokens:
            meant = {target.name: names.matching(target) for target in entry.target}
            mine |= meant
            if any(nodes & change.nodes for nodes in meant.values()):
                causes.append(cause_of(entry.place, entry.target))
            for nodes in meant.values():
                whole |= nodes
    changed = [cause for cause in causes if is_changed(cause)]
    return AttributeRow(
        change.gained,
        change.name,
        change.value,
        wording.target_nodes(change.nodes, whole, list(mine.items())),
        tuple(changed or causes),
        change.nodes.bit_count(),
    )


def approval_rows(old: Policy, new: Policy) -> tuple[PowerRow, ...]:
    """Give who may newly have routes, exit nodes and services approved, and who no longer."""
    places = _approval_places(old), _approval_places(new)
    return _joined(_power_row(change, places, [change.power, *change.through]) for change in approval_changes(old, new))


def _approval_places(policy: Policy) -> dict[str, Place]:
    approvers = policy.auto_approvers
    found = {name: group.place for name, group in policy.groups.items()}
    found |= {str(route.prefix or route.text): route.place for route in approvers.routes}
    found |= {service.name: service.place for service in approvers.services}
    return found | ({"exit node": approvers.place} if approvers.place is not None else {})


def ownership_rows(old: Policy, new: Policy) -> tuple[PowerRow, ...]:
    """Give who may newly apply a tag, directly or by owning a tag that owns it, and who no longer."""
    places = _definitions(old), _definitions(new)
    return _joined(
        _power_row(change, places, [change.power, *reversed(change.through)]) for change in ownership_changes(old, new)
    )


def _definitions(policy: Policy) -> dict[str, Place]:
    tags = {name: entry.place for name, entry in policy.tag_owners.items()}
    return tags | {name: entry.place for name, entry in policy.groups.items()}


def _power_row(change: PowerChange, places: tuple[dict[str, Place], dict[str, Place]], keys: list[str]) -> PowerRow:
    """Give the row with the first definition on its way that changed."""
    causes = []
    for key in keys:
        old, new = places[0].get(key), places[1].get(key)
        if old is not None or new is not None:
            causes.append(cause_at(old, new))
    changed = [cause for cause in causes if is_changed(cause)]
    because = tuple((changed or causes)[:1])
    return PowerRow(
        change.gained,
        (change.who,),
        (change.power,),
        change.through,
        because,
        apart=change.apart,
        kept=change.kept,
    )


def _joined(rows: Iterable[PowerRow]) -> tuple[PowerRow, ...]:
    """Join rows that differ in the power only, then those that differ in who has it only; gains first."""
    by_who: dict[tuple[object, ...], PowerRow] = {}
    for row in rows:
        key = (row.gained, row.who, row.through, row.apart, row.powers if row.kept else ())
        there = by_who.setdefault(key, row)
        if there is not row:
            by_who[key] = there._replace(
                powers=(*there.powers, *row.powers), causes=tuple(dict.fromkeys((*there.causes, *row.causes)))
            )
    by_power: dict[tuple[object, ...], PowerRow] = {}
    for row in by_who.values():
        alike = (row.gained, row.powers, row.through, row.who if row.apart else (), row.kept)
        there = by_power.setdefault(alike, row)
        if there is not row:
            by_power[alike] = there._replace(
                who=(*there.who, *row.who), causes=tuple(dict.fromkeys((*there.causes, *row.causes)))
            )
    rows = (row._replace(causes=tuple(sorted(row.causes, key=_line))) for row in by_power.values())
    return tuple(sorted(rows, key=lambda row: not row.gained))


def _line(cause: Cause) -> int:
    """Give where a cause stands in its file."""
    span = cause.new or cause.old
    return span.start if span is not None else 0
