"""The least a device must show to meet a posture: finitely many assignments of attributes that stand for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

from aclc.policy.model import Posture, PostureCondition
from aclc.resolve.posture import VERSION_ATTRIBUTES, Fact, holds

Facts = tuple[tuple[str, Fact], ...]
"""Attributes that are set, by name; every other one is not."""

MOST_COMBINATIONS = 20_000


def least_facts(tables: Sequence[Mapping[str, Posture]]) -> tuple[Facts, ...] | None:
    """Give devices such that every device meets at least what one of them meets, and for each posture the same among
    those that meet it.

    Args:
        tables: the postures of each policy; equal names in two policies may mean different things.

    Returns:
        The first meets as little as can be. None where the combinations are more than `MOST_COMBINATIONS`.
    """
    by_met = _by_postures_met(tables)
    if by_met is None:
        return None
    kept = dict.fromkeys(_minimal(list(by_met)))
    for at in range(sum(len(table) for table in tables)):
        kept.update(dict.fromkeys(_minimal([met for met in by_met if met >> at & 1])))
    return tuple(by_met[met] for met in sorted(kept, key=lambda met: (met.bit_count(), met)))


def most_facts(tables: Sequence[Mapping[str, Posture]]) -> tuple[Facts, ...] | None:
    """Give devices such that every device meets at most what one of them meets. None as in `least_facts`."""
    by_met = _by_postures_met(tables)
    if by_met is None:
        return None
    return tuple(by_met[met] for met in by_met if not any(other != met and met & ~other == 0 for other in by_met))


def _by_postures_met(tables: Sequence[Mapping[str, Posture]]) -> dict[int, Facts] | None:
    """Give, for each set of postures that a device can meet at once, such a device."""
    postures = [posture for table in tables for posture in table.values()]
    conditions: dict[str, list[PostureCondition]] = {}
    for posture in postures:
        for condition in posture.conditions:
            conditions.setdefault(condition.attribute, []).append(condition)
    choices = [_choices(attribute, found) for attribute, found in sorted(conditions.items())]
    combinations = 1
    for choice in choices:
        combinations *= len(choice)
    if combinations > MOST_COMBINATIONS:
        return None
    by_met: dict[int, Facts] = {}
    for chosen in product(*choices):
        facts = {
            attribute: value for attribute, value in zip(sorted(conditions), chosen, strict=True) if value is not None
        }
        met = sum(
            1 << at
            for at, posture in enumerate(postures)
            if all(holds(condition, facts) for condition in posture.conditions)
        )
        by_met.setdefault(met, tuple(facts.items()))
    return by_met


def _minimal(sets: Sequence[int]) -> list[int]:
    """Give the sets that hold no other one."""
    return [each for each in sets if not any(other != each and other & ~each == 0 for other in sets)]


def _choices(attribute: str, conditions: Sequence[PostureCondition]) -> list[Fact | None]:
    """Give one value (None: not set) for each way in which the conditions on an attribute can come out."""
    found: dict[tuple[bool, ...], Fact | None] = {}
    for value in _candidates(attribute, conditions):
        facts = {} if value is None else {attribute: value}
        found.setdefault(tuple(holds(condition, facts) for condition in conditions), value)
    return list(found.values())


def _candidates(attribute: str, conditions: Sequence[PostureCondition]) -> list[Fact | None]:
    """Give values that come out in every way: not set, each value named, and one in each gap between them."""
    named = list(dict.fromkeys((type(value), value) for condition in conditions for value in condition.values))
    texts = [value for _, value in named if isinstance(value, str)]
    numbers = sorted(value for _, value in named if isinstance(value, (int, float)) and not isinstance(value, bool))
    candidates: list[Fact | None] = [None, *texts, *numbers, True, False]
    if attribute in VERSION_ATTRIBUTES:
        # WHY three: the first two read well, the last is the very next version, so that no gap is too narrow.
        candidates += ["0", *(f"{text}.0.0.0.1" for text in texts), *(f"{text}\0" for text in texts), ""]
    else:
        candidates.append("-".join(["another", *texts]))
    candidates.append(numbers[0] - 1 if numbers else 0)
    candidates += [(low + high) / 2 for low, high in pairwise(numbers)]
    candidates += [number + 1 for number in numbers[-1:]]
    return candidates
