"""The nearest known word."""

from __future__ import annotations

from itertools import product

import pytest

from aclc.diagnostics import did_you_mean


def distance(left: str, right: str) -> int:
    """Give the optimal string alignment distance, as its definition says it."""
    if not left or not right:
        return len(left) + len(right)
    best = min(
        distance(left[:-1], right) + 1,
        distance(left, right[:-1]) + 1,
        distance(left[:-1], right[:-1]) + (left[-1] != right[-1]),
    )
    if len(left) > 1 and len(right) > 1 and left[-1] == right[-2] and left[-2] == right[-1]:
        best = min(best, distance(left[:-2], right[:-2]) + 1)
    return best


SHORT = ["".join(letters) for length in range(1, 5) for letters in product("ab", repeat=length)]


@pytest.mark.parametrize("word", [*SHORT, "abcabc", "bacbac"])
def test_the_nearest_word_is_the_one_with_the_least_edits(word: str) -> None:
    known = [*(each for each in SHORT if each != word), "abcacb", "bcabca", "abbcca"]
    distances = {each: distance(word, each) for each in known}
    least = min(distances.values())
    expected = min(each for each in known if distances[each] == least) if least <= max(1, len(word) // 3) else None
    assert expected == did_you_mean(word, known)


def test_letter_case_does_not_count_and_a_far_word_is_none() -> None:
    assert "Group:Eng" == did_you_mean("group:eng", ["Group:Eng", "group:enx"])
    assert did_you_mean("tailscale.com/cap/drive", ["tailscale.com/cap/kubernetes"]) is None
    assert "autogroup:member" == did_you_mean("autogruop:membre", ["autogroup:admin", "autogroup:member"])
