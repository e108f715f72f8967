"""A rule opens a network that no device of the tailnet serves.

## Why is this bad?
The rule says who may; a router says how. Without a device that advertises the network, and whose route is approved, no
packet gets there.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self", "10.0.0.0/24"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self", "10.1.0.0/24"], "ip": ["*"]}]}
```
```json tailnet
{"schema_version": 1, "users": [{"login": "alice@example.com"}], "nodes": [
    {"name": "laptop", "addresses": ["100.64.0.1"], "user": "alice@example.com"},
    {"name": "phone", "addresses": ["100.64.0.3"], "user": "alice@example.com"},
    {"name": "router", "addresses": ["100.64.0.2"], "user": "alice@example.com",
     "advertised_routes": ["10.1.0.0/16"], "approved_routes": ["10.1.0.0/16"]}]}
```

## Source
tailscale/tailscale#7921.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import view_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("DEAD012", "granted-subnet-without-router", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each address or network in `dst` that is no device's own and behind no approved route, where the rule opens
    something else; where it opens nothing, rule-matches-no-node says so. Silent without a tailnet."""
    if context.tailnet is None or not context.tailnet.nodes:
        return
    view = view_of(context)
    working = {edge.grant for edge in view.edges}
    for index, grant in enumerate(view.resolved.grants):
        seen: set[Selector] = set()
        for part in grant.parts if index in working and grant.via is None else ():
            for network in part.networks:
                for target in network.targets:
                    dst = target.selector
                    if dst.kind not in {"prefix", "host", "ipset"} or dst in seen or not target.items:
                        continue
                    if not view.targets_of(dst):
                        seen.add(dst)
                        yield CODE.at(
                            grant.place.at("dst", target.items[0].dst),
                            f"no device has or serves an address of {shown(dst.text)}",
                            help="approve the route on a subnet router, or remove the destination",
                        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
