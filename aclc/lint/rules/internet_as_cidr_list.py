"""The internet is spelt as a list of networks.

## Why is this bad?
Exit nodes are chosen by `autogroup:internet` alone: a list of public networks opens routes of subnet routers, never
what lies behind an exit node. It also means something else on other control planes.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "ip": ["*"],
             "dst": ["1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4",
                     "32.0.0.0/3", "64.0.0.0/3", "96.0.0.0/6", "128.0.0.0/3", "160.0.0.0/5", "176.0.0.0/4"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
juanfont/headscale#3361, #1786, #1607. Captured: a network in `dst` does not reach devices by their default route.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.net import INTERNET, IpSet, Prefix
from aclc.policy.model import Policy
from aclc.reach.graph.endpoints import part_selectors

CODE = Code("DEAD029", "internet-as-cidr-list", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule whose networks together are most of the public IPv4 addresses, without a default route."""
    names = exposure_of(context).view.resolved.names
    public = INTERNET & IpSet.of(Prefix(4, 0, 0))
    for grant in exposure_of(context).view.resolved.grants:
        listed = list(part_selectors(grant.parts))
        if any(each.kind == "any" or each.name == "autogroup:internet" for each in listed):
            continue
        prefixes = list(dict.fromkeys(prefix for each in listed for prefix in names.prefixes(each)))
        if len(prefixes) < 3 or any(prefix.is_default_route for prefix in prefixes):
            continue
        if _size(IpSet.of(*prefixes) & public) > _size(public) // 2:
            yield CODE.at(
                grant.place.at("dst"),
                "these networks are most of the internet, but no exit node is reached by them",
                help="write `autogroup:internet`",
            )


def _size(addresses: IpSet) -> int:
    return sum(last - first + 1 for first, last in addresses.family(4))


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
