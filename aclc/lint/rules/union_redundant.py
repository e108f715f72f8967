"""All that a rule opens is opened by other rules, which together cover it.

## Why is this bad?
It changes nothing. Whoever removes it to take access away takes none: each of the others has to change too.

## Example
```hujson bad
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["*"]},
            {"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["*"]},
            {"src": ["autogroup:member"], "dst": ["tag:web", "tag:db"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["*"]},
            {"src": ["autogroup:member"], "dst": ["tag:web", "tag:db"], "ip": ["tcp:443"]}]}
```

## Source
Batfish (blocking lines). The notes are a smallest set of rules that keeps all open: with any of them gone, something is
lost. Decided by meaning, for every tailnet, over `acls` and `grants` together.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("RED003", "union-redundant", Severity.WARNING)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that several others cover together."""
    redundancy = redundancy_of(context)
    for verdict in redundancy.verdicts:
        if verdict.kind == "union":
            count = len(verdict.keepers)
            yield CODE.at(
                redundancy.place(verdict.grant),
                f"this rule opens nothing that {count} other rules together do not open",
                help="remove it, or narrow the others if this one was to be the limit",
                notes=[Note(redundancy.place(keeper).span, "this one opens some of it") for keeper in verdict.keepers],
                fix=redundancy.removal(verdict.grant),
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
