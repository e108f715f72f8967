"""The fuzzer of the HuJSON readers, a little at a time."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import fuzz_hujson


@given(st.integers(0, 2**64))
def test_laws_hold(seed: int) -> None:
    """The laws at the head of `fuzz_hujson.py` hold for whatever it makes up."""
    random_ = random.Random(seed)
    for _ in range(5):
        fuzz_hujson.check(fuzz_hujson.text(random_))


@given(st.text(max_size=40))
def test_laws_hold_for_any_characters(text: str) -> None:
    """They hold for texts that nobody would take for a policy, too."""
    fuzz_hujson.check(text)
