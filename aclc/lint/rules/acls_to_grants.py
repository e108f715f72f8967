"""The rules of a policy are acls; grants can say the same and more.

## Why is this bad?
Nothing is wrong, and acls go on working. New features (`via`, `app`, a protocol per port) exist in grants only, and a
file that has to use both has two lists to read.

## Example
```hujson bad
{"tagOwners": {"tag:web": []}, "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:80,443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []}, "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["80", "443"]}]}
```

## Source
Documentation: grants are the successor of acls. Only in the strict profile. Silent where grants stand beside the acls:
that is `mixed-acls-grants`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Acl, Policy

CODE = Code("MIG003", "acls-to-grants", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding for a policy of acls only: how many grants would say the same."""
    if not policy.acls or policy.grants or not context.dialect.has_key("grants"):
        return
    count = sum(_grants(acl) for acl in policy.acls)
    what = "one grant says" if count == 1 else f"{count} grants say"
    yield CODE.at(
        policy.place.at("acls").key,
        f"{what} the same as these rules",
        help="write a grant per rule and set of ports; the ports go to `ip`, after the protocol if the rule has one",
    )


def _grants(acl: Acl) -> int:
    """Give how many grants an acl makes: one for each set of ports among its destinations."""
    return len({destination.ports for destination in acl.dst})


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
