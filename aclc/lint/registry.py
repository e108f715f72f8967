"""Every rule there is: a module in `aclc/lint/rules` is one, and nothing else has to be told of it."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module

from aclc.lint import rules
from aclc.lint.rule import PolicyRule


@cache
def policy_rules() -> tuple[PolicyRule, ...]:
    """Give the rules over a policy, by code.

    WHY a listing and not `pkgutil`: importing that takes longer than importing all rules.
    """
    found = [rule for name in _modules() if isinstance(rule := getattr(import_module(name), "RULE", None), PolicyRule)]
    return tuple(sorted(found, key=lambda rule: rule.code.id))


def _modules() -> list[str]:
    names = {entry.partition(".")[0] for folder in rules.__path__ for entry in os.listdir(folder)}
    return [f"{rules.__name__}.{name}" for name in sorted(names) if not name.startswith("_")]
