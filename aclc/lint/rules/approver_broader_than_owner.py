"""Besides a tag, people may serve a route who may not apply that tag.

## Why is this bad?
With a tag as approver, routers are machines that somebody put there. A person as approver means any laptop of theirs:
the approval asks for less than the tag does.

## Example
```hujson bad
{"groups": {"group:net": ["alice@example.com"], "group:dev": ["bob@example.com"]},
 "tagOwners": {"tag:router": ["group:net"]},
 "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router", "group:dev"]}},
 "grants": [{"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]}]}
```
```hujson good
{"groups": {"group:net": ["alice@example.com"], "group:dev": ["bob@example.com"]},
 "tagOwners": {"tag:router": ["group:net"]},
 "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"]}},
 "grants": [{"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]}]}
```

## Source
Captures: a route is approved where the router's tag or its owner is an approver.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import named
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.takeover import takeover_of
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.source import Place

CODE = Code("SEC022", "approver-broader-than-owner", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each list of approvers with a tag and with people who own none of its tags; admins may approve anyway, and
    every member is autoapprover-all-members'."""
    approvers = policy.auto_approvers
    lists: list[tuple[Place, tuple[Selector, ...], str]] = [
        (each.place, each.approvers, f"the route {shown(each.text)}") for each in approvers.routes
    ]
    if approvers.place is not None:
        lists.append((approvers.place.at("exitNode"), approvers.exit_node, "an exit node"))
    for place, selectors, what in lists:
        tags = [each for each in selectors if each.kind == "tag"]
        owners = {name for tag in tags for name in takeover_of(context).owners(tag.name)}
        for at, who in enumerate(selectors if tags else ()):
            if who.kind in {"user", "group"} and who.name not in owners and not _is_of(policy, who, owners):
                yield CODE.at(
                    place.at(at),
                    f"{shown(who.text)} may serve {what} from any device, but may not apply "
                    f"{named(each.text for each in tags)}",
                    help="leave the tag as the only approver, or let them apply it",
                )


def _is_of(policy: Policy, who: Selector, owners: set[str]) -> bool:
    """Tell whether everybody of a selector owns a tag by another name: a user by a group, a group by its members."""
    if "autogroup:member" in owners:
        return True
    in_owning = {
        member.name for name in owners if name in policy.groups for member in policy.groups[name].members
    } | owners
    members = policy.groups[who.name].members if who.name in policy.groups else (who,)
    return all(member.name in in_owning for member in members)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
