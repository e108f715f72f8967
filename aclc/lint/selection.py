"""Which rules run, and how bad their findings are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from aclc.diagnostics import Code, Severity

Profile = Literal["minimal", "default", "strict"]
"""How much is said: what a control plane refuses or cannot have been meant; what is worth reading in most policies;
everything."""

PROFILES: tuple[Profile, ...] = ("minimal", "default", "strict")


class Selection(NamedTuple):
    """The rules that were asked for.

    `select`: codes, slugs or families (`SEC`) to run besides the profile's; `ignore`: not to run, which wins. Rules of
    the profile `minimal` with severity error always run: what a control plane refuses cannot be ignored. `severities`:
    by code or slug.
    """

    profile: Profile = "default"
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = {}

    def wants(self, code: Code, profile: Profile) -> bool:
        """Tell whether a rule runs."""
        if profile == "minimal" and code.severity is Severity.ERROR:
            return True
        if _named(code, self.ignore):
            return False
        return PROFILES.index(profile) <= PROFILES.index(self.profile) or _named(code, self.select)

    def severity(self, code: Code, severity: Severity) -> Severity:
        """Give how bad a finding of a rule is, once the user's own word is heard."""
        return self.severities.get(code.id, self.severities.get(code.slug, severity))


def _named(code: Code, names: frozenset[str]) -> bool:
    return bool(names) and (code.id in names or code.slug in names or code.id.rstrip("0123456789") in names)


DEFAULT = Selection()
