"""`--at`: the day on which a policy is looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

LEFT_OUT = "The policy as it is on this day: rules of the aclc language that end before it are left out."


class DayType(click.ParamType[date]):
    """A day, written as 2026-12-31."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Give the day, or end with how one is written."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date; write it as 2026-12-31.", param, ctx)


def at_option(says: str = LEFT_OUT) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add `--at` to a command, which hands its day `at` on; None where it was not given."""
    return click.option("--at", "at", type=DayType(), metavar="DATE", help=says)


def today() -> date:
    """Give today by the user's own calendar: only warnings may depend on it."""
    return date.today()  # noqa: DTZ011  # the user's own calendar
