"""An entry of `ssh` lets somebody in whom no rule lets reach port 22.

## Why is this bad?
A session needs both: the network rules must open TCP port 22 of the machine, and `ssh` must allow the login. Without
the first, the connection just times out.

## Example
```hujson bad
{"tagOwners": {"tag:server": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:443"]}],
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"]}]}
```
```hujson good
{"tagOwners": {"tag:server": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:443", "tcp:22"]}],
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"]}]}
```

## Source
Documentation of Tailscale SSH; tailscale/tailscale#12893.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import Exposure, exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.net import TCP
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.reach.powers.pivots import SSH_PORT
from aclc.resolve.node_sets import indices_of

CODE = Code("DEAD017", "ssh-without-network", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give the destinations that no source of their entry reaches, one finding an entry; and sources that reach none.

    Addresses of the tailnet's range may be any device, so a rule that names one is held to open what it may; and
    whoever is named may have any role.
    """
    if not context.is_whole:
        return
    exposure = exposure_of(context)
    for session in exposure.sessions:
        rule = (policy.ssh or ())[session.rule]
        sources = 0
        for src in rule.src:
            sources |= exposure.devices(src)
        reached = [_reaches(exposure, sources, dst) for dst in rule.dst]
        lost = [(at, dst) for at, (dst, is_reached) in enumerate(zip(rule.dst, reached, strict=True)) if not is_reached]
        if lost:
            place = rule.place.at("dst", lost[0][0]) if len(lost) < len(rule.dst) else rule.place.at("dst")
            yield CODE.at(
                place,
                f"no source of this entry can reach port 22 of {named(dst.text for _, dst in lost)}",
                help="open `tcp:22` to it in `grants` or `acls`: without, the entry lets nobody in",
            )
        for at, src in enumerate(rule.src if any(reached) and len(rule.src) > 1 else ()):
            nodes = exposure.devices(src)
            if nodes and not any(_reaches(exposure, nodes, dst) for dst in rule.dst):
                yield CODE.at(
                    rule.place.at("src", at),
                    f"{shown(src.text)} can reach port 22 of none of these destinations, so it opens no sessions",
                    help="open `tcp:22` to it in `grants` or `acls`, or remove it here",
                )


def _reaches(exposure: Exposure, nodes: int, dst: Selector) -> bool:
    view = exposure.view
    names = view.resolved.names
    if dst.name == "autogroup:self":
        return (
            any(
                exposure.may_open(1 << node, view.same_owner(view.targets, node) & view.live, TCP, SSH_PORT)
                for node in indices_of(nodes & names.members)
            )
            or not nodes & names.members
        )
    targets = view.targets.of_nodes(names.nodes(dst)) & view.live
    return not targets or exposure.may_open(nodes, targets, TCP, SSH_PORT)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
