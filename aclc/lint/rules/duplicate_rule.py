"""Two rules open the same.

## Why is this bad?
Whoever takes one away, to take the access away, leaves the other.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["80", "443"]},
            {"src": ["alice@example.com"], "dst": ["tag:web"], "ip": ["443", "80"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["80", "443"]}]}
```

## Source
Batfish and Al-Shaer's firewall anomalies. Decided by meaning, for every tailnet, over `acls` and `grants` together.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("RED001", "duplicate-rule", Severity.WARNING)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that opens exactly what an earlier one opens."""
    for verdict in redundancy_of(context).verdicts:
        if verdict.kind == "duplicate":
            yield CODE.at(
                redundancy_of(context).place(verdict.grant),
                "this rule opens exactly what another rule opens, so removing one of them closes nothing",
                help="remove one of the two",
                notes=(Note(redundancy_of(context).place(verdict.keepers[0]).span, "this one opens it too"),),
                fix=redundancy_of(context).removal(verdict.grant),
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
