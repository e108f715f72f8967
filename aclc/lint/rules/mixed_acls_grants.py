"""A policy has rules both in `acls` and in `grants`.

## Why is this bad?
Both count, so whoever asks what a device may do has to read two lists, and the same access is easily given twice. All
that `acls` say, `grants` can say too.

## Example
```hujson bad
{"tagOwners": {"tag:web": [], "tag:db": []},
 "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:443"]}],
 "grants": [{"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```
```hujson good
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["443"]},
            {"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```

## Source
Documentation: grants are the successor of acls; 8 % of 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("MIG004", "mixed-acls-grants", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give one finding where both lists have rules about the network."""
    if policy.acls and any(grant.ip for grant in policy.grants or ()):
        yield CODE.at(
            policy.place.at("acls").key,
            "rules about the network stand in two lists",
            help="write these as grants too",
            notes=(Note(policy.place.at("grants").key, "the other list"),),
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
