"""The name of a host reads as something else.

## Why is this bad?
A selector is told apart by its spelling, so a host called `10.0.0.1` or `tag:nas` can never be used: what looks like a
use of it is the address, the tag.

## Example
```hujson bad
{"hosts": {"tag:nas": "10.20.0.5"}}
```
```hujson bad
{"hosts": {"10.0.0.1": "10.20.0.5"}}
```
```hujson good
{"hosts": {"nas": "10.20.0.5"}}
```

## Source
juanfont/headscale#2180.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.names import meant_prefix
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import parse_selector

CODE = Code("REF013", "alias-shadows", Severity.WARNING)

_READS_AS = {
    "any": "everything",
    "prefix": "an address",
    "range": "a range of addresses",
    "group": "a group",
    "tag": "a tag",
    "autogroup": "an autogroup",
    "ipset": "an ipset",
    "service": "a service",
    "posture": "a posture",
    "host-prefixed": "another host in an ipset",
    "domain-users": "users",
    "localpart": "users",
}


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give hosts whose names no selector can mean, or that people will take for another thing."""
    for host in policy.hosts.values():
        # What looks like a login is refused by the reader.
        reads_as = _READS_AS.get(parse_selector(host.name).kind)
        if reads_as is not None:
            yield CODE.at(
                host.place.key,
                f"host {shown(host.name)} can never be used, since its name reads as {reads_as}",
                help="give the host another name",
            )
        elif meant_prefix(host.name) is not None:
            yield CODE.at(
                host.place.key,
                f"host {shown(host.name)} is easily taken for {shown(meant_prefix(host.name) or '')}",
                help="give the host another name",
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
