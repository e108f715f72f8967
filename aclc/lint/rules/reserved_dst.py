"""A destination is an address that no packet ever reaches through the tailnet.

## Why is this bad?
The rule opens nothing: loopback, link-local and multicast addresses are not routed, and each device answers for the
resolver `100.100.100.100` itself, whatever the rules say.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["100.100.100.100"], "ip": ["udp:53"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["192.168.1.53"], "ip": ["udp:53"]}]}
```

## Source
RFC 6890; documentation of MagicDNS.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.net import Prefix, parse_prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import Kind

CODE = Code("NET005", "reserved-dst", Severity.WARNING)

_KINDS: tuple[Kind, ...] = ("prefix", "host")
_RESERVED = {
    "0.0.0.0/32": "no address of a device",
    "127.0.0.0/8": "loopback: each device's own",
    "169.254.0.0/16": "link-local",
    "224.0.0.0/4": "multicast",
    "255.255.255.255/32": "broadcast",
    "100.100.100.100/32": "the resolver that runs on each device itself",
    "::/128": "no address of a device",
    "::1/128": "loopback: each device's own",
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
    "fd7a:115c:a1e0::53/128": "the resolver that runs on each device itself",
}


@cache
def _reserved() -> tuple[tuple[Prefix, str], ...]:
    parsed = ((parse_prefix(text), what) for text, what in _RESERVED.items())
    return tuple((prefix, what) for prefix, what in parsed if prefix is not None)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each destination that lies within a range of addresses that are never routed."""
    for position in ("acls.dst", "grants.dst"):
        for kind in _KINDS:
            for selector in context.uses.at(position, kind):
                host = policy.hosts.get(selector.name) if kind == "host" else None
                prefix = selector.prefix if host is None else host.prefix
                what = next((what for each, what in _reserved() if prefix is not None and each.covers(prefix)), None)
                if what is not None:
                    for place in context.uses.places(position, selector):
                        yield CODE.at(
                            place,
                            f"{shown(selector.text)} is never reached through the tailnet ({what})",
                            help="remove it, or name the device that is meant",
                        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
