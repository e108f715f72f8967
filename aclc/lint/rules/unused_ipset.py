"""An ipset is defined but never used.

## Why is this bad?
A reader takes the set for part of some rule, and changes to it have no effect.

## Example
```hujson bad
{"ipsets": {"ipset:office": ["10.0.0.0/24"], "ipset:lab": ["10.1.0.0/24"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["ipset:lab"], "ip": ["*"]}]}
```
```hujson good
{"ipsets": {"ipset:lab": ["10.1.0.0/24"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["ipset:lab"], "ip": ["*"]}]}
```

## Source
Documentation of IP sets.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.mentions import mentioned_in
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.unused import Unused, Words, unused_names
from aclc.policy.model import Policy

CODE = Code("DEAD004", "unused-ipset", Severity.WARNING)

_WORDS = Words(
    "the ipset {} is never used, so no rule is about its addresses",
    "{} ipsets are never used: {}",
    "remove it, or name it in the rule that was meant for it",
)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each ipset that stands nowhere but in its definition."""
    if not context.is_whole:
        return
    found = [Unused(name, entry.place) for name, entry in policy.ipsets.items() if name not in mentioned_in(context)]
    yield from unused_names(policy, CODE, _WORDS, found)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
