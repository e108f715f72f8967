"""A service is a destination, but no approver in the policy knows it.

Services are defined in the admin console, so a policy may well name one that it says nothing else about. Where it does
say which services exist, in `autoApprovers.services`, a name that is missing there is often a slip.

## Why is this bad?
A rule to a service that does not exist gives no access.

## Example
```hujson bad
{"tagOwners": {"tag:k8s": []},
 "autoApprovers": {"services": {"svc:grafana": ["tag:k8s"]}},
 "grants": [{"src": ["*"], "dst": ["svc:graphana"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:k8s": []},
 "autoApprovers": {"services": {"svc:grafana": ["tag:k8s"]}},
 "grants": [{"src": ["*"], "dst": ["svc:grafana"], "ip": ["tcp:443"]}]}
```

## Source
Documentation of services.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("REF007", "undefined-service", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give services that no approver names, in a policy whose approvers name all services one by one.

    An approver entry for a tag is for whatever services that tag's nodes offer, so nothing can be said then.
    """
    known = [service.name for service in policy.auto_approvers.services]
    if not known or any(not name.startswith("svc:") for name in known):
        return
    for position, selector in context.uses.of_kind("service"):
        if selector.name in known or position not in {"acls.dst", "grants.dst"}:
            continue
        near = context.guesses.near(selector.name.removeprefix("svc:"), [name.removeprefix("svc:") for name in known])
        for place in context.uses.places(position, selector)[:1]:
            yield CODE.at(
                place,
                f"service {shown(selector.text)} is in no approver",
                help=f"did you mean {shown('svc:' + near)}?"
                if near
                else "add it to `autoApprovers.services`, if it exists",
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
