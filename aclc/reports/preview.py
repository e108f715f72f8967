"""What a code review of a policy needs to see, as values: the same for every form of the document."""

from __future__ import annotations

import re
from typing import Literal

from aclc.diagnostics import Diagnostic
from aclc.policy.model import Policy
from aclc.reach.difference.diff import Comparison
from aclc.reach.difference.exposure_rows import is_about_guests
from aclc.reach.pictures.picture import OWN_DEVICES, Line, Picture, picture
from aclc.reach.prove.promise_changes import PromiseChange
from aclc.records import NamedTuple
from aclc.reports.diff_blocks import counted, headline

_NUMBER = re.compile(r" \(\d+\)(?=`)")

Mood = Literal["calm", "wary", "gained", "broken"]


class Preview(NamedTuple):
    """A change, read and compared.

    `old`, `new`: the names of the two texts. `policies`: what was read from them. `comparison`: None where one of them
    cannot be read; `trouble` then says so, and else what the reader should know before anything else. `findings`: what
    `aclc check` says of the new one and not of the old one, promises aside. `errors`: how many errors the new one has.
    """

    old: str
    new: str
    policies: tuple[Policy | None, Policy | None]
    comparison: Comparison | None
    trouble: tuple[str, ...]
    promises: tuple[PromiseChange, ...]
    findings: tuple[Diagnostic, ...]
    errors: int

    @property
    def newly_broken(self) -> int:
        """How many promises hold no longer."""
        return sum(each.fate == "newly broken" for each in self.promises)

    @property
    def mood(self) -> Mood:
        """How loudly the document speaks: `wary` where nobody gains anything, and something that guards the policy went
        away, or not everything could be decided."""
        if self.comparison is None or self.errors or self.newly_broken:
            return "broken"
        if self.comparison.diff.gives_access:
            return "gained"
        lost_tests = any(not each.added for each in self.comparison.diff.assertions)
        taken_back = any(each.fate == "taken back" for each in self.promises)
        return "wary" if lost_tests or taken_back or self.comparison.diff.doubts else "calm"


def preview_headline(found: Preview) -> str:
    """Give the one sentence that says it all."""
    if found.comparison is None:
        return "What this change opens and closes cannot be said: a policy cannot be read."
    more = []
    if found.newly_broken:
        more.append(f"{counted(found.newly_broken, 'promise')} newly broken")
    taken = sum(each.fate == "taken back" for each in found.promises)
    if taken:
        more.append(f"{counted(taken, 'promise')} taken back")
    if found.errors:
        more.append(f"{counted(found.errors, 'error')} for which a control plane would refuse it")
    return headline(found.comparison.diff, *more)


def ground_text(found: Preview) -> str:
    """Say what the answer holds for."""
    if found.comparison is None:
        return ""
    setting = found.comparison.setting
    if not setting.everywhere:
        return f"Exact for the tailnet {setting.tailnet.name or 'that was given'}."
    if found.comparison.diff.doubts:
        return "Worked out for every tailnet that this policy could be used on, but for what is named as not covered."
    return "Proven for every tailnet that this policy could be used on, whoever and whatever is in it."


def changed_picture(found: Preview, most: int) -> Picture | None:
    """Draw what changes over the network; None where nothing does."""
    network = found.comparison.diff.network if found.comparison is not None else ()
    rows = [row for row in network if not is_about_guests(row)]
    if not rows:
        return None
    lines = [
        Line(
            row.who.texts,
            (OWN_DEVICES,) if row.part.own else row.what.texts,
            row.part,
            "gained" if row.gained else "lost",
        )
        for row in rows
    ]
    return picture(lines, most)


def without_numbers(message: str) -> str:
    """Give a message about a witness without the number that tells it from its like, which is nothing to a reader."""
    return _NUMBER.sub("", message)
