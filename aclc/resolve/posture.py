"""Whether a device meets a posture (reference §7.3).

Nothing of this was ever captured. It is what Tailscale's documentation says, and where that is silent a condition
fails, because a device must earn its way in (docs/decisions/0020).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from aclc.policy.model import Policy, Posture, PostureCondition
from aclc.tailnet.model import Node

Fact = str | bool | int | float
"""The value of one posture attribute."""

VERSION_ATTRIBUTES = frozenset({"node:osVersion", "node:tsVersion"})
"""Attributes whose values are versions: compared part by part, not as text."""

_HOLDS_WHEN = {"==": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
_ORDERINGS = frozenset({"<", "<=", ">", ">="})
_PARTS = re.compile(r"([0-9]+)|([^0-9]+)")
_TRAILING_ZEROS = re.compile(r"(?:\.0+)+\Z")


def satisfies(posture: Posture, facts: Mapping[str, Fact]) -> bool:
    """Tell whether a device with these attributes meets every condition. A posture without conditions is met by all."""
    return all(holds(condition, facts) for condition in posture.conditions)


def holds(condition: PostureCondition, facts: Mapping[str, Fact]) -> bool:
    """Tell whether one condition holds.

    An attribute that is not set fails everything but `NOT SET`. A value of another type than the condition compares
    with (`true` with `1`, `5` with `'5'`) fails it too, `!=` and `NOT IN` included. Order is for numbers and versions
    only. A condition that could not be read never holds.
    """
    fact = facts.get(condition.attribute)
    operator = condition.operator
    if fact is None or operator in {"IS SET", "NOT SET"}:
        return operator == ("NOT SET" if fact is None else "IS SET")
    orders = [_compare(condition.attribute, fact, value) for value in condition.values]
    if operator == "IN":
        return 0 in orders
    if operator == "NOT IN":
        return None not in orders and 0 not in orders
    if operator in _ORDERINGS and condition.attribute not in VERSION_ATTRIBUTES and _kind(fact) != "number":
        return False
    return len(orders) == 1 and orders[0] in _HOLDS_WHEN.get(operator, ())


def effective_postures(policy: Policy, src_posture: Sequence[str] | None) -> tuple[str, ...]:
    """Give the postures that sources of a rule must meet one of: its own, else the policy's default; empty: no demand.

    An empty list of its own counts as none, so that the default applies: the stricter of the two readings.
    """
    return tuple(src_posture) if src_posture else policy.default_src_posture


def allowed_by_posture(policy: Policy, src_posture: Sequence[str] | None, facts: Mapping[str, Fact]) -> bool:
    """Tell whether a device with these attributes may use a rule whose `srcPosture` is `src_posture` (None: absent).

    Meeting any one of the postures is enough. An undefined posture is met by nobody.
    """
    wanted = effective_postures(policy, src_posture)
    if not wanted:
        return True
    return any(name in policy.postures and satisfies(policy.postures[name], facts) for name in wanted)


def nodes_allowed_by_posture(policy: Policy, src_posture: Sequence[str] | None, nodes: Sequence[Node]) -> int:
    """Give the nodes that may use a rule, as far as posture goes, as a bit set: bit i is `nodes[i]`.

    Shared-in nodes are not tested, so they always count. Cost: O(nodes), and the conditions once for each distinct set
    of attributes; ask once per distinct `effective_postures`, and not at all where those are empty (then the answer is
    every node).
    """
    wanted = [policy.postures[name] for name in effective_postures(policy, src_posture) if name in policy.postures]
    if not wanted and not effective_postures(policy, src_posture):
        return (1 << len(nodes)) - 1
    allowed = bytearray(len(nodes) // 8 + 1)
    met: dict[object, bool] = {}
    for index, node in enumerate(nodes):
        facts = node.posture
        # WHY the types: `1`, `1.0` and `True` are equal, and no condition takes one for the other.
        key = (*facts.items(), *map(type, facts.values()))
        if key not in met:
            met[key] = any(satisfies(posture, facts) for posture in wanted)
        if node.shared or met[key]:
            allowed[index >> 3] |= 1 << (index & 7)
    return int.from_bytes(allowed, "little")


def compare_versions(left: str, right: str) -> int:
    """Give -1, 0 or 1: how two versions stand to each other.

    Runs of digits are compared as numbers, what is between them as text, and the shorter is the lower. `1.40` equals
    `1.40.0`.
    """
    ours, theirs = _version_parts(left), _version_parts(right)
    return (ours > theirs) - (ours < theirs)


def _version_parts(version: str) -> list[tuple[str, int]]:
    """Give pairs of text and number; one side is empty where a version begins with digits or ends in text."""
    parts: list[tuple[str, int]] = []
    between = ""
    for number, text in _PARTS.findall(_TRAILING_ZEROS.sub("", version.strip())):
        if number:
            parts.append((between, int(number)))
            between = ""
        else:
            between = text
    if between:
        parts.append((between, -1))
    return parts


def _compare(attribute: str, fact: Fact, value: Fact) -> int | None:
    """Give how the fact stands to the value: below, equal or above 0, and None where the two cannot be compared."""
    if _kind(fact) != _kind(value):
        return None
    if attribute in VERSION_ATTRIBUTES and isinstance(fact, str) and isinstance(value, str):
        return compare_versions(fact, value)
    if isinstance(fact, str) and isinstance(value, str):
        return (fact > value) - (fact < value)
    if isinstance(fact, str) or isinstance(value, str):
        return None
    return (fact > value) - (fact < value)


def _kind(value: Fact) -> Literal["string", "boolean", "number"]:
    if isinstance(value, str):
        return "string"
    return "boolean" if isinstance(value, bool) else "number"
