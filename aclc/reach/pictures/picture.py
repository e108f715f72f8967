"""Effective access as a picture: boxes that stand for somebody or something, and flows of services between them.

A flow leads from all its sources to all its targets, so that one rule for many is one flow. Boxes that the flows do not
tell apart are one box. What would make a picture too big to read is left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from aclc.policy.selectors import parse_selector
from aclc.reach.graph.access import Access
from aclc.reach.graph.service_sets import Services
from aclc.reach.words.naming import Named
from aclc.reach.words.rule_naming import NamedAccess, RuleNaming, named
from aclc.records import NamedTuple

Kind = Literal["anyone", "people", "machines", "network", "internet", "own", "node", "other"]
State = Literal["same", "gained", "lost"]

OWN_DEVICES = "their own devices"
MOST_FLOWS = 30
MOST_ARROWS = 4
"""Boxes on one side of a flow to which arrows are drawn; more are one box of their own."""


class Box(NamedTuple):
    """`names`: whom it stands for, each in the policy's words. `nodes`: how many nodes in all, None where unknown."""

    kind: Kind
    names: tuple[str, ...]
    nodes: int | None = None


class Flow(NamedTuple):
    """`sources` and `targets` are indices of boxes, ascending. `grants`: rules behind it, as in `Access`."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    services: Services
    own: bool
    grants: tuple[int, ...]
    state: State = "same"


class Picture(NamedTuple):
    """What is to be drawn. `left_out`: how many flows are not in it, for want of room."""

    boxes: tuple[Box, ...]
    flows: tuple[Flow, ...]
    left_out: int = 0


class Line(NamedTuple):
    """One row to draw, in names."""

    who: tuple[str, ...]
    what: tuple[str, ...]
    access: Access
    state: State = "same"


def selector_picture(rows: Sequence[Access], naming: RuleNaming, most: int = MOST_FLOWS) -> Picture:
    """Give a picture in which each selector, and each thing that no selector names, is a box. Only what is drawn is put
    into words."""
    kept = [rows[at] for at in widest([(row, "same") for row in rows], most)]
    return picture([line_of(row) for row in named(kept, naming)], 0)._replace(left_out=len(rows) - len(kept))


def line_of(row: NamedAccess, state: State = "same") -> Line:
    """Give a row of access as a line to draw."""
    return Line(_names(row.who), (OWN_DEVICES,) if row.access.own else _names(row.what), row.access, state)


def _names(named: Named) -> tuple[str, ...]:
    return (*named.selectors, *named.rest)


def picture(lines: Sequence[Line], most: int = MOST_FLOWS, counts: Mapping[str, int] | None = None) -> Picture:
    """Draw lines: boxes in order of first mention, equal ones merged; the widest flows where there are too many.

    Args:
        lines: who reaches what, in names.
        most: how many flows are drawn at most; 0 for all.
        counts: how many nodes a name stands for, where that is known.
    """
    kept = [lines[at] for at in widest([(line.access, line.state) for line in lines], most)]
    crowds = [[False, False] for _ in kept]
    number_of = {name: at for at, each in enumerate(_alike(kept, crowds)) for name in each[1]}
    for line, crowd in zip(kept, crowds, strict=True):
        crowd[:] = [len({number_of[name] for name in names}) > MOST_ARROWS for names in (line.who, line.what)]
    boxes = [Box(kind, names, _count(names, counts)) for kind, names in _alike(kept, crowds)]
    number_of = {name: at for at, box in enumerate(boxes) for name in box.names}
    flows = []
    for line, crowd in zip(kept, crowds, strict=True):
        sides: list[tuple[int, ...]] = []
        for names, is_crowd in zip((line.who, line.what), crowd, strict=True):
            if is_crowd:
                sides.append((len(boxes),))
                kinds = {kind_of(name) for name in names}
                boxes.append(Box(kinds.pop() if len(kinds) == 1 else "other", names, _count(names, counts)))
            else:
                sides.append(tuple(sorted({number_of[name] for name in names})))
        access = line.access
        flows.append(Flow(sides[0], sides[1], access.services, access.own, access.grants, line.state))
    return Picture(tuple(boxes), tuple(flows), len(lines) - len(kept))


def _alike(lines: Sequence[Line], crowds: Sequence[Sequence[bool]]) -> list[tuple[Kind, tuple[str, ...]]]:
    """Give the names that lines tell apart, and those that they do not together; sides that are crowds do not count."""
    edges: dict[str, tuple[list[int], list[int]]] = {}
    for number, line in enumerate(lines):
        for side, names in enumerate((line.who, line.what)):
            if not crowds[number][side]:
                for name in names:
                    edges.setdefault(name, ([], []))[side].append(number)
    alike: dict[tuple[Kind, tuple[int, ...], tuple[int, ...]], list[str]] = {}
    for name, (outgoing, incoming) in edges.items():
        alike.setdefault((kind_of(name), tuple(outgoing), tuple(incoming)), []).append(name)
    return [(kind, tuple(names)) for (kind, _, _), names in alike.items()]


def _count(names: Sequence[str], counts: Mapping[str, int] | None) -> int | None:
    return sum(counts.get(name, 0) for name in names) if counts is not None else None


def widest(rows: Sequence[tuple[Access, State]], most: int) -> list[int]:
    """Give which rows are worth drawing, ascending: what changes first, then what opens most between most; 0: all."""
    if not most or len(rows) <= most:
        return list(range(len(rows)))

    def weight(at: int) -> tuple[bool, int, int]:
        access, state = rows[at]
        return state == "same", -access.sources.bit_count() * access.targets.bit_count(), at

    return sorted(sorted(range(len(rows)), key=weight)[:most])


def kind_of(name: str) -> Kind:
    """Tell what a name in a picture stands for."""
    if name == OWN_DEVICES:
        return "own"
    selector = parse_selector(name.partition(" (")[0])
    match selector.kind:
        case "any":
            return "anyone"
        case "group" | "user" | "domain-users":
            return "people"
        case "tag" | "service":
            return "machines"
        case "ipset" | "prefix" | "range":
            return "network"
        case "autogroup":
            return {"autogroup:internet": _INTERNET, "autogroup:tagged": _MACHINES}.get(selector.name, _PEOPLE)
        case "host" if " " not in name or " (through " in name:
            return "network"
        case _:
            return "other"


_INTERNET: Kind = "internet"
_MACHINES: Kind = "machines"
_PEOPLE: Kind = "people"
