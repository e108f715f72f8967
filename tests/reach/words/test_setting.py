"""What questions are asked on, and names that people understand."""

from __future__ import annotations

import pytest

from aclc.reach.population.principals import principal
from aclc.reach.questions.answers import list_answer
from aclc.reach.words.plain_names import plain_name
from aclc.reach.words.setting import setting
from tests.properties.strategies import Json
from tests.reach.engine import policy_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("device of ada@example.com (3)", "device of ada@example.com"),
        ("another device of ada@example.com (4)", "device of ada@example.com"),
        ("shared device of ada@example.com (5)", "device shared in by ada@example.com"),
        ("new device (0)", "device of any other user"),
        ("new tagged node (1)", "node with any other tag"),
        ("outsider's device (2)", "device shared in from outside"),
        ("device of a new it-admin (7)", "device of any it-admin"),
        ("new device at example.org (8)", "device of any user at example.org"),
        ("node with tag:a and tag:b (9)", "node with tag:a and tag:b"),
        ("router tag:vpc (10)", "router with tag:vpc"),
        ("exit (11)", "any exit node"),
        ("new device at a named address (12)", "device of any other user whose address a rule names"),
        ("new device, node:os = linux (13)", "device of any other user, node:os = linux"),
    ],
)
def test_population_names_become_plain_words(name: str, expected: str) -> None:
    assert expected == plain_name(name)


def rows(policy: Json, *, source: str | None = None) -> list[tuple[str, str]]:
    """Give who and what of each row, for every tailnet."""
    read = policy_of(policy)
    asked = [principal(source, read, None)] if source else []
    answer = list_answer(setting([read], None, [each.selector for each in asked]), read, asked, [])
    return [(row.who.words(), row.what.words()) for row in answer.rows]


def test_conditions_of_a_rule_are_part_of_the_name() -> None:
    policy = {
        "tagOwners": {"tag:web": [], "tag:router": []},
        "hosts": {"vpc": "10.0.0.0/8"},
        "postures": {"posture:linux": ["node:os == 'linux'"]},
        "grants": [
            {"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["*"], "srcPosture": ["posture:linux"]},
            {"src": ["autogroup:member"], "dst": ["vpc"], "ip": ["*"], "via": ["tag:router"]},
        ],
    }
    assert [
        ("autogroup:member (if posture:linux)", "tag:web"),
        ("autogroup:member", "vpc (through tag:router)"),
    ] == rows(policy)


def test_a_group_goes_by_its_name_though_a_rule_names_all_members() -> None:
    policy = {
        "groups": {"group:ops": ["ada@example.com"]},
        "tagOwners": {"tag:web": []},
        "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["*"]}],
    }
    assert [("group:ops", "tag:web")] == rows(policy, source="group:ops")
