"""A network of one router lies in a wider one that other devices may serve.

## Why is this bad?
An approved key approves every route inside it. So the devices of the wider key may announce the narrower network too,
and take over what is meant for its router, by mistake or not, and no admin is asked.

## Example
```hujson bad
{"tagOwners": {"tag:office": [], "tag:plant": []},
 "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:office"], "10.9.0.0/16": ["tag:plant"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/8"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:office": [], "tag:plant": []},
 "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:office"], "10.9.0.0/16": ["tag:plant"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/8"], "ip": ["tcp:443"]}]}
```

## Source
Captures: a route within a key whose approvers match is approved. Default routes are autoapprover-broad's.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, RouteApprover

CODE = Code("NET007", "overlapping-routers", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each key that lies in another one, the narrowest such, none of whose approvers are its own.

    Keys that share an approver are mostly one site, and redundant-approver's where they add nothing.
    """
    routes = [
        each
        for each in policy.auto_approvers.routes
        if each.prefix is not None and not each.prefix.is_default_route and each.approvers
    ]
    by_prefix: dict[tuple[int, int, int], RouteApprover] = {}
    for each in routes:
        assert each.prefix is not None
        by_prefix.setdefault((each.prefix.family, each.prefix.first, each.prefix.bits), each)
    for route in routes:
        wider = _wider(route, by_prefix)
        if wider is None or {each.name for each in wider.approvers} & {each.name for each in route.approvers}:
            continue
        yield CODE.at(
            route.place.key,
            f"{named(each.text for each in wider.approvers)} may serve {shown(route.text)} too, "
            f"which lies in {shown(wider.text)}",
            help="cut the wider network so that it leaves this one out, if the two are different sites",
            notes=[Note(wider.place.key, "every network in this one is approved for them")],
        )


def _wider(route: RouteApprover, by_prefix: dict[tuple[int, int, int], RouteApprover]) -> RouteApprover | None:
    """Give the narrowest key around a route. Cost: one look per length of mask."""
    prefix = route.prefix
    assert prefix is not None
    width = 32 if prefix.family == 4 else 128
    for bits in range(prefix.bits - 1, 0, -1):
        first = prefix.first >> (width - bits) << (width - bits)
        found = by_prefix.get((prefix.family, first, bits))
        if found is not None:
            return found
    return None


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
