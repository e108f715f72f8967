"""A 4via6 address names a site that no router serves.

## Why is this bad?
In `fd7a:115c:a1e0:b1a:0:SITE:…` the site tells equal IPv4 networks apart. With a wrong one the rule opens an address
behind which there is nothing, or another site's network once that site is there.

## Example
```hujson bad
{"tagOwners": {"tag:berlin": []},
 "autoApprovers": {"routes": {"fd7a:115c:a1e0:b1a:0:7:a00:0/112": ["tag:berlin"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["fd7a:115c:a1e0:b1a:0:7:a00:0/112"], "ip": ["tcp:443"]},
            {"src": ["autogroup:member"], "dst": ["fd7a:115c:a1e0:b1a:0:8:a00:1"], "ip": ["tcp:22"]}]}
```
```hujson good
{"tagOwners": {"tag:berlin": []},
 "autoApprovers": {"routes": {"fd7a:115c:a1e0:b1a:0:7:a00:0/112": ["tag:berlin"]}},
 "grants": [{"src": ["autogroup:member"], "dst": ["fd7a:115c:a1e0:b1a:0:7:a00:0/112"], "ip": ["tcp:443"]},
            {"src": ["autogroup:member"], "dst": ["fd7a:115c:a1e0:b1a:0:7:a00:1"], "ip": ["tcp:22"]}]}
```

## Source
Documentation of 4via6 subnet routers. Silent where the policy approves no such network at all: then it is done by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import named
from aclc.lint.rule import Context, PolicyRule
from aclc.net import VIA6, Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import Kind

CODE = Code("NET009", "via6-site", Severity.WARNING)

_SITE_BITS = 96
"""The site takes the 32 bits before the IPv4 address, which takes the last 32."""
_KINDS: tuple[Kind, ...] = ("prefix", "host")


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each destination, once, whose site is not among those of approved routes."""
    sites = {
        _site(each.prefix): None
        for each in policy.auto_approvers.routes
        if each.prefix is not None and _is_via6(each.prefix)
    }
    if not sites:
        return
    for position in ("grants.dst", "acls.dst"):
        for kind in _KINDS:
            for selector in context.uses.at(position, kind):
                host = policy.hosts.get(selector.name) if kind == "host" else None
                prefix = selector.prefix if host is None else host.prefix
                if prefix is not None and _is_via6(prefix) and _site(prefix) not in sites:
                    known = named(str(site) for site in sites)
                    yield CODE.at(
                        context.uses.places(position, selector)[0],
                        f"{shown(selector.text)} lies at site `{_site(prefix)}`, for which no route is approved",
                        help=f"approved are routes of site {known}",
                    )


def _is_via6(prefix: Prefix) -> bool:
    return prefix.bits >= _SITE_BITS and VIA6.covers(prefix)


def _site(prefix: Prefix) -> int:
    return prefix.first >> 32 & 0xFFFFFFFF


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
