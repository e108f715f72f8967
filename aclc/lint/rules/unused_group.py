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

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD002", "unused-group", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each group that stands nowhere but in its definition."""
    if not context.is_whole:
        return
    for name, entry in policy.groups.items():
        if name not in context.mentioned:
            yield CODE.at(
                entry.place.key,
                f"the group {shown(name)} is never used",
                help="remove it, or name it in the rule that was meant for it",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
