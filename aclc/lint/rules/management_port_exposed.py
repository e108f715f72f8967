"""Every member can reach ports by which machines are administered, or which hold their data.

## Why is this bad?
Remote desktops, databases and the API of a cluster are what an attacker looks for first, and many of them trust whoever
can connect. A member who was invited for one thing has them all.

## Example
```hujson bad
{"tagOwners": {"tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```
```hujson good
{"tagOwners": {"tag:db": []}, "groups": {"group:dba": ["alice@example.com"]},
 "grants": [{"src": ["group:dba"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```

## Source
Ports as firewall audits list them. Port 22 does not count where an `ssh` entry leads to the same devices: Tailscale SSH
needs it open.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import MANAGEMENT_PORTS, exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC005", "management-port-exposed", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding per rule that opens management ports to every member: at its first such destination."""
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    for edges in exposure.management.values():
        edge, ports = next(iter(edges.items()))
        where = named(each.dst.text for each in edges)
        if exposure.opens_every_port(edge):
            what = "every port, those of remote desktops and databases too,"
        else:
            listed = [f"{port} ({MANAGEMENT_PORTS[port]})" for port in ports]
            what = (
                f"port{'s' if len(listed) > 1 else ''} {', '.join(listed[:3])}{' and more' if len(listed) > 3 else ''}"
            )
        yield CODE.at(
            exposure.dst(edge),
            f"{exposure.who(edge)} can reach {what} of {where}".replace(",,", ","),
            help="let in the group that administers them, and give the others the port of the service alone",
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
