"""`except` and `within`: what is left is exactly what is meant, and what cannot be said is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.net import IpSet, parse_prefix
from tests.policy.language_texts import findings, value_of

NAMES = """
group eng = alice@x.com, bob@x.com, carol@x.com
group ops = carol@x.com, dan@x.com
host lan = 10.0.0.0/16
host printer = 10.0.1.9
ipset all = 10.0.0.0/16, remove 10.0.9.0/24
tag web
tag db
"""


def sources(what: str) -> list[str]:
    """Give the sources that a rule has after lowering."""
    value: Any = value_of(f"{NAMES}allow {what} -> tag web on any")["grants"][0]["src"]
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("eng except carol@x.com", ["alice@x.com", "bob@x.com"]),
        ("eng except ops", ["alice@x.com", "bob@x.com"]),
        ("eng, ops except bob@x.com", ["alice@x.com", "carol@x.com", "group:ops"]),
        ("eng except dan@x.com", ["group:eng"]),
        ("eng except Carol@X.com", ["alice@x.com", "bob@x.com"]),
        ("eng, ops except eng", ["dan@x.com"]),
        ("eng within ops", ["carol@x.com"]),
        ("eng, ops within ops", ["carol@x.com", "group:ops"]),
        ("eng within ops, alice@x.com except carol@x.com", ["alice@x.com"]),
        ("eng, tag web except carol@x.com", ["alice@x.com", "bob@x.com", "tag:web"]),
        ("lan except 10.0.128.0/17", ["10.0.0.0/17"]),
        ("10.0.0.0/8 within lan", ["10.0.0.0/16"]),
    ],
)
def test_what_is_left_is_named(what: str, expected: list[str]) -> None:
    assert expected == sources(what)


@pytest.mark.parametrize(
    ("what", "kept", "gone"),
    [
        ("lan except printer", "10.0.0.0/16", "10.0.1.9"),
        ("lan within ipset:all", "10.0.0.0/16", "10.0.9.0/24"),
    ],
)
def test_addresses_are_cut_up(what: str, kept: str, gone: str) -> None:
    left, whole, hole = (
        IpSet.of(*(prefix for text in texts if (prefix := parse_prefix(text))))
        for texts in (sources(what), [kept], [gone])
    )
    assert whole - hole == left


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("any except alice@x.com", "a policy cannot tell which devices both of them mean"),
        ("member except alice@x.com", "who that is, is a fact of the tailnet, not of the policy"),
        ("admin within eng", "who that is, is a fact of the tailnet, not of the policy"),
        ("tag web except tag db", "a machine may carry any tags, and rules cannot ask for two"),
        ("tag web within tag db", "a machine may carry any tags, and rules cannot ask for two"),
        ("eng except lan", "a policy cannot tell which devices both of them mean"),
        ("lan except eng", "a policy cannot tell which devices both of them mean"),
        ("tag web except 10.0.0.1", "a policy cannot tell which devices both of them mean"),
        ("shared except eng", "a policy cannot tell which devices both of them mean"),
        ("group:scim except alice@x.com", "who that is, is a fact of the tailnet, not of the policy"),
    ],
)
def test_what_cannot_be_said_is_refused(what: str, why: str) -> None:
    found = [message for code, _, message in findings(f"{NAMES}allow {what} -> tag web on any") if code == "LNG017"]
    assert [why] == [message.rpartition(": ")[2] for message in found]


@pytest.mark.parametrize(
    "what", ["eng except eng", "eng except alice@x.com, bob@x.com, carol@x.com", "eng within dan@x.com"]
)
def test_a_rule_for_nobody_is_an_error(what: str) -> None:
    assert ["LNG019"] == [
        code for code, _, _ in findings(f"{NAMES}allow {what} -> tag web on any") if code[:3] == "LNG"
    ]


def test_an_except_that_takes_nothing_away_is_told() -> None:
    found = findings(f"{NAMES}allow eng except crol@x.com -> tag web on any")
    assert [("LNG018", "crol@x.com", "except `crol@x.com` takes nothing away")] == found


def test_groups_are_made_of_groups() -> None:
    text = f"{NAMES}group both = eng, ops except bob@x.com\ngroup more = both, erin@x.com"
    groups = value_of(text)["groups"]
    assert ["alice@x.com", "carol@x.com", "dan@x.com"] == groups["group:both"]
    assert ["alice@x.com", "carol@x.com", "dan@x.com", "erin@x.com"] == groups["group:more"]


def test_a_group_that_is_made_of_itself_is_an_error() -> None:
    found = findings("group a = b, x@y.z\ngroup b = c\ngroup c = a")
    assert [("LNG022", "a", "group `a` is made from itself")] == [each for each in found if each[0] == "LNG022"]


LOGINS = st.lists(st.sampled_from(["a@x.y", "b@x.y", "c@x.y", "d@x.y"]), unique=True, min_size=1)


@given(LOGINS, LOGINS, LOGINS)
def test_people_are_those_of_python_sets(one: list[str], other: list[str], out: list[str]) -> None:
    text = f"group one = {', '.join(one)}\ngroup other = {', '.join(other)}\ngroup out = {', '.join(out)}\n"
    value = value_of(f"{text}group left = one within other except out")["groups"]["group:left"]
    assert [login for login in one if login in other and login not in out] == value


NETWORKS = st.builds("10.{}.{}.0/{}".format, st.integers(0, 3), st.just(0), st.sampled_from([8 + 7, 16, 17]))


@given(NETWORKS, NETWORKS)
def test_addresses_are_those_of_address_sets(one: str, other: str) -> None:
    left, right = (IpSet.of(prefix) for text in (one, other) if (prefix := parse_prefix(text)))
    text = f"allow any -> {one} except {other} on any"
    if not left - right:
        assert "LNG019" in [code for code, _, _ in findings(text)]
        return
    found = value_of(text)["grants"][0]["dst"]
    named = IpSet.of(*(prefix for each in found if (prefix := parse_prefix(each))))
    assert left - right == named
