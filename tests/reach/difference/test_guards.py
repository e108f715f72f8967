"""Rules that ask for less: told with what they ask for, whether another posture will do or one is defined otherwise."""

from __future__ import annotations

import pytest

from aclc.reach.difference.diff import Diff, diff
from aclc.reports.diff_blocks import DiffRow, blocks, headline
from aclc.reports.diff_json import diff_document
from tests.properties.strategies import Json
from tests.reach.engine import policy_of
from tests.reports.schemas import DIFF

STRICT = ["node:os == 'macos'", "node:tsVersion >= '1.60'"]
WAS = " and ".join(STRICT)
OTHERS = {"posture:mac": ["node:os == 'macos'"], "posture:linux": ["node:os == 'linux'"]}


def policy(asked: list[str], conditions: list[str], *destinations: str, **more: Json) -> Json:
    rules = [
        {"src": ["group:eng"], "dst": [name], "ip": ["tcp:443"], "srcPosture": asked}
        for name in destinations or ["tag:web"]
    ]
    return {
        "groups": {"group:eng": ["a@x.com", "b@x.com"]},
        "tagOwners": {"tag:web": [], "tag:db": []},
        "postures": {"posture:p": conditions, **OTHERS},
        "grants": rules,
        **more,
    }


def changed(old: Json, new: Json) -> Diff:
    return diff(policy_of(old), policy_of(new))


def told(found: Diff) -> list[DiffRow]:
    return [row for block in blocks(found) if block.key == "guards" for row in block.rows]


BASE = policy(["posture:p"], STRICT)


@pytest.mark.parametrize(
    ("new", "asked"),
    [
        (policy([], STRICT), "nothing, before: posture:p"),
        (policy(["posture:p", "posture:linux"], STRICT), "posture:p or posture:linux, before: posture:p"),
        (policy(["posture:mac"], STRICT), "posture:mac, before: posture:p"),
        (
            policy(["posture:p"], ["node:os == 'macos'", "node:tsVersion >= '1.50'"]),
            f"posture:p = node:os == 'macos' and node:tsVersion >= '1.50', before: {WAS}",
        ),
        (
            policy(["posture:p"], ["node:os IN ['macos', 'linux']", "node:tsVersion >= '1.60'"]),
            f"posture:p = node:os IN ['macos', 'linux'] and node:tsVersion >= '1.60', before: {WAS}",
        ),
        (
            policy(["posture:p", "posture:linux"], STRICT[:1]),
            f"posture:p or posture:linux, before: posture:p; posture:p = node:os == 'macos', before: {WAS}",
        ),
    ],
)
def test_a_rule_that_asks_for_less_is_told_with_what_it_asks_for(new: Json, asked: str) -> None:
    found = changed(BASE, new)

    assert [("loosens", ("group:eng",), ("tag:web",), asked)] == [
        (row.sense, row.who, row.what, row.on) for row in told(found)
    ]
    assert found.gives_access
    DIFF.validate(diff_document(found))


@pytest.mark.parametrize(
    "new",
    [
        policy(["posture:p"], [*STRICT, "node:isEncrypted == true"]),
        policy(["posture:p"], ["node:tsVersion >= '1.70'", "node:os == 'macos'"]),
        policy(["posture:p"], STRICT[::-1]),
    ],
)
def test_a_rule_that_asks_for_more_or_the_same_is_not(new: Json) -> None:
    assert [] == told(changed(BASE, new))


def test_another_posture_that_asks_for_more_is_not_less() -> None:
    assert [] == told(changed(policy(["posture:mac"], STRICT), BASE))


def test_a_posture_is_told_once_for_all_rules_that_ask_for_it_and_not_as_a_setting() -> None:
    old, new = (policy(["posture:p"], STRICT[:most], "tag:web", "tag:db") for most in (2, 1))
    found = changed(old, new)

    assert [(("group:eng",), ("tag:web", "tag:db"))] == [(row.who, row.what) for row in told(found)]
    assert "settings" not in [block.key for block in blocks(found)]
    assert headline(found).endswith("; a posture asks for less.")
    assert [["tag:web"], ["tag:db"]] == [each["what"] for each in diff_document(found)["posture_removed"]]
    assert ["postures.posture:p"] == [each["key"] for each in diff_document(found)["settings"]]


def test_a_posture_that_no_rule_asks_for_stays_a_setting() -> None:
    found = changed(policy([], STRICT), policy([], STRICT[:1]))

    assert ["settings"] == [block.key for block in blocks(found)]


def test_what_cannot_be_gone_through_counts_as_less_where_the_words_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aclc.reach.difference.guards.least_facts", lambda _tables: None)
    stricter = policy(["posture:p"], [*STRICT, "node:isEncrypted == true"])

    assert 1 == len(told(changed(BASE, stricter)))
    assert [] == told(changed(BASE, BASE))
