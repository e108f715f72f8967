"""Two groups have the same members.

## Why is this bad?
Whoever joins or leaves has to be written twice, and one of the two is forgotten.

## Example
```hujson bad
{"groups": {"group:dev": ["a@example.com", "b@example.com"], "group:web": ["b@example.com", "a@example.com"]},
 "grants": [{"src": ["group:dev", "group:web"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"groups": {"group:dev": ["a@example.com", "b@example.com"], "group:web": ["b@example.com"]},
 "grants": [{"src": ["group:dev"], "dst": ["autogroup:internet"], "ip": ["*"]},
            {"src": ["group:web"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```

## Source
Only in the strict profile: two roles may be held by the same people for now. Groups of one are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Group, Policy

CODE = Code("RED012", "equal-groups", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each group of two or more with the members of an earlier one."""
    seen: dict[frozenset[str], Group] = {}
    for group in policy.groups.values():
        members = frozenset(selector.name for selector in group.members)
        if len(members) < 2:
            continue
        first = seen.setdefault(members, group)
        if first is not group:
            yield CODE.at(
                group.place.key,
                f"{shown(group.name)} has the same members as {shown(first.name)}",
                help="use one of the two",
                notes=(Note(first.place.key, "the other group"),),
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
