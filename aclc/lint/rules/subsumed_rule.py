"""A rule opens only what another, wider rule opens too.

## Why is this bad?
It changes nothing, but reads as if it did: a reader takes it for the limit, and removing it takes no access away.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:1-1024"]},
            {"src": ["alice@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"], "srcPosture": ["posture:new"]}],
 "postures": {"posture:new": ["node:tsVersion >= '1.80'"]}}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]},
            {"src": ["alice@example.com"], "dst": ["tag:web"], "ip": ["tcp:22"], "srcPosture": ["posture:new"]}],
 "postures": {"posture:new": ["node:tsVersion >= '1.80'"]}}
```

## Source
Al-Shaer's firewall anomalies (redundancy). Decided by meaning, for every tailnet, over `acls` and `grants` together.
Under a rule that opens everything, see `allow-all-swallows`. A user does not lie within `autogroup:member`:
somebody from outside, to whom a device is shared, is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.comments import comments_of
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("RED002", "subsumed-rule", Severity.WARNING)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that lies within a single other one; one whose comment speaks of a limit is
    limit-without-effect's."""
    for verdict in redundancy_of(context).verdicts:
        place = redundancy_of(context).place(verdict.grant)
        if verdict.kind == "subsumed" and comments_of(context).limit(place.span) is None:
            yield CODE.at(
                place,
                "this rule opens nothing that a wider rule does not open, so removing it would close nothing",
                help="remove it, or narrow the wider rule if this one was to be the limit",
                notes=(Note(redundancy_of(context).place(verdict.keepers[0]).span, "this one opens all of it"),),
                fix=redundancy_of(context).removal(verdict.grant),
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
