"""Durations as Go reads and prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclc.policy.durations import duration_text, parse_duration


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("0", "0s"),
        ("12h", "12h0m0s"),
        ("168h0m1s", "168h0m1s"),
        ("-1m", "-1m0s"),
        ("+5s", "5s"),
        ("1.5h", "1h30m0s"),
        (".5s", "500ms"),
        ("1.s", "1s"),
        ("1m1m", "2m0s"),
        ("3s1h", "1h0m3s"),
        ("1µs", "1µs"),
        ("1μs", "1µs"),
        ("1us1ns", "1.001µs"),
        ("0.0000000001s", "0s"),
        ("1.000000001s", "1.000000001s"),
        ("-9223372036854775808ns", "-2562047h47m16.854775808s"),
        ("0" * 5000 + "7s", "7s"),
    ],
)
def test_durations(text: str, printed: str) -> None:
    """Read and printed again, a duration has Go's own form."""
    nanoseconds = parse_duration(text)
    assert isinstance(nanoseconds, int)
    assert printed == duration_text(nanoseconds)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("abc", 'time: invalid duration "abc"'),
        ("", 'time: invalid duration ""'),
        ("-", 'time: invalid duration "-"'),
        (" 1h", 'time: invalid duration " 1h"'),
        (".s", 'time: invalid duration ".s"'),
        ("1", 'time: missing unit in duration "1"'),
        ("1h1", 'time: missing unit in duration "1h1"'),
        ("1d", 'time: unknown unit "d" in duration "1d"'),
        ("1 h", 'time: unknown unit " h" in duration "1 h"'),
        ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
        ("3000000000h", 'time: invalid duration "3000000000h"'),
        ('1"', 'time: unknown unit "\\"" in duration "1\\""'),
    ],
)
def test_refusals_have_the_words_of_go(text: str, refusal: str) -> None:
    """The words are those of Go's `time.ParseDuration`."""
    assert refusal == parse_duration(text)


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_every_duration_reads_back(nanoseconds: int) -> None:
    """What is printed is read as the same length."""
    assert nanoseconds == parse_duration(duration_text(nanoseconds))


@given(st.text(alphabet="0123456789.hmsnuµ+- ", max_size=20))
def test_no_text_raises(text: str) -> None:
    """Every text is a length or a refusal."""
    assert isinstance(parse_duration(text), int | str)
