"""A small slice of `make oracles`: the prover says what brute force, z3 and a SAT solver say."""

from __future__ import annotations

import pytest

pytest.importorskip("z3", reason="z3-solver is not installed (extra `dev`)")
pytest.importorskip("pysat", reason="python-sat is not installed (extra `dev`)")

from tests.oracles.agreement import answers

SEEDS = range(100_000, 100_030)
"""Others than the first ones of `make oracles`."""


@pytest.mark.parametrize("first", SEEDS[::10])
def test_the_prover_and_all_oracles_agree(first: int) -> None:
    found = [answer for seed in range(first, first + 10) for answer in answers(seed)]

    assert [] == [each for each in found if not each.agree]
    assert {True, False} == {each.brute for each in found}
