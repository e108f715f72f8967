"""When a device meets a posture (reference §7.3)."""

from __future__ import annotations

from typing import Any

import pytest

from aclc.policy.model import Posture, PostureCondition
from aclc.resolve.posture import (
    Fact,
    allowed_by_posture,
    compare_versions,
    holds,
    nodes_allowed_by_posture,
    satisfies,
)
from tests.filters.small_tailnets import node, policy

OPERATORS = ("==", "!=", "<", "<=", ">", ">=")


def condition(attribute: str, operator: str, *values: Fact) -> PostureCondition:
    """Give a condition."""
    return PostureCondition(f"{attribute} {operator}", attribute, operator, values)


def holding(attribute: str, fact: Fact | None, value: Fact) -> list[str]:
    """Give the operators that hold between a fact and a value."""
    facts = {} if fact is None else {attribute: fact}
    return [operator for operator in OPERATORS if holds(condition(attribute, operator, value), facts)]


def test_an_attribute_that_is_not_set_fails_everything_but_not_set() -> None:
    assert [] == holding("custom:tier", None, "gold")
    assert not holds(condition("custom:tier", "IN", "gold"), {})
    assert not holds(condition("custom:tier", "NOT IN", "gold"), {})
    assert not holds(condition("custom:tier", "IS SET"), {})
    assert holds(condition("custom:tier", "NOT SET"), {})


def test_an_attribute_that_is_false_or_zero_is_set() -> None:
    for fact in (False, 0, ""):
        assert holds(condition("custom:x", "IS SET"), {"custom:x": fact})
        assert not holds(condition("custom:x", "NOT SET"), {"custom:x": fact})


@pytest.mark.parametrize(
    ("attribute", "fact", "value", "expected"),
    [
        ("node:os", "linux", "linux", ["=="]),
        ("node:os", "linux", "Linux", ["!="]),
        ("node:os", "a", "b", ["!="]),
        ("custom:score", 5, 5.0, ["==", "<=", ">="]),
        ("custom:score", 4.5, 5, ["!=", "<", "<="]),
        ("custom:score", 6, 5, ["!=", ">", ">="]),
        ("node:tsAutoUpdate", True, True, ["=="]),
        ("node:tsAutoUpdate", True, False, ["!="]),
        ("node:tsVersion", "1.100.1", "1.40", ["!=", ">", ">="]),
        ("node:tsVersion", "1.40.0", "1.40", ["==", "<=", ">="]),
        ("node:osVersion", "10.0.9", "10.0.22631", ["!=", "<", "<="]),
    ],
)
def test_comparisons(attribute: str, fact: Fact, value: Fact, expected: list[str]) -> None:
    """Order is for numbers and versions, never for other text or for truth values."""
    assert expected == holding(attribute, fact, value)


@pytest.mark.parametrize(("fact", "value"), [(True, 1), (1, True), ("5", 5), (5, "5"), ("true", True)])
def test_a_value_of_another_type_fails_every_comparison(fact: Fact, value: Fact) -> None:
    assert [] == holding("custom:x", fact, value)
    assert not holds(condition("custom:x", "IN", value), {"custom:x": fact})
    assert not holds(condition("custom:x", "NOT IN", value), {"custom:x": fact})


def test_lists() -> None:
    facts: dict[str, Fact] = {"ip:country": "DE"}
    assert holds(condition("ip:country", "IN", "FR", "DE"), facts)
    assert not holds(condition("ip:country", "IN", "FR"), facts)
    assert not holds(condition("ip:country", "IN"), facts)
    assert holds(condition("ip:country", "NOT IN", "FR"), facts)
    assert holds(condition("ip:country", "NOT IN"), facts)
    assert not holds(condition("ip:country", "NOT IN", "FR", "DE"), facts)


def test_a_condition_that_could_not_be_read_never_holds() -> None:
    assert not holds(condition("node:os", "", "linux"), {"node:os": "linux"})


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.9", "1.10"),
        ("1.40", "1.40.1"),
        ("1.40.2-pre", "1.41"),
        ("13.5.2", "13.10"),
        ("6.1.0-9-amd64", "6.1.0-13-amd64"),
        ("1.40.1", "1.40.1-t12345"),
        ("", "0.1"),
    ],
)
def test_versions_are_compared_part_by_part(lower: str, higher: str) -> None:
    assert [-1, 1] == [compare_versions(lower, higher), compare_versions(higher, lower)]


def test_zeros_at_the_end_of_a_version_do_not_count() -> None:
    assert compare_versions("1.40", "1.40.0.0") == 0
    assert compare_versions("1.400", "1.4") == 1


def test_all_conditions_must_hold() -> None:
    place: Any = None
    both = Posture(place, "posture:x", (condition("node:os", "==", "linux"), condition("custom:x", "IS SET")))
    assert satisfies(both, {"node:os": "linux", "custom:x": 1})
    assert not satisfies(both, {"node:os": "linux"})
    assert satisfies(Posture(place, "posture:none", ()), {})


POSTURES = {"posture:linux": ["node:os == 'linux'"], "posture:mac": ["node:os == 'macos'"]}


def test_any_one_of_the_postures_of_a_rule_is_enough() -> None:
    given = policy(postures=POSTURES)
    either = ("posture:linux", "posture:mac")
    assert [True, True, False, False] == [
        allowed_by_posture(given, either, facts)
        for facts in ({"node:os": "linux"}, {"node:os": "macos"}, {"node:os": "windows"}, {})
    ]


def test_the_default_is_for_rules_without_a_posture_of_their_own() -> None:
    """An empty list is none of its own: docs/decisions/0020."""
    given = policy(postures=POSTURES, defaultSrcPosture=["posture:linux"])
    mac = {"node:os": "macos"}
    assert [False, False, True] == [allowed_by_posture(given, own, mac) for own in (None, (), ("posture:mac",))]


def test_without_any_posture_everybody_is_allowed_and_an_undefined_one_lets_nobody_in() -> None:
    given = policy(postures=POSTURES)
    assert allowed_by_posture(given, None, {})
    assert not allowed_by_posture(given, ("posture:gone",), {"node:os": "linux"})


def test_nodes_that_meet_the_posture_as_a_set() -> None:
    """A node that was shared in is not tested."""
    nodes = [
        node("linux", "100.64.0.1", owner="a@example.com", posture={"node:os": "linux"}),
        node("mac", "100.64.0.2", owner="a@example.com", posture={"node:os": "macos"}),
        node("unknown", "100.64.0.3", owner="a@example.com"),
        node("guest", "100.64.0.4", owner="eve@stranger.net", shared=True),
    ]
    given = policy(postures=POSTURES)
    assert nodes_allowed_by_posture(given, ("posture:linux",), nodes) == 0b1001
    assert nodes_allowed_by_posture(given, ("posture:gone",), nodes) == 0b1000
    assert nodes_allowed_by_posture(given, None, nodes) == 0b1111


def test_equal_facts_of_other_types_are_told_apart() -> None:
    """`1`, `1.0` and `true` are one key of a dictionary, and three facts."""
    given = policy(postures={"posture:on": ["custom:on == true"]})
    facts: tuple[Fact, ...] = (1, True, 1.0, True, "1")
    nodes = [node(str(at), posture={"custom:on": fact}) for at, fact in enumerate(facts)]
    one_by_one = sum(
        1 << at for at, each in enumerate(nodes) if allowed_by_posture(given, ("posture:on",), each.posture)
    )
    assert 0b01010 == one_by_one
    assert one_by_one == nodes_allowed_by_posture(given, ("posture:on",), nodes)
