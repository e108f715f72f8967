"""Every kind of finding that aclc knows, with its page: those of rules, and those that the other stages report."""

from __future__ import annotations

import re
from collections.abc import Collection, Container
from functools import cache

from aclc.diagnostics import Severity
from aclc.lint.registry import listed_rules, policy_rules, rules_of
from aclc.lint.rule import PolicyRule
from aclc.lint.selection import Profile
from aclc.records import NamedTuple

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
        return _family(self.id)

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
    rules = [_of_rule(rule) for rule in policy_rules()]
    taken = {entry.id for entry in rules}
    order = [*FAMILIES]
    return tuple(sorted([*rules, *_of_stages(taken)], key=lambda entry: (order.index(entry.family), entry.id)))


def _of_rule(rule: PolicyRule) -> Entry:
    return Entry(rule.code.id, rule.code.slug, rule.code.severity, rule.doc.strip(), rule.profile)


def _of_stages(taken: Container[str]) -> list[Entry]:
    """Give the findings of stages other than the rules, without those that a rule makes, too."""
    # WHY not at the head: most findings are those of rules, and start-up time counts.
    from aclc.lint.pages import PAGES

    return [
        Entry(page.id, page.slug, Severity[page.severity.upper()], page.text, None)
        for page in PAGES
        if page.id not in taken
    ]


def reasons(ids: Collection[str]) -> dict[str, str]:
    """Give code → why such a finding matters, for some codes, without those that say no more than that a control plane
    refuses it, and those about tailnet files, whose advice says it. Cost: imports their rules."""
    entries = [_of_rule(rule) for rule in rules_of(ids)]
    told = {entry.id for entry in entries}
    if not told.issuperset(ids):
        entries += (entry for entry in _of_stages(told) if entry.id in ids)
    return {entry.id: entry.why for entry in entries if entry.family != "TLN" and not _REFUSED.fullmatch(entry.why)}


@cache
def rule_names() -> frozenset[str]:
    """Give every name that findings may be chosen by: codes, slugs, families."""
    codes = [rule.code[:2] for rule in listed_rules()]
    codes += (entry[:2] for entry in _of_stages(()))
    return frozenset(name for code, slug in codes for name in (code, slug, _family(code)))


def _family(code: str) -> str:
    return code.rstrip("0123456789")
