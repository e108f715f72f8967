"""The source of a test is one person.

## Why is this bad?
People leave. The test then fails, or goes on about somebody who is no longer there and holds nothing.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "accept": ["tag:web:443"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "group:dev", "accept": ["tag:web:443"]}]}
```

## Source
tailscale/tailscale issue 8377. Told only of a person for whom a group that rules name could stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("TST012", "test-uses-person", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each test whose source is a user who is in exactly one group of the rules, and in no rule by name."""
    named = {
        selector.name
        for position in ("acls.src", "grants.src")
        for kind in ("user", "group")
        for selector in context.uses.at(position, "user" if kind == "user" else "group")
    }
    for test in policy.tests:
        if test.src is None or test.src.kind != "user" or test.src.name in named:
            continue
        groups = [
            name
            for name, group in policy.groups.items()
            if name in named and any(member.name == test.src.name for member in group.members)
        ]
        if len(groups) == 1:
            yield CODE.at(
                test.place.at("src"),
                f"this test hangs on {shown(test.src.text)} being there",
                help=f"test {shown(groups[0])} instead",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
