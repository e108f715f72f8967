"""Approvers of a route may approve it anyway, by a wider route.

## Why is this bad?
The entry changes nothing, and removing it takes the right from nobody.

## Example
```hujson bad
{"tagOwners": {"tag:router": []}, "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/8"], "ip": ["*"]}],
 "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"], "10.1.0.0/16": ["tag:router"]}}}
```
```hujson good
{"tagOwners": {"tag:router": []}, "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/8"], "ip": ["*"]}],
 "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}
```

## Source
Captures: a route within a key whose approvers match is approved (479 of 479), one that is wider than the key is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

CODE = Code("RED015", "redundant-approver", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each route all of whose approvers stand at a wider one."""
    routes = policy.auto_approvers.routes
    for route in routes:
        mine = {selector.name for selector in route.approvers}
        for wider in routes:
            if wider is route or wider.prefix is None or route.prefix is None or not mine:
                continue
            if wider.prefix == route.prefix or not wider.prefix.covers(route.prefix):
                continue
            if mine <= {selector.name for selector in wider.approvers}:
                document = policy.document
                yield CODE.at(
                    route.place.key,
                    f"{shown(route.text)} adds nothing to {shown(wider.text)}, which has the same approvers",
                    help="remove it, or the wider one if that was to be the limit",
                    notes=(Note(wider.place.key, "the wider route"),),
                    fix=Fix("remove the route", delete(document, route.place.path), safe=True)
                    if isinstance(document, HujsonDocument)
                    else None,
                )
                break


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
