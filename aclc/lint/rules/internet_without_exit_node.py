"""The internet is granted, but the tailnet has no exit node.

## Why is this bad?
`autogroup:internet` is what lies behind exit nodes. Without any, the rule opens nothing.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```
```json tailnet
{"schema_version": 1, "users": [{"login": "alice@example.com"}], "nodes": [
    {"name": "laptop", "addresses": ["100.64.0.1"], "user": "alice@example.com"}]}
```

## Source
Captured: the rule reaches devices whose default route is approved, and no others.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import view_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD014", "internet-without-exit-node", Severity.INFO)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each such destination on a tailnet without exit nodes; silent without a tailnet."""
    if context.tailnet is None or not context.tailnet.nodes or view_of(context).resolved.exit_nodes:
        return
    for position in ("acls.dst", "grants.dst"):
        for selector in context.uses.at(position, "autogroup"):
            if selector.name == "autogroup:internet":
                for place in context.uses.places(position, selector):
                    yield CODE.at(
                        place,
                        "no device is an approved exit node, so there is no internet to reach",
                        help="approve an exit node by hand or by `autoApprovers`, or remove this",
                    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
