"""Two aliases in `hosts` are the same address.

## Why is this bad?
Who looks for all that leads to the machine searches for one name and misses the other; often one of the two was copied
and its address forgotten.

## Example
```hujson bad
{"hosts": {"web": "10.0.0.5", "db": "10.0.0.5/32"},
 "grants": [{"src": ["autogroup:member"], "dst": ["web"], "ip": ["tcp:443"]},
            {"src": ["autogroup:admin"], "dst": ["db"], "ip": ["tcp:5432"]}]}
```
```hujson good
{"hosts": {"web": "10.0.0.5", "db": "10.0.0.6"},
 "grants": [{"src": ["autogroup:member"], "dst": ["web"], "ip": ["tcp:443"]},
            {"src": ["autogroup:admin"], "dst": ["db"], "ip": ["tcp:5432"]}]}
```

## Source
Told only where rules or tests use both names: an alias that nothing uses is `unused-host`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.mentions import mentioned_in
from aclc.lint.rule import Context, PolicyRule
from aclc.net import Prefix
from aclc.policy.model import Host, Policy

CODE = Code("RED009", "alias-collision", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each alias with the address of an earlier one."""
    seen: dict[Prefix, Host] = {}
    for host in policy.hosts.values():
        if host.prefix is None or host.name not in mentioned_in(context):
            continue
        first = seen.setdefault(host.prefix, host)
        if first is not host:
            yield CODE.at(
                host.place.key,
                f"{shown(host.name)} is the same address as {shown(first.name)}",
                help="use one name, or correct the address",
                notes=(Note(first.place.key, "the other alias"),),
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
