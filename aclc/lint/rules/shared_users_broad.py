"""People outside to whom something is shared can reach more than one port of one thing.

## Why is this bad?
`autogroup:shared` is everybody, of any organisation, who accepted an invitation to any device. What is shared is meant
to be that one device, on the port of its service.

## Example
```hujson bad
{"tagOwners": {"tag:demo": []},
 "grants": [{"src": ["autogroup:shared"], "dst": ["tag:demo"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:demo": []},
 "grants": [{"src": ["autogroup:shared"], "dst": ["tag:demo"], "ip": ["tcp:443"]}]}
```

## Source
Documentation of sharing and of `autogroup:shared`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC006", "shared-users-broad", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that names people outside and gives them all ports or all devices.

    Both together are any-destination's, and `*` as a source is any-source's.
    """
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    seen: set[int] = set()
    for edge in exposure.edges:
        if edge.grant in seen or exposure.anybody(edge.src) or not exposure.any_outsider(edge.src) or edge.is_self:
            continue
        if not edge.targets & ~exposure.behind:
            continue
        every_device, every_port = exposure.any_device(edge.targets), exposure.opens_every_port(edge)
        if every_device != every_port:
            seen.add(edge.grant)
            what = "every device" if every_device else f"every port of {shown(edge.dst.text)}"
            yield CODE.at(
                exposure.dst(edge),
                f"everybody outside to whom something is shared can reach {what}",
                help="name the device and the port of the service that is shared",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
