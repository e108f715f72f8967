"""Exit nodes are approved, but nobody may use them.

## Why is this bad?
An exit node serves those for whom a rule opens `autogroup:internet`. For everybody else it is not even in the list.

## Example
```hujson bad
{"tagOwners": {"tag:exit": []}, "autoApprovers": {"exitNode": ["tag:exit"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:exit"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:exit": []}, "autoApprovers": {"exitNode": ["tag:exit"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
tailscale/tailscale#1742, #3755, #17218; juanfont/headscale#3361. 97 of 1,873 committed policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD013", "exit-node-without-internet", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding where `exitNode` names somebody and no rule opens public addresses; rules that open the exit
    nodes themselves are noted."""
    approvers = policy.auto_approvers
    exposure = exposure_of(context)
    if not approvers.exit_node or approvers.place is None or not context.is_whole:
        return
    if any(edge.targets & exposure.internet for edge in exposure.edges):
        return
    tags = {each.name for each in approvers.exit_node if each.kind == "tag"}
    mistaken = {exposure.dst(edge).path: edge for edge in exposure.edges if edge.dst.name in tags}
    yield CODE.at(
        approvers.place.at("exitNode"),
        "exit nodes are approved, but no rule lets anybody use them",
        help="add a rule with `autogroup:internet` in its `dst`",
        notes=[
            exposure.note(edge, "this opens the exit node itself, not the internet behind it")
            for edge in list(mistaken.values())[:3]
        ],
    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
