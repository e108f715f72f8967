"""A session over SSH on a router leads to a network that its user may not reach.

## Why is this bad?
A subnet router stands in the network that it serves. Who has a shell on it is in that network, past every rule: the
rules about the network do not ask who uses the router itself.

## Example
```hujson bad
{"groups": {"group:ops": ["alice@example.com"], "group:lab": ["bob@example.com"]},
 "tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"]}},
 "grants": [{"src": ["group:lab"], "dst": ["10.1.0.0/16"], "ip": ["*"]},
            {"src": ["group:ops"], "dst": ["tag:router"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["group:ops"], "dst": ["tag:router"], "users": ["root"]}]}
```
```hujson good
{"groups": {"group:ops": ["alice@example.com"], "group:lab": ["bob@example.com"]},
 "tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.1.0.0/16": ["tag:router"]}},
 "grants": [{"src": ["group:lab", "group:ops"], "dst": ["10.1.0.0/16"], "ip": ["*"]},
            {"src": ["group:ops"], "dst": ["tag:router"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["group:ops"], "dst": ["tag:router"], "users": ["root"]}]}
```

## Source
How subnet routers work: they forward packets into a network that they are part of.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.routes import routes_of
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.takeover import takeover_of
from aclc.net import TCP
from aclc.policy.model import Policy, RouteApprover
from aclc.policy.selectors import Selector
from aclc.reach.powers.pivots import SSH_PORT
from aclc.reach.powers.ssh import SshEdge

CODE = Code("SEC032", "reach-through-router", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each entry of `ssh` to the tag of a router by which somebody comes to a network that is closed to them.

    Once per entry. Networks that no rule opens to anybody are approved-route-unreachable's, default routes stand for no
    network by name.
    """
    routers: dict[str, list[RouteApprover]] = {}
    for route in policy.auto_approvers.routes:
        if route.prefix is not None and not route.prefix.is_default_route:
            for approver in route.approvers:
                if approver.kind == "tag":
                    routers.setdefault(approver.name, []).append(route)
    if not routers or exposure_of(context).allows_all:
        return
    for session in exposure_of(context).sessions:
        found = next(_ways(policy, context, session, routers), None)
        if found is not None:
            at, who, tag, route = found
            rule = (policy.ssh or ())[session.rule]
            yield CODE.at(
                rule.place.at("dst", at),
                f"over SSH to the router {shown(tag)}, {shown(who.text)} can go on into {shown(route.text)}, "
                "which is closed to them",
                help="close the router to them, or grant the network openly",
                notes=[Note(route.place.key, f"devices with {shown(tag)} serve this network")],
            )


def _ways(
    policy: Policy, context: Context, session: SshEdge, routers: dict[str, list[RouteApprover]]
) -> Iterator[tuple[int, Selector, str, RouteApprover]]:
    exposure, takeover = exposure_of(context), takeover_of(context)
    view = exposure.view
    rule = (policy.ssh or ())[session.rule]
    for at, dst in enumerate(rule.dst):
        for tag in [dst.name] if dst.name in routers else routers if dst.name == "autogroup:tagged" else ():
            doors = view.targets.of_nodes(view.resolved.names.tag(tag)) & view.live
            for who in rule.src:
                nodes = takeover.nodes(who) & session.sources
                if not nodes or who.name == tag or takeover.may_change_all(who):
                    continue
                if not exposure.opens(nodes, doors, TCP, SSH_PORT):
                    continue
                sources = takeover.sources(who)
                for route in routers[tag]:
                    assert route.prefix is not None
                    into = routes_of(context).into(route.prefix)
                    if into and not any(edge.src & sources for edge in into):
                        yield at, who, tag, route


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
