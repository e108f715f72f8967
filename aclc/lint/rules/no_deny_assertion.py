"""The tests of a policy say only what must be reached, never what must not.

## Why is this bad?
A rule that opens everything passes all of them. The mistake that hurts is too much access, and only `deny` notices it.

## Example
```hujson bad
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "accept": ["tag:web:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "accept": ["tag:web:443"], "deny": ["tag:db:5432"]}]}
```

## Source
11 % of 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("TST002", "no-deny-assertion", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding for tests without any `deny`."""
    if policy.tests and not any(test.deny for test in policy.tests) and not exposure_of(context).allows_all:
        yield CODE.at(
            policy.place.at("tests").key,
            "no test says what must not be reached",
            help='add what would hurt most, such as a laptop that reaches the database: `"deny": ["tag:db:5432"]`',
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
