"""Durations as Go reads and prints them: `1h30m`, `1.5h`, `-300ms`."""

from __future__ import annotations

import re

from aclc.dialects.go_text import go_quoted

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,  # U+00B5
    "μs": 1_000,  # U+03BC
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_LARGEST = 1 << 63
_PART = re.compile(r"([0-9]*)(\.?)([0-9]*)([^.0-9]*)")


def parse_duration(text: str) -> int | str:
    """Give the nanoseconds that `text` stands for, or Go's words for what is wrong with it.

    As `time.ParseDuration` of Go: optional sign, then numbers with optional fraction and a unit each (ns us ms s m h),
    any order and repeats; `0` alone needs no unit; at most ±2^63 ns; what a fraction has beyond a nanosecond is
    dropped.
    """
    invalid = f"time: invalid duration {go_quoted(text)}"
    negative = text.startswith("-")
    rest = text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0
    if not rest:
        return invalid
    total = 0
    at = 0
    while at < len(rest):
        part = _PART.match(rest, at)
        assert part is not None  # every group may be empty
        whole, _, fraction, unit = part.groups()
        if not whole and not fraction:
            return invalid
        whole = whole.lstrip("0") or "0"
        if len(whole) > len(str(_LARGEST)) or int(whole) > _LARGEST:
            return invalid
        if not unit:
            return f"time: missing unit in duration {go_quoted(text)}"
        scale = _UNITS.get(unit)
        if scale is None:
            return f"time: unknown unit {go_quoted(unit)} in duration {go_quoted(text)}"
        digits = fraction[:18]  # more cannot change the nanoseconds of an hour
        total += int(whole) * scale + (int(digits) * scale // 10 ** len(digits) if digits else 0)
        if total > _LARGEST:
            return invalid
        at = part.end()
    if negative:
        return -total
    return invalid if total == _LARGEST else total


def duration_text(nanoseconds: int) -> str:
    """Give a duration as Go prints it: `168h0m1s`, `1m0s`, `1.5s`, `300ms`, `0s`."""
    sign = "-" if nanoseconds < 0 else ""
    left = abs(nanoseconds)
    if left == 0:
        return "0s"
    if left < 1_000_000_000:
        for unit in ("ms", "µs", "ns"):
            if left >= _UNITS[unit]:
                return f"{sign}{_decimal(left, _UNITS[unit])}{unit}"
    seconds = left % _UNITS["m"]
    minutes, hours = left // _UNITS["m"] % 60, left // _UNITS["h"]
    text = f"{_decimal(seconds, _UNITS['s'])}s"
    if minutes or hours:
        text = f"{minutes}m{text}"
    if hours:
        text = f"{hours}h{text}"
    return sign + text


def _decimal(amount: int, scale: int) -> str:
    """Give amount ÷ scale, a power of ten, without trailing zeros."""
    whole, rest = divmod(amount, scale)
    if not rest:
        return str(whole)
    digits = str(rest).rjust(len(str(scale)) - 1, "0").rstrip("0")
    return f"{whole}.{digits}"
