"""Who may newly have routes approved: held against asking about each person, tag and network by itself."""

from __future__ import annotations

from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from aclc.reach.difference.power_rows import PowerRow, approval_rows
from tests.properties.strategies import Json
from tests.reach.engine import policy_of

GROUPS = {"group:eng": ["a@example.com", "b@example.com"], "group:one": ["a@example.com"], "group:nobody": []}
WHO = ("a@example.com", "b@example.com", "c@example.com", "tag:r")
APPROVERS = (*WHO, *GROUPS, "autogroup:member")
NETWORKS = ("10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16", "10.1.2.0/24", "0.0.0.0/0", "fd00::/8")


@st.composite
def routes(draw: st.DrawFn) -> dict[str, list[str]]:
    approvers = st.lists(st.sampled_from(APPROVERS), max_size=3, unique=True)
    return draw(st.dictionaries(st.sampled_from(NETWORKS), approvers, max_size=4))


def rows_of(old: Json, new: Json) -> tuple[PowerRow, ...]:
    before, after = (
        policy_of({"groups": GROUPS, "tagOwners": {"tag:r": []}, "grants": [], "autoApprovers": {"routes": each}})
        for each in (old, new)
    )
    return approval_rows(before, after)


def means(approver: str, who: str) -> bool:
    """Tell whether an approver means a person or a tag."""
    return who == approver or who in GROUPS.get(approver, ()) or (approver == "autogroup:member" and "@" in who)


def covers(wide: str, narrow: str) -> bool:
    one, other = ip_network(wide), ip_network(narrow)
    first, last = int(one.network_address), int(one.broadcast_address)
    return one.version == other.version and first <= int(other.network_address) <= int(other.broadcast_address) <= last


def approved(written: dict[str, list[str]], who: str, network: str) -> bool:
    return any(
        covers(key, network) and any(means(each, who) for each in approvers) for key, approvers in written.items()
    )


@given(old=routes(), new=routes())
def test_rows_say_what_each_may_newly_offer(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    rows = rows_of(old, new)
    for who in WHO:
        for network in {*old, *new}:
            mine = [
                row
                for row in rows
                if any(means(each, who) for each in row.who)
                and who not in row.apart
                and any(covers(power, network) for power in row.powers)
                and not any(covers(each, network) for each in row.kept)
            ]
            before, after = approved(old, who, network), approved(new, who, network)
            if before != after:
                assert {after} == {row.gained for row in mine}, (who, network, rows)


@given(old=routes(), new=routes())
def test_what_a_row_names_does_change(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    for row in rows_of(old, new):
        people = [who for who in WHO if any(means(each, who) for each in row.who) and who not in row.apart]
        for power in row.powers:
            before = [approved(old, who, power) for who in people]
            after = [approved(new, who, power) for who in people]
            assert (before, after) == ([not row.gained] * len(people), [row.gained] * len(people)) or (
                "autogroup:member" in row.who
            ), row
            for part in row.kept:
                assert all(approved(old, who, part) and approved(new, who, part) for who in people)


def test_a_wider_network_takes_nothing_away() -> None:
    narrow, wide = {"10.9.0.0/24": ["tag:r"]}, {"10.0.0.0/8": ["tag:r", "group:eng"]}

    assert [(True, ("group:eng",), ("10.0.0.0/8",), ()), (True, ("tag:r",), ("10.0.0.0/8",), ("10.9.0.0/24",))] == [
        (row.gained, row.who, row.powers, row.kept) for row in rows_of(narrow, wide)
    ]
    assert [(False, ("group:eng",), ("10.0.0.0/8",), ()), (False, ("tag:r",), ("10.0.0.0/8",), ("10.9.0.0/24",))] == [
        (row.gained, row.who, row.powers, row.kept) for row in rows_of(wide, narrow)
    ]


def test_an_approver_written_at_a_wider_network_adds_nothing_at_a_part() -> None:
    wide = {"10.0.0.0/8": ["group:eng"]}

    assert () == rows_of(wide, {**wide, "10.9.0.0/24": ["group:eng", "a@example.com"]})
