"""Every member reaches devices whose tag tells of something sensitive.

## Why is this bad?
`autogroup:member` is everybody with a login in the tailnet: the intern, the new device of tomorrow, and on a shared
mail domain people whom nobody invited. What is called production, a database or a vault is meant for fewer.

## Example
```hujson bad
{"tagOwners": {"tag:vault": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:vault"], "ip": ["tcp:8200"]}]}
```
```hujson good
{"groups": {"group:ops": ["alice@example.com"]}, "tagOwners": {"tag:vault": []},
 "grants": [{"src": ["group:ops"], "dst": ["tag:vault"], "ip": ["tcp:8200"]}]}
```

## Source
Bulletin TS-2025-004 about shared mail domains. Words that count: prod, db, vault, pci, secret, payment and their like.
Ports 80 and 443 do not count: what is on them mostly asks who one is.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of, ports_text, sounds_sensitive
from aclc.lint.rule import Context, PolicyRule
from aclc.net import ICMP, ICMPV6, PortRange
from aclc.policy.model import Policy

CODE = Code("SEC008", "member-reaches-sensitive", Severity.INFO)

_WEB = {PortRange(80, 80), PortRange(443, 443)}


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each destination that is such a tag, once per rule; databases' own ports are management-port-exposed's."""
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    told: set[tuple[int, str]] = set()
    for edge in exposure.edges:
        if edge.is_self or not sounds_sensitive(edge.dst) or (edge.grant, edge.dst.name) in told:
            continue
        if edge.protocol in {ICMP, ICMPV6} or edge in exposure.management.get(edge.grant, ()):
            continue
        if all(ports in _WEB for ports in edge.ports):
            continue
        if exposure.any_member(edge.src):
            told.add((edge.grant, edge.dst.name))
            yield CODE.at(
                exposure.dst(edge),
                f"{exposure.who(edge)} can reach {ports_text(edge)} of {shown(edge.dst.text)}".replace(",,", ","),
                help="name the group that works with it",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
