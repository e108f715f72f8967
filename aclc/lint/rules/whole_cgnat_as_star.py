"""`100.64.0.0/10` is written to mean all devices of the tailnet.

## Why is this bad?
Every device also has an IPv6 address, which the range does not hold: what should be open fails over IPv6, and names
that resolve to both addresses work by luck.

## Example
```hujson bad
{"tagOwners": {"tag:web": []}, "grants": [{"src": ["100.64.0.0/10"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member", "autogroup:tagged"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
Seen in public policies. Silent where `fd7a:115c:a1e0::/48` stands in the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.net import CGNAT, TAILNET_ULA, Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.source import Place

CODE = Code("NET006", "whole-cgnat-as-star", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each list of a rule that has the whole IPv4 range of tailnets, and not the IPv6 range."""
    for place, selectors in _lists(policy):
        prefixes = [_prefix(policy, each) for each in selectors]
        if CGNAT not in prefixes or any(each is not None and each.covers(TAILNET_ULA) for each in prefixes):
            continue
        if any(each.kind == "any" for each in selectors):
            continue
        at = prefixes.index(CGNAT)
        yield CODE.at(
            place.at(at),
            f"{shown(selectors[at].text)} holds the IPv4 addresses of devices only",
            help="write `*`, or `autogroup:member` and `autogroup:tagged`",
        )


def _lists(policy: Policy) -> Iterable[tuple[Place, tuple[Selector, ...]]]:
    for acl in policy.acls or ():
        yield acl.place.at("src"), acl.src
        yield acl.place.at("dst"), tuple(destination.selector for destination in acl.dst)
    for grant in policy.grants or ():
        yield grant.place.at("src"), grant.src
        yield grant.place.at("dst"), grant.dst


def _prefix(policy: Policy, selector: Selector) -> Prefix | None:
    host = policy.hosts.get(selector.name) if selector.kind == "host" else None
    return selector.prefix if host is None else host.prefix


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
