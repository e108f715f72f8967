"""What rules say about themselves, as part of a line that says where they stand."""

from __future__ import annotations

from aclc.policy.language_document import About
from aclc.reach.difference.causes import Cause

LONGEST_REASON = 160
"""Characters of a reason that are shown."""


def said_text(cause: Cause) -> str:
    """Give what the rule of a cause says about itself: `, owner sre, until 2027-06-30, "redesign"`; empty where it says
    nothing. What the older rule said is told where the newer one does not say the same: `, was: owner web`."""
    if cause.new is None:
        return _words(cause.old_said)
    before = _words(cause.old_said)
    if not before or cause.old_said == cause.new_said:
        return _words(cause.new_said)
    return f"{_words(cause.new_said)}; was: {before.removeprefix(', ')}"


def _words(said: About) -> str:
    owner = f", owner {said.owner}" if said.owner else ""
    until = f", until {said.until}" if said.until is not None else ""
    reason = " ".join(said.because.split())
    if len(reason) > LONGEST_REASON:
        reason = f"{reason[: LONGEST_REASON - 1]}…"
    return f'{owner}{until}, "{reason}"' if reason else f"{owner}{until}"
