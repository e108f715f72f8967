"""A site's IPv4 network is open to somebody, but not its IPv6 network.

## Why is this bad?
The router serves both, and names resolve to both. Programs that try IPv6 first wait, and the fault looks like a bad
line.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"], "group:net": ["bob@example.com"]}, "tagOwners": {"tag:router": []},
 "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"], "2001:db8:1::/48": ["tag:router"]}},
 "grants": [{"src": ["group:net"], "dst": ["10.1.0.0/16", "2001:db8:1::/48"], "ip": ["*"]},
            {"src": ["group:dev"], "dst": ["10.1.0.0/16"], "ip": ["tcp:443"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"], "group:net": ["bob@example.com"]}, "tagOwners": {"tag:router": []},
 "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"], "2001:db8:1::/48": ["tag:router"]}},
 "grants": [{"src": ["group:net"], "dst": ["10.1.0.0/16", "2001:db8:1::/48"], "ip": ["*"]},
            {"src": ["group:dev"], "dst": ["10.1.0.0/16", "2001:db8:1::/48"], "ip": ["tcp:443"]}]}
```

## Source
juanfont/headscale#809, #1277. Told only of a router with one network of each family; a network that nobody may use is
approved-route-unreachable's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.routes import routes_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, RouteApprover

CODE = Code("NET003", "subnet-v6-missing", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that opens the whole of one family's network to sources of which none reaches the other's."""
    exposure = exposure_of(context)
    for v4, v6 in _pairs(policy.auto_approvers.routes):
        assert v4.prefix is not None
        assert v6.prefix is not None
        reaching = 0
        for edge in routes_of(context).into(v6.prefix):
            reaching |= edge.src
        told: set[int] = set()
        for edge in exposure.edges if reaching else ():
            meant = exposure.view.resolved.names.prefixes(edge.dst) if edge.dst.kind in {"prefix", "host"} else ()
            if edge.grant not in told and v4.prefix in meant and not edge.src & reaching:
                told.add(edge.grant)
                yield CODE.at(
                    exposure.dst(edge),
                    f"{shown(edge.dst.text)} is open here, but not {shown(v6.text)}, which the same router serves",
                    help=f"add {shown(v6.text)} to `dst`, or say in a comment that IPv4 alone is meant",
                    notes=[Note(v6.place.key, "the network of the other family")],
                )


def _pairs(routes: Sequence[RouteApprover]) -> Iterator[tuple[RouteApprover, RouteApprover]]:
    """Give (IPv4, IPv6) of approvers that have exactly one key of each family."""
    sites: dict[frozenset[str], dict[int, list[RouteApprover]]] = {}
    for route in routes:
        if route.prefix is not None and not route.prefix.is_default_route and route.approvers:
            site = sites.setdefault(frozenset(each.name for each in route.approvers), {})
            site.setdefault(route.prefix.family, []).append(route)
    for site in sites.values():
        if len(site.get(4, ())) == len(site.get(6, ())) == 1:
            yield site[4][0], site[6][0]


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
