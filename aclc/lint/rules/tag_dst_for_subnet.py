"""A rule names the tag of a subnet router, and nothing opens the network behind it.

## Why is this bad?
The tag is the router itself: its own addresses, not the network that it serves. Who follows the rule reaches the router
and nothing behind.

## Example
```hujson bad
{"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/24": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:router"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/24": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/24"], "ip": ["*"]}]}
```

## Source
tailscale/tailscale#7921, juanfont/headscale#2139. Captured: a tag never includes the routes behind its devices.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import named
from aclc.lint.routes import routes_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, RouteApprover
from aclc.policy.selectors import Selector
from aclc.source import Path, Place

CODE = Code("DEAD016", "tag-dst-for-subnet", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each such destination once per rule; the routes that stay closed are noted."""
    found: dict[Path, tuple[Place, Selector, list[RouteApprover]]] = {}
    for route, places in routes_of(context).named_instead.items():
        for place, selector in places:
            found.setdefault(place.path, (place, selector, []))[2].append(route)
    for place, selector, routes in found.values():
        what = named(route.text for route in routes)
        yield CODE.at(
            place,
            f"{shown(selector.text)} is the router alone, and no rule opens {what} behind it",
            help="write the addresses of the network in `dst`, as well or instead",
            notes=[Note(route.place.key, "this route is approved for the tag") for route in routes[:3]],
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
