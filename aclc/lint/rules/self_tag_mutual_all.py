"""Devices with a tag reach each other on every port.

## Why is this bad?
What takes over one of them can go from machine to machine. Few services need more than a port or two of their kind.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["tag:web"], "dst": ["tag:web"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["tag:web"], "dst": ["tag:web"], "ip": ["tcp:7946"]}]}
```

## Source
How worms spread.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC031", "self-tag-mutual-all", Severity.INFO)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each destination that is a tag which is a source of the same rule, with all ports."""
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    for edge in exposure.edges:
        same = any(each.name == edge.dst.name for each in exposure.grant(edge).src)
        if edge.dst.kind == "tag" and same and exposure.opens_every_port(edge):
            yield CODE.at(
                exposure.dst(edge),
                f"devices with {shown(edge.dst.text)} reach each other on every port",
                help="name the ports by which they speak with each other",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
