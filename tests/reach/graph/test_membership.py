"""Sets by what they hold = sets looked through one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.reach.graph.membership import Membership, Twins
from aclc.resolve.node_sets import indices_of, node_set

small_sets = st.lists(st.integers(0, 1 << 12), max_size=12)


@given(sets=small_sets, members=st.integers(0, 1 << 14))
def test_members_are_found_where_they_are(sets: list[int], members: int) -> None:
    found = Membership(sets)
    for member in range(15):
        assert node_set([at for at, each in enumerate(sets) if each >> member & 1]) == found.at(member)
    ends = [member for member in (members & -members, 1 << members.bit_length() >> 1) if member]
    held = node_set([at for at, each in enumerate(sets) if all(each & end for end in ends)])
    assert held == found.at_ends(members)
    assert not held & ~found.at_ends(members, few=3)
    assert held == found.at_ends(members, few=3) or found.at_ends(members, few=3).bit_count() <= 3


@given(sets=small_sets, members=st.integers(0, 1 << 14))
def test_classes_hold_whatever_the_same_sets_hold(sets: list[int], members: int) -> None:
    expected: dict[tuple[int, ...], list[int]] = {}
    for member in indices_of(members):
        holding = tuple(at for at, each in enumerate(sets) if each >> member & 1)
        expected.setdefault(holding, []).append(member)
    assert list(expected.items()) == list(Membership(sets).classes(members))
    as_integers = [(node_set(holding), found) for holding, found in expected.items()]
    assert as_integers == list(Membership(sets).kinds(members))


@given(
    halves=st.lists(st.tuples(st.integers(0, 255), st.booleans(), st.integers(0, 1 << 20)), max_size=5),
    apart=st.integers(0, 255),
)
def test_twins_are_looked_at_once_and_come_back_both(halves: list[tuple[int, bool, int]], apart: int) -> None:
    """Numbers 0 to 7 have twins 8 to 15; what is above has none."""
    sets = [half | (half ^ (apart if differs else 0)) << 8 | above << 16 for half, differs, above in halves]
    members = 0
    for each in sets:
        members |= each
    twins = Twins([members, *sets], 8)
    assert sets == [twins.both(twins.one(each)) for each in sets]
    expected = {holding: node_set(found) for holding, found in Membership(sets).classes(members)}
    once = Membership([twins.one(each) for each in sets]).classes(twins.one(members))
    classes = list(once)
    assert expected == {holding: twins.both(node_set(found)) for holding, found in classes}
    assert expected == {holding: node_set(twins.listed(found)) for holding, found in classes}
    if not any(differs for _, differs, _ in halves):
        assert not twins.one(members) >> 8 & 255
