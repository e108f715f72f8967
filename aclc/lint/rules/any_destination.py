"""A rule opens every port of every device.

## Why is this bad?
Whoever steals one of these devices has the whole tailnet. From a server it is worse: servers are attacked from outside,
and this one leads everywhere, to the laptops of people too.

## Example
```hujson bad
{"tagOwners": {"tag:ci": []},
 "grants": [{"src": ["tag:ci"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:ci": [], "tag:prod": []},
 "grants": [{"src": ["tag:ci"], "dst": ["tag:prod"], "ip": ["tcp:8443"]}]}
```

## Source
25 % of 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.takeover import ADMINS
from aclc.policy.model import Policy

CODE = Code("SEC003", "any-destination", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule to all devices on all ports, by meaning, from something else than everybody.

    Roles that administer the tailnet have it all anyway. For named people and groups it is an information only.
    """
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    seen: set[int] = set()
    for edge in exposure.edges:
        grant = exposure.grant(edge)
        if edge.grant in seen or edge.is_self:
            continue
        if not (exposure.any_device(edge.targets) and exposure.opens_every_port(edge)):
            continue
        seen.add(edge.grant)
        sources = [selector for selector in grant.src if selector.name not in ADMINS]
        if not sources:
            continue
        who = exposure.who(edge)
        machines = [selector for selector in sources if selector.kind in {"tag", "prefix", "host", "ipset"}]
        severity = Severity.WARNING if who or machines else Severity.INFO
        subject = who or named(selector.text for selector in machines or sources)
        yield CODE.at(
            exposure.dst(edge),
            f"{subject} can reach every port of every device",
            help="name the tags and ports that are needed" + ("" if who or machines else ", or add a `posture` for it"),
            severity=severity,
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
