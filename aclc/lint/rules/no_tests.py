"""A policy has rules, but no test of them.

## Why is this bad?
`tests` is the only thing that the control plane itself holds a change to: an edit that opens or closes too much is
refused before it does harm. Without tests every edit is taken.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "group:dev", "accept": ["tag:web:443"], "deny": ["tag:db:5432"]}]}
```

## Source
70 % of 136 public policies. Silent where everybody reaches everything: there is nothing to test yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("TST001", "no-tests", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding for a policy with rules and without tests."""
    if policy.tests or not (policy.acls or policy.grants) or not context.dialect.has_key("tests"):
        return
    if exposure_of(context).allows_all:
        return
    yield CODE.at(
        policy.place.at("grants" if policy.grants else "acls").key,
        "these rules have no tests, so a change that opens or closes too much is taken unseen",
        help="add `tests`: what must be reached (`accept`), and above all what must not (`deny`)",
    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
