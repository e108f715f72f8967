"""A route is approved by itself, but no rule lets anybody use it.

## Why is this bad?
Approving a route makes the network reachable through the router; only a rule opens it. Without one, no packet passes.

## Example
```hujson bad
{"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/24": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/24": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/24"], "ip": ["*"]}]}
```

## Source
Documentation, “Route injection”; juanfont/headscale#2965, #3149.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.routes import routes_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD011", "approved-route-unreachable", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each key that no destination overlaps. Default routes are left out: they stand for networks unnamed; and so
    are keys whose router some rule names instead, which tag-dst-for-subnet speaks of."""
    routes = routes_of(context)
    for route in routes.closed:
        if route not in routes.named_instead:
            yield CODE.at(
                route.place.key,
                f"the route {shown(route.text)} is approved, but no rule opens anything in it, so nobody can use it",
                help="add a rule with the addresses in its `dst`, or remove the key",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
