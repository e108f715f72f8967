"""More than a few named people are the masters of a Kubernetes cluster.

## Why is this bad?
`system:masters` may do everything in the cluster, past its own rules of access, which cannot take that away. It belongs
to a group of people who are named.

## Example
```hujson bad
{"tagOwners": {"tag:k8s-operator": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:k8s-operator"], "ip": ["tcp:443"],
             "app": {"tailscale.com/cap/kubernetes": [{"impersonate": {"groups": ["system:masters"]}}]}}]}
```
```hujson good
{"groups": {"group:sre": ["alice@example.com"]}, "tagOwners": {"tag:k8s-operator": []},
 "grants": [{"src": ["group:sre"], "dst": ["tag:k8s-operator"], "ip": ["tcp:443"],
             "app": {"tailscale.com/cap/kubernetes": [{"impersonate": {"groups": ["system:masters"]}}]}}]}
```

## Source
Documentation of the Kubernetes operator; of Kubernetes RBAC.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC025", "k8s-system-masters", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each grant of `system:masters` to every member, to machines or to more."""
    exposure = exposure_of(context)
    for index, grant in enumerate(policy.grants or ()):
        for capability in grant.app:
            if capability.name not in _NAMES or "system:masters" not in json.dumps(capability.values):
                continue
            sources = exposure.view.sources_of_rule(exposure.view.resolved.grants[index])
            machines = [each for each in grant.src if each.kind == "tag"]
            if exposure.any_member(sources) or exposure.any_tagged(sources):
                who = "every device" if exposure.any_tagged(sources) else "every member"
            elif machines:
                who = f"whoever takes over a device of {named(each.text for each in machines)}"
            else:
                continue
            yield CODE.at(
                capability.place,
                f"{who} may do everything in the cluster, being of `system:masters`",
                help="name the group that runs the cluster, and give the others a group with fewer rights",
            )


_NAMES = {"tailscale.com/cap/kubernetes", "https://tailscale.com/cap/kubernetes"}


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
