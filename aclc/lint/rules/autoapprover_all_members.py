"""Every member can have routes or exit nodes approved by advertising them.

## Why is this bad?
A route takes over the traffic that others send to a network, and an exit node all that they send to the internet. A
member who advertises one, or whose laptop was taken over, reads it.

## Example
```hujson bad
{"autoApprovers": {"exitNode": ["autogroup:member"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:exit": []}, "autoApprovers": {"exitNode": ["tag:exit"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
Documentation of auto approvers.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Kind
from aclc.reach.powers.powers import tag_powers
from aclc.source import Place

CODE = Code("SEC021", "autoapprover-all-members", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each approver that every member is, itself or by owning the tag."""
    everybody = {"autogroup:member": ""}
    for who, tag in tag_powers(policy):
        if who == "autogroup:member":
            everybody[tag] = f" by applying {shown(tag)}"
    for kind in _KINDS:
        for selector in context.uses.at("autoApprovers", kind):
            way = everybody.get(selector.name)
            for place in context.uses.places("autoApprovers", selector) if way is not None else ():
                yield CODE.at(
                    place,
                    f"every member can have {_what(place)} approved{way}, and no admin is asked",
                    help="name the tag of the routers, and let admins apply it",
                )


_KINDS: tuple[Kind, ...] = ("autogroup", "tag")


def _what(place: Place) -> str:
    section = place.path[1]
    if section == "exitNode":
        return "an exit node"
    return (
        f"a host of {shown(str(place.path[2]))}" if section == "services" else f"the route {shown(str(place.path[2]))}"
    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
