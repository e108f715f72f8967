"""A default route, or nearly all private addresses, is approved by itself.

## Why is this bad?
Every device of the approver can take over the traffic for any network below the key, also for networks that another
router serves, and no admin is asked.

## Example
```hujson bad
{"tagOwners": {"tag:router": []},
 "autoApprovers": {"routes": {"0.0.0.0/0": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.1.0.0/16"], "ip": ["*"]},
            {"src": ["tag:router"], "dst": ["tag:router"], "ip": ["tcp:179"]}]}
```
```hujson good
{"tagOwners": {"tag:router": []},
 "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.1.0.0/16"], "ip": ["*"]},
            {"src": ["tag:router"], "dst": ["tag:router"], "ip": ["tcp:179"]}]}
```

## Source
8 % of 136 public policies approve a default route so. Captured: a key approves every route inside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("SEC019", "autoapprover-broad", Severity.WARNING)


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each key that covers a default route, or more than a /8 (IPv4) or /16 (IPv6).

    Of the two default routes for the same approvers only the first is told of. App connectors learn public routes, so
    keys for their tags, which the documentation asks for, are left out.
    """
    connectors = _connectors(policy)
    default_routes: set[tuple[Selector, ...]] = set()
    for route in policy.auto_approvers.routes:
        prefix = route.prefix
        if prefix is None or prefix.bits >= (8 if prefix.family == 4 else 16):
            continue
        approvers = tuple(each for each in route.approvers if each.name not in connectors)
        is_repeat = prefix.is_default_route and approvers in default_routes
        if prefix.is_default_route:
            default_routes.add(approvers)
        if approvers and not is_repeat:
            what = "any network at all" if prefix.is_default_route else f"any network in {shown(route.text)}"
            yield CODE.at(
                route.place.key,
                f"devices of {named(each.text for each in approvers)} may serve {what}, and no admin is asked",
                help="name the networks that they really serve; exit nodes are approved by `exitNode`, not here",
            )


def _connectors(policy: Policy) -> frozenset[str]:
    found: list[str] = []
    for entry in policy.node_attrs:
        for capability in entry.app:
            if capability.name == "tailscale.com/app-connectors" and isinstance(capability.values, list):
                for value in capability.values:
                    if isinstance(value, dict) and isinstance(value.get("connectors"), list):
                        found += [tag for tag in value["connectors"] if isinstance(tag, str)]
    return frozenset(found)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
