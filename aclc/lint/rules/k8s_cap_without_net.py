"""Rights in a Kubernetes cluster are granted, but port 443 of its proxy is closed.

## Why is this bad?
The capability says what one may do at the API proxy; a network rule must let one reach it, on TCP port 443.

## Example
```hujson bad
{"groups": {"group:sre": ["alice@example.com"]}, "tagOwners": {"tag:k8s-operator": []},
 "grants": [{"src": ["group:sre"], "dst": ["tag:k8s-operator"],
             "app": {"tailscale.com/cap/kubernetes": [{"impersonate": {"groups": ["system:masters"]}}]}}]}
```
```hujson good
{"groups": {"group:sre": ["alice@example.com"]}, "tagOwners": {"tag:k8s-operator": []},
 "grants": [{"src": ["group:sre"], "dst": ["tag:k8s-operator"], "ip": ["tcp:443"],
             "app": {"tailscale.com/cap/kubernetes": [{"impersonate": {"groups": ["system:masters"]}}]}}]}
```

## Source
tailscale/tailscale#19507, #9130.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.net import TCP
from aclc.policy.model import Policy

CODE = Code("DEAD022", "k8s-cap-without-net", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each grant of the capability none of whose sources may reach port 443 of any of its destinations."""
    exposure = exposure_of(context)
    for grant in policy.grants or ():
        for capability in grant.app:
            if capability.name not in _NAMES:
                continue
            nodes = targets = 0
            for selector in grant.src:
                nodes |= exposure.devices(selector)
            for selector in grant.dst:
                targets |= exposure.view.targets_of(selector)
            if nodes and targets and not exposure.may_open(nodes, targets, TCP, 443):
                yield CODE.at(
                    capability.place,
                    "these rights cannot be used, since port 443 of the proxy is closed to everybody here",
                    help='write `"ip": ["tcp:443"]` in this grant',
                )


_NAMES = {"tailscale.com/cap/kubernetes", "https://tailscale.com/cap/kubernetes"}


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
