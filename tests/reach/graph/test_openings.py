"""Sources that may differ, numbered anew = the same sets as they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.reach.graph.openings import SPARSE, Moved
from aclc.resolve.node_sets import node_set

numbers = st.lists(st.integers(0, 20_000), max_size=40)


@given(moved=numbers, sets=st.lists(numbers, max_size=3))
def test_sets_of_moved_sources_come_back_as_they_were(moved: list[int], sets: list[list[int]]) -> None:
    sources = node_set(moved)
    found = Moved(sources)
    packed = [found.packed(node_set([*each, *moved[at::3]])) for at, each in enumerate(sets)]
    expected = [node_set([*each, *moved[at::3]]) & sources for at, each in enumerate(sets)]
    assert expected == [found.unpacked(each) for each in packed]
    together = 0
    for each in packed:
        together |= each
    assert node_set([at for each in sets for at in each] + [at for n in range(len(sets)) for at in moved[n::3]]) & (
        sources
    ) == found.unpacked(together)


def test_few_among_many_are_numbered_without_the_octets_between_them() -> None:
    far = node_set([at * (SPARSE + 1) * 8 for at in range(40)])
    near = node_set([at * (SPARSE - 1) * 8 for at in range(40)])
    assert node_set([at * 8 for at in range(40)]) == Moved(far).packed(far)
    assert near == Moved(near).packed(near)
