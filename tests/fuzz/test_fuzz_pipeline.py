"""The fuzzer of the whole pipeline, a little at a time."""

from __future__ import annotations

import random

import pytest

from tests.fuzz import fuzz_pipeline
from tests.fuzz.mutations import spoil_text, spoil_tree


@pytest.mark.parametrize("seed", range(4))
def test_laws_hold(seed: int) -> None:
    """The laws at the head of `fuzz_pipeline.py` hold for generated policies, whole and spoilt."""
    chooser = random.Random(seed)
    compiled = 0
    for world in fuzz_pipeline.generated(seed, 6):
        for case in fuzz_pipeline.spoilt(chooser, fuzz_pipeline.case_of(chooser, world)):
            compiled += fuzz_pipeline.run(case)
    assert compiled


def test_what_breaks_a_law_is_shown_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that do not matter are taken out of a policy that breaks a law."""

    def law(case: fuzz_pipeline.Case) -> bool:
        if "guilty" in case.policy:
            raise fuzz_pipeline.LawError(case.policy)
        return True

    monkeypatch.setattr(fuzz_pipeline, "run", law)
    lines = [f"line {number}\n" for number in range(40)]
    lines[23] = "guilty\n"
    assert fuzz_pipeline.smaller(fuzz_pipeline.Case("".join(lines), "{}")).policy == "guilty\n"


def test_spoiling_leaves_what_it_was_given() -> None:
    """A policy is spoilt in a copy, and the same seed spoils it the same way."""
    policy = {"acls": [{"src": ["a"], "dst": ["b"]}], "groups": {}}
    spoilt = [spoil_tree(random.Random(7), policy) for _ in range(2)]
    assert policy == {"acls": [{"src": ["a"], "dst": ["b"]}], "groups": {}}
    assert spoilt[0] == spoilt[1]
    assert spoil_text(random.Random(3), "{}") == spoil_text(random.Random(3), "{}")
