"""A name of addresses in an answer means all of them, also where rules name only a part of them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aclc.cli.asking import Question, ask
from aclc.policy.model import Policy
from aclc.reach.difference.diff import diff
from aclc.reach.questions.answers import matrix_answer
from aclc.reach.questions.selector_matrix import vocabulary
from aclc.reach.words.setting import setting
from tests.properties.strategies import of_worlds
from tests.reach.engine import policy_of, tailnet_of

HOSTS = {"all": "192.168.0.0/16", "hq": "192.168.1.0/24", "half": "192.168.1.0/25", "nas": "192.168.1.10"}
INSIDE = {
    "all": ("192.168.0.1", "192.168.1.10", "192.168.1.11", "192.168.1.200", "192.168.255.255"),
    "hq": ("192.168.1.0", "192.168.1.10", "192.168.1.11", "192.168.1.200"),
    "half": ("192.168.1.0", "192.168.1.10", "192.168.1.11"),
    "nas": ("192.168.1.10",),
}
"""Addresses of each, on both sides of whatever lies inside it."""

PORTS = (22, 445)
WHO = ("group:ops", "group:dev")


@st.composite
def rules(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        {
            "src": [draw(st.sampled_from(WHO))],
            "dst": [draw(st.sampled_from([*HOSTS, "*", "192.168.1.0/24"]))],
            "ip": draw(st.sampled_from([["22"], ["445"], ["22", "445"]])),
        }
        for _ in range(draw(st.integers(1, 3)))
    ]


def made(grants: list[dict[str, Any]]) -> Policy:
    groups = {"group:ops": ["a@example.com"], "group:dev": ["b@example.com"]}
    return policy_of({"groups": groups, "hosts": HOSTS, "grants": grants})


def is_open(policy: Policy, who: str, address: str, port: int) -> bool:
    return ask(policy, Question(who, address, 6, port, None, None, {})).answer.verdict == "yes"


def means(text: str, address: str) -> bool:
    """Tell whether words for a network, maybe with exceptions, hold an address."""
    words, _, excepted = text.partition(" except ")
    return any(holds(each, address) for each in items(words)) and not any(
        holds(each, address) for each in items(excepted)
    )


def items(words: str) -> list[str]:
    return [each for each in words.replace(" and ", ", ").split(", ") if each]


def holds(word: str, address: str) -> bool:
    if word == "*":
        return True
    text = HOSTS.get(word, word.removesuffix(")").partition(" (")[0])
    first, dash, last = text.partition("-")
    if dash:
        return IPv4Address(first) <= IPv4Address(address) <= IPv4Address(last)
    return IPv4Address(address) in IPv4Network(text)


@of_worlds
@given(old=rules(), new=rules())
def test_rows_are_true_of_every_address_that_they_name(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    """What is gained is open under the new policy and was closed under the old one; and nothing else is."""
    before, after = made(old), made(new)
    rows = diff(before, after, detail="exact").network
    for who in WHO:
        for port in PORTS:
            for address in INSIDE["all"]:
                was, now = (is_open(policy, who, address, port) for policy in (before, after))
                told = {
                    row.gained
                    for row in rows
                    if who in row.who.texts
                    and any(protocol == 6 and first <= port <= last for protocol, first, last in row.part.services)
                    and any(means(text, address) for text in row.what.texts)
                }
                assert ({now} if was != now else set()) == told, (who, port, address, [row.what for row in rows])


@of_worlds
@given(grants=rules())
def test_a_cell_of_a_host_is_true_of_all_of_it(grants: list[dict[str, Any]]) -> None:
    policy = made(grants)
    answer = matrix_answer(setting([policy], None), policy, [], [])
    for row in answer.rows:
        for column, cell in zip(answer.columns, row.cells, strict=True):
            if row.name in WHO and column in HOSTS:
                for port in PORTS:
                    said = [is_open(policy, row.name, address, port) for address in INSIDE[column]]
                    every, some = (
                        any(p == 6 and a <= port <= b for p, a, b in each) for each in (cell.every, cell.some)
                    )
                    assert (all(said), any(said)) == (every, some), (row.name, column, port, cell)


def test_a_host_that_no_rule_names_is_a_column_where_one_with_its_addresses_is_named() -> None:
    named = {"src": ["group:ops"], "dst": ["192.168.1.0/24"], "ip": ["22"]}
    _, right = vocabulary(setting([made([named])], None).view(made([named])))

    assert ["hq"] == [each.name for each in right if each.kind == "host"]


def test_on_a_tailnet_a_host_is_named_where_a_route_ends_as_it_does() -> None:
    node = {"name": "router", "addresses": ["100.64.0.1"], "tags": ["tag:r"]}
    policy = policy_of({"tagOwners": {"tag:r": []}, "hosts": HOSTS, "grants": []})
    for route, expected in (("192.168.1.0/24", ["hq"]), ("192.168.0.0/16", ["all"]), ("192.168.0.0/23", [])):
        tailnet = tailnet_of({"nodes": [{**node, "advertised_routes": [route], "approved_routes": [route]}]})
        view = setting([policy], tailnet).view(policy)
        _, right = vocabulary(view)

        assert expected == [each.name for each in right if each.kind == "host"], route
