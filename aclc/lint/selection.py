"""Which rules run, and how bad their findings are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.records import NamedTuple

Profile = Literal["minimal", "default", "strict"]
"""How much is said: what a control plane refuses or cannot have been meant; what is worth reading in most policies;
everything."""

PROFILES: tuple[Profile, ...] = ("minimal", "default", "strict")

REFUSED = frozenset({"SYN", "REF", "VAL", "TST", "POR"})
"""Families whose errors a control plane refuses a policy for."""

UNWRITABLE = frozenset({"LNG"})
"""Families whose errors leave something of a policy in the aclc language out, so that it is written for no control
plane."""


class Selection(NamedTuple):
    """What was asked for.

    `select`: codes, slugs or families (`SEC`) to run besides the profile's; `ignore`: not to run, which wins. Rules of
    the profile `minimal` with severity error always run: what a control plane refuses cannot be ignored.
    `severities`: by code or slug. `known_groups`: groups that are defined outside of the policy, `group:` included.
    `mildest`: what is milder than this is neither looked for nor told.
    """

    profile: Profile = "default"
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = {}
    known_groups: frozenset[str] = frozenset()
    mildest: Severity = Severity.INFO

    def wants(self, code: Code, profile: Profile, worst: Severity) -> bool:
        """Tell whether a rule runs. `worst`: the worst severity of its findings."""
        if worst > self.mildest:
            return False
        if profile == "minimal" and code.severity is Severity.ERROR:
            return True
        if _named(code, self.ignore):
            return False
        return PROFILES.index(profile) <= PROFILES.index(self.profile) or _named(code, self.select)

    def graded(self, found: Diagnostic) -> Diagnostic:
        """Give a finding with the severity that the user's own word gives it."""
        chosen = self.severities.get(found.code.id, self.severities.get(found.code.slug))
        return found if chosen is None or is_fatal(found) else found._replace(severity=chosen)

    def keeps(self, found: Diagnostic) -> bool:
        """Tell whether a finding is to be told of, whichever stage made it."""
        if found.code.slug == "undefined-group" and self.known_groups:
            return not any(shown(name) in found.message for name in self.known_groups)
        return is_fatal(found) or (found.severity <= self.mildest and not _named(found.code, self.ignore))


def is_refused(found: Diagnostic) -> bool:
    """Tell whether a control plane refuses the policy for what was found."""
    return found.severity is Severity.ERROR and found.code.id[:3] in REFUSED


def is_promise(found: Diagnostic) -> bool:
    """Tell whether a finding is about a promise, which no control plane knows."""
    return found.code.id.startswith("PRP")


def is_of_tests(found: Diagnostic) -> bool:
    """Tell whether a finding is about the policy's tests, not about what it means."""
    return found.code.id.startswith("TST")


def is_fatal(found: Diagnostic) -> bool:
    """Tell whether nothing comes of the policy for what was found: a control plane refuses it, or there is nothing that
    could be given to one. Nothing can silence, accept or play down these."""
    return found.severity is Severity.ERROR and found.code.id[:3] in REFUSED | UNWRITABLE


def _named(code: Code, names: frozenset[str]) -> bool:
    return bool(names) and (code.id in names or code.slug in names or code.id.rstrip("0123456789") in names)


ERRORS = Selection(profile="minimal", mildest=Severity.ERROR)
"""What a control plane would refuse, and nothing else: what a question about a policy needs to know."""

DEFAULT = Selection()
