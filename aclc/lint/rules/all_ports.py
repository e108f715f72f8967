"""A rule opens every port of a destination to a whole kind of devices.

## Why is this bad?
Every service that is ever started there is reachable at once, meant or not: debug servers, databases, metrics.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
59 % of destinations in 136 public policies are `:*`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC004", "all-ports", Severity.INFO)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each destination, other than all devices, own devices and the internet, all of whose ports are open to a
    whole kind of devices."""
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    for edge in exposure.edges:
        who = exposure.who(edge)
        if not who or edge.is_self or not exposure.opens_every_port(edge) or not edge.targets & ~exposure.behind:
            continue
        if not exposure.any_device(edge.targets):
            yield CODE.at(
                exposure.dst(edge),
                f"{who} can reach every port of {shown(edge.dst.text)}",
                help="name the ports that are needed",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
