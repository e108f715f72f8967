"""A rule opens a network of which only a part can be routed.

## Why is this bad?
The rule reads as if all of the network were there. Whatever is approved later in it is open from its first day, and
nobody is asked again.

## Example
```hujson bad
{"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/8"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]}]}
```

## Source
Rules and approvals are kept apart and drift. Only in the strict profile without a tailnet file, since routes may be
approved by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import view_of
from aclc.lint.rule import Context, PolicyRule
from aclc.net import INTERNET, WILDCARD, IpSet, Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("NET008", "prefix-larger-than-approved", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each network in `dst` that holds some approved route and more; with a tailnet, the routes of its nodes.

    Public networks may lie behind exit nodes, and the tailnet's own range needs no route.
    """
    if context.tailnet is not None and context.tailnet.nodes:
        routes = list(view_of(context).resolved.routes.routes)
    else:
        routes = [each.prefix for each in policy.auto_approvers.routes if each.prefix is not None]
    routes = [each for each in routes if not each.is_default_route]
    approved = IpSet.of(*routes)
    for position in ("grants.dst", "acls.dst") if routes else ():
        for kind in ("prefix", "host"):
            for selector in context.uses.at(position, "prefix" if kind == "prefix" else "host"):
                prefix = _prefix(policy, selector)
                if prefix is None or prefix.is_single or INTERNET.overlaps(prefix) or WILDCARD.overlaps(prefix):
                    continue
                if approved.covers(prefix) or not approved.overlaps(prefix):
                    continue
                routed = list((approved & IpSet.of(prefix)).prefixes())
                first = f"{shown(str(routed[0]))}{f' and {len(routed) - 1} more' if len(routed) > 1 else ''}"
                yield CODE.at(
                    context.uses.places(position, selector)[0],
                    f"of {shown(selector.text)} only {first} can be routed",
                    help="name what is served, so that a route that is added later opens nothing by itself",
                )


def _prefix(policy: Policy, selector: Selector) -> Prefix | None:
    host = policy.hosts.get(selector.name) if selector.kind == "host" else None
    return selector.prefix if host is None else host.prefix


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
