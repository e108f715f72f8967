"""Routers may announce everything over IPv4 without an admin, but not over IPv6, or the other way round.

## Why is this bad?
Every device has addresses of both families. Half of the traffic goes another way than planned, or nowhere, and waits
for an admin who believes that approval is automatic.

## Example
```hujson bad
{"tagOwners": {"tag:router": []}, "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}],
 "autoApprovers": {"exitNode": ["tag:router"], "routes": {"0.0.0.0/0": ["tag:router"]}}}
```
```hujson good
{"tagOwners": {"tag:router": []}, "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}],
 "autoApprovers": {"exitNode": ["tag:router"], "routes": {"0.0.0.0/0": ["tag:router"], "::/0": ["tag:router"]}}}
```

## Source
Documentation of app connectors, which need both. Captures: for exit nodes only `exitNode` counts, never such a route.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("NET002", "default-route-one-family", Severity.WARNING)

_BOTH = {4: "0.0.0.0/0", 6: "::/0"}


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each default route with approvers who may not approve the other family's."""
    routes = [each for each in policy.auto_approvers.routes if each.prefix is not None and each.prefix.is_default_route]
    for route in routes:
        assert route.prefix is not None
        other = 10 - route.prefix.family
        approvers = {
            selector.name
            for each in routes
            if each.prefix is not None and each.prefix.family == other
            for selector in each.approvers
        }
        missing = [selector for selector in route.approvers if selector.name not in approvers]
        if missing:
            yield CODE.at(
                route.place.key,
                f"{shown(missing[0].text)} may announce {shown(route.text)}, but not {shown(_BOTH[other])}",
                help=f"add {shown(_BOTH[other])}; if an exit node is meant, `exitNode` is what approves it",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
