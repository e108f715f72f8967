"""Every rule there is: a module in `aclc/lint/rules` is one, and nothing else has to be told of it.

What the index says of a rule lets its module stay unread where it does not run. A rule that the index does not know yet
runs all the same.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable
from functools import cache
from importlib import import_module

from aclc.diagnostics import Code, Severity
from aclc.lint import rules
from aclc.lint.rule import PolicyRule
from aclc.lint.rule_index import INDEX
from aclc.lint.selection import Profile, Selection
from aclc.records import NamedTuple


class Listed(NamedTuple):
    """A rule that may not have been imported yet. `worst`: the worst severity of its findings."""

    module: str
    code: Code
    profile: Profile
    worst: Severity


@cache
def listed_rules() -> tuple[Listed, ...]:
    """Give what there is to choose from, by code. Cost: imports only rules that the index lacks."""
    found = [_from_index(name) if name in INDEX else _from_module(name) for name in _modules()]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.code.id))


def policy_rules() -> tuple[PolicyRule, ...]:
    """Give the rules over a policy, by code. Cost: imports all of them."""
    return _loaded(listed_rules())


def chosen_rules(selection: Selection) -> tuple[PolicyRule, ...]:
    """Give the rules that run for a selection, by code. Cost: imports those."""
    return _loaded(each for each in listed_rules() if selection.wants(each.code, each.profile, each.worst))


def rules_of(ids: Container[str]) -> tuple[PolicyRule, ...]:
    """Give the rules that have one of some codes, by code. Cost: imports those."""
    return _loaded(each for each in listed_rules() if each.code.id in ids)


def _loaded(chosen: Iterable[Listed]) -> tuple[PolicyRule, ...]:
    return tuple(rule for each in chosen if (rule := _rule(each.module)) is not None)


def _rule(name: str) -> PolicyRule | None:
    rule = getattr(import_module(f"{rules.__name__}.{name}"), "RULE", None)
    return rule if isinstance(rule, PolicyRule) else None


def _from_module(name: str) -> Listed | None:
    rule = _rule(name)
    return Listed(name, rule.code, rule.profile, rule.worst_severity) if rule is not None else None


def _from_index(name: str) -> Listed:
    number, severity, profile, worst = INDEX[name]
    return Listed(name, Code(number, name.replace("_", "-"), Severity[severity]), profile, Severity[worst])


def _modules() -> list[str]:
    """Give the names of the modules.

    WHY a listing and not `pkgutil`: importing that takes longer than importing all rules.
    """
    names = {entry.partition(".")[0] for folder in rules.__path__ for entry in os.listdir(folder)}
    return sorted(name for name in names if not name.startswith("_"))
