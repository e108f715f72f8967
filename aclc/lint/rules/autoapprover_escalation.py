"""Somebody may have a route approved to a network that no rule opens to them.

## Why is this bad?
Who serves a route receives what others send to that network, passwords among it, and can answer in its name. An
approver needs no admin for that. A tag as approver counts for everybody who may apply the tag.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"], "group:sales": ["bob@example.com"]},
 "tagOwners": {"tag:router": ["group:dev"]},
 "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"]}},
 "grants": [{"src": ["group:sales"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"], "group:sales": ["bob@example.com"]},
 "tagOwners": {"tag:router": ["autogroup:admin"]},
 "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"]}},
 "grants": [{"src": ["group:sales"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]}]}
```

## Source
Documentation of auto approvers; captures: a router's own tag or owner is all that is asked. Silent where somebody
reaches any part of the network: they mostly run it.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import exposure_of, named
from aclc.lint.routes import routes_of
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.takeover import takeover_of
from aclc.policy.model import Policy, RouteApprover
from aclc.policy.selectors import Selector, parse_selector
from aclc.reach.graph.space import Edge

CODE = Code("SEC020", "autoapprover-escalation", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each approver of a route that rules open, by which people become its router who reach nothing of it.

    Every member as an approver is autoapprover-all-members'; default routes are autoapprover-broad's.
    """
    if exposure_of(context).allows_all:
        return
    for route in policy.auto_approvers.routes:
        if route.prefix is None or route.prefix.is_default_route:
            continue
        into = routes_of(context).into(route.prefix)
        for at, approver in enumerate(route.approvers if into else ()):
            strangers = [who for who in _people(context, approver) if not _reaches(context, who, into)]
            if strangers:
                yield _told(context, route, at, strangers, into)


def _people(context: Context, approver: Selector) -> Iterator[Selector]:
    """Give the people by whom a device of an approver can be made, admins and every member left out."""
    if approver.kind != "tag":
        people = [approver]
    else:
        people = [parse_selector(name) for name in takeover_of(context).owners(approver.name)]
    for who in people:
        is_named = who.kind in {"user", "group", "autogroup"} and who.name != "autogroup:member"
        if is_named and not takeover_of(context).may_change_all(who):
            yield who


def _reaches(context: Context, who: Selector, into: tuple[Edge, ...]) -> bool:
    sources = takeover_of(context).sources(who)
    return not sources or any(edge.src & sources for edge in into)


def _told(
    context: Context, route: RouteApprover, at: int, strangers: list[Selector], into: tuple[Edge, ...]
) -> Diagnostic:
    approver = route.approvers[at]
    way = f" by applying {shown(approver.text)}" if approver.kind == "tag" else ""
    edge = into[0]
    senders = named(each.text for each in exposure_of(context).grant(edge).src)
    return CODE.at(
        route.place.at(at),
        f"{named(each.text for each in strangers)} can become the router of {shown(route.text)}{way}, "
        "where no rule lets them in",
        help="let admins apply the tag or approve the route, or open the network to them if they run it",
        notes=[Note(exposure_of(context).dst(edge).span, f"what {senders} send here would go to their device")],
    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
