"""An approver stands for nobody.

## Why is this bad?
No device matches it, so nothing is ever approved by it: the route waits for an admin, silently.

## Example
```hujson bad
{"groups": {"group:net": []}, "autoApprovers": {"routes": {"10.0.0.0/24": ["group:net"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/24"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/24": ["tag:router"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/24"], "ip": ["*"]}]}
```

## Source
juanfont/headscale#2570. A tag without owners is no case of it: admins and keys can apply it.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD010", "approver-cannot-act", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each approver that is an empty group, and each list of approvers that is empty."""
    for selector in context.uses.at("autoApprovers", "group"):
        group = policy.groups.get(selector.name)
        if group is not None and not group.members and context.knows_all("groups"):
            for place in context.uses.places("autoApprovers", selector):
                yield CODE.at(
                    place,
                    f"{shown(selector.text)} has no members, so nothing is ever approved by it",
                    help="name the tag of the routers",
                    notes=[Note(group.place.span, "no members here")],
                )
    for route in policy.auto_approvers.routes:
        if not route.approvers:
            yield CODE.at(
                route.place,
                f"nobody approves {shown(route.text)}, so the key does nothing",
                help="name the tag of the routers, or remove the key",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
