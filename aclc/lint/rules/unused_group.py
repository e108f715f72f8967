"""A group is defined but never used.

## Why is this bad?
A reader takes the group for a live grant of access, and somebody who is put into it gets nothing.

## Example
```hujson bad
{"groups": {"group:ops": ["alice@example.com"], "group:dev": ["bob@example.com"]},
 "grants": [{"src": ["group:dev"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"groups": {"group:dev": ["bob@example.com"]},
 "grants": [{"src": ["group:dev"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
7 % of 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.mentions import mentioned_in
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.unused import Unused, Words, unused_names
from aclc.policy.model import Policy

CODE = Code("DEAD002", "unused-group", Severity.WARNING)

_WORDS = Words(
    "the group {} is never used, so it gives its members nothing",
    "{} groups are never used: {}",
    "remove it, or name it in the rule that was meant for it",
)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each group that stands nowhere but in its definition."""
    if not context.is_whole:
        return
    found = [Unused(name, entry.place) for name, entry in policy.groups.items() if name not in mentioned_in(context)]
    yield from unused_names(policy, CODE, _WORDS, found)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
