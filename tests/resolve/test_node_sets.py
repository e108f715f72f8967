"""Sets of nodes as integers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aclc.resolve.node_sets import indices_of, node_set


@given(st.lists(st.integers(0, 3000), max_size=60) | st.lists(st.integers(0, 30_000), max_size=400))
def test_what_goes_in_comes_out_sorted_and_once(indices: list[int]) -> None:
    assert sorted(set(indices)) == indices_of(node_set(indices))


def test_dense_and_sparse_sets_are_read_alike() -> None:
    for indices in ([], [0], [9999], list(range(9000)), list(range(0, 10000, 700))):
        assert indices == indices_of(node_set(indices))
