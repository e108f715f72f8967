"""Points in time as nanoseconds since 1970: RFC 3339 text to a number and back, exact to the nanosecond."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])"
    r"(?:\.([0-9]{1,9})[0-9]*)?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))\Z"
)
_EPOCH = date(1970, 1, 1).toordinal()
SECOND = 1_000_000_000
"""Nanoseconds in a second."""


def nanoseconds(text: str) -> int | None:
    """Give the nanoseconds since 1970 that RFC 3339 text spells, or None; an offset must be given (`Z`, `+02:00`)."""
    found = _TIME.match(text)
    if found is None:
        return None
    day, hours, minutes, seconds, fraction, sign, ahead_hours, ahead_minutes = found.groups()
    days = _days(day)
    if days is None:
        return None
    whole = ((days * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)
    if sign:
        ahead = (int(ahead_hours) * 60 + int(ahead_minutes)) * 60
        whole += ahead if sign == "-" else -ahead
    return whole * SECOND + (int(fraction.ljust(9, "0")) if fraction else 0)


@lru_cache(1024)
def _days(day: str) -> int | None:
    """Give the days since 1970, None where the calendar has no such day. Nodes that joined on one day are many."""
    try:
        return date.fromisoformat(day).toordinal() - _EPOCH
    except ValueError:
        return None


def time_text(moment: int) -> str:
    """Give the RFC 3339 text, in UTC, of nanoseconds since 1970; years 1 to 9999."""
    seconds, fraction = divmod(moment, SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    tail = f".{fraction:09}".rstrip("0") if fraction else ""
    return f"{date.fromordinal(days + _EPOCH).isoformat()}T{hour:02}:{minute:02}:{second:02}{tail}Z"
