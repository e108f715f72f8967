"""A rule names a device by its IPv4 address only.

## Why is this bad?
The device has an IPv6 address too, which the rule does not mean: over IPv6 the device keeps what other rules give it,
or is not reached. Addresses also go to other devices in time.

## Example
```hujson bad
{"hosts": {"nas": "100.101.102.103"},
 "grants": [{"src": ["autogroup:member"], "dst": ["nas"], "ip": ["tcp:445"]}]}
```
```hujson good
{"tagOwners": {"tag:nas": []}, "grants": [{"src": ["autogroup:member"], "dst": ["tag:nas"], "ip": ["tcp:445"]}]}
```

## Source
Captures: an address is never widened to the other family. Only in the strict profile: 29 % of 136 public policies
name addresses of devices. Silent where the same list has an IPv6 address of a device too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.net import CGNAT, TAILNET_ULA, Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("NET001", "v4-only-host", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each single IPv4 address of a device in rules, once: the alias, or where it stands first."""
    if any("disable-ipv4" in entry.attr for entry in policy.node_attrs):
        return
    told: set[Prefix] = set()
    for position, selectors in _lists(policy):
        prefixes = {each: _prefix(policy, each) for each in selectors}
        if any(each is not None and TAILNET_ULA.covers(each) for each in prefixes.values()):
            continue
        for selector, prefix in prefixes.items():
            if prefix is None or not prefix.is_single or not CGNAT.covers(prefix) or prefix in told:
                continue
            told.add(prefix)
            host = policy.hosts.get(selector.name) if selector.kind == "host" else None
            place = context.uses.places(position, selector)[0] if host is None else host.place
            yield CODE.at(
                place,
                f"{shown(selector.text)} is the IPv4 address of a device only",
                help="give the device a tag and name that, or add its IPv6 address",
            )


def _lists(policy: Policy) -> Iterable[tuple[str, tuple[Selector, ...]]]:
    for acl in policy.acls or ():
        yield "acls.src", acl.src
        yield "acls.dst", tuple(destination.selector for destination in acl.dst)
    for grant in policy.grants or ():
        yield "grants.src", grant.src
        yield "grants.dst", grant.dst


def _prefix(policy: Policy, selector: Selector) -> Prefix | None:
    host = policy.hosts.get(selector.name) if selector.kind == "host" else None
    return selector.prefix if host is None else host.prefix


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
