"""Every kind of finding that aclc knows, with its page: those of rules, and those that the other stages report."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from aclc.diagnostics import Severity
from aclc.lint.pages import PAGES
from aclc.lint.registry import policy_rules
from aclc.lint.selection import Profile

FAMILIES = {
    "SYN": "Syntax and shape",
    "REF": "Names",
    "VAL": "Values",
    "DEAD": "Dead weight",
    "RED": "Redundancy",
    "SEC": "Security",
    "NET": "Routes and network",
    "TST": "Tests",
    "PRP": "Promises",
    "MIG": "Migration",
    "POR": "Portability",
    "OPS": "Operation",
    "LNG": "aclc's own language",
    "TLN": "Tailnet files",
    "BKD": "Back ends",
    "CFG": "Configuration",
}
"""Letters that a code begins with → what its family is about, in the order that lists have."""


WHY = "Why is this bad?"
"""The heading of a page under which the reason stands."""


_REFUSED = re.compile(r"(?:The control plane refuses (?:it|the file)\.)?")


class Entry(NamedTuple):
    """One kind of finding. `page`: Markdown below the title. `profile`: the smallest one it is reported in; None for
    findings that no profile leaves out, since no rule makes them."""

    id: str
    slug: str
    severity: Severity
    page: str
    profile: Profile | None

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.id.rstrip("0123456789")

    @property
    def summary(self) -> str:
        """What is found, in one sentence."""
        return " ".join(self.page.split("\n\n", 1)[0].split())

    @property
    def why(self) -> str:
        """Why it matters, in a few sentences; empty where the message says it."""
        _, _, rest = self.page.partition(f"## {WHY}\n")
        return " ".join(rest.strip().split("\n\n", 1)[0].split())


@cache
def catalogue() -> tuple[Entry, ...]:
    """Give every kind of finding, by family and code. Cost: imports all rules."""
    rules = [
        Entry(rule.code.id, rule.code.slug, rule.code.severity, rule.doc.strip(), rule.profile)
        for rule in policy_rules()
    ]
    taken = {entry.id for entry in rules}
    stages = [
        Entry(page.id, page.slug, Severity[page.severity.upper()], page.text, None)
        for page in PAGES
        if page.id not in taken
    ]
    order = [*FAMILIES]
    return tuple(sorted([*rules, *stages], key=lambda entry: (order.index(entry.family), entry.id)))


@cache
def reasons() -> dict[str, str]:
    """Give code → why such a finding matters, without those that say no more than that a control plane refuses it, and
    those about tailnet files, whose advice says it."""
    return {entry.id: entry.why for entry in catalogue() if entry.family != "TLN" and not _REFUSED.fullmatch(entry.why)}


@cache
def rule_names() -> frozenset[str]:
    """Give every name that findings may be chosen by: codes, slugs, families."""
    entries = catalogue()
    return frozenset(
        [*(each.id for each in entries), *(each.slug for each in entries), *(each.family for each in entries)]
    )
