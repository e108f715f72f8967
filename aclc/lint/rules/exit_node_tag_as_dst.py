"""A rule names the tag of the exit nodes, and its sources may not use them.

## Why is this bad?
The tag is the exit node itself. To use it, `autogroup:internet` has to be open; `via` says which exit nodes.

## Example
```hujson bad
{"groups": {"group:travel": ["alice@example.com"]}, "tagOwners": {"tag:exit": []},
 "autoApprovers": {"exitNode": ["tag:exit"]},
 "grants": [{"src": ["group:travel"], "dst": ["tag:exit"], "ip": ["*"]},
            {"src": ["autogroup:admin"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"groups": {"group:travel": ["alice@example.com"]}, "tagOwners": {"tag:exit": []},
 "autoApprovers": {"exitNode": ["tag:exit"]},
 "grants": [{"src": ["group:travel"], "dst": ["autogroup:internet"], "ip": ["*"], "via": ["tag:exit"]},
            {"src": ["autogroup:admin"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
tailscale/tailscale#17218, #16219, #3755; juanfont/headscale#2784, #2835.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD030", "exit-node-tag-as-dst", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each destination that is a tag of `exitNode` with `exit` in its name and all ports, where none of the
    sources may use an exit node; where nobody may, exit-node-without-internet says so."""
    exposure = exposure_of(context)
    tags = {each.name for each in policy.auto_approvers.exit_node if each.kind == "tag" and "exit" in each.name.lower()}
    users = 0
    for edge in exposure.edges if tags else ():
        if edge.targets & exposure.internet:
            users |= edge.src
    if not users:
        return
    for edge in exposure.edges:
        if edge.dst.name in tags and exposure.opens_every_port(edge) and not edge.src & users:
            yield CODE.at(
                exposure.dst(edge),
                f"{shown(edge.dst.text)} is the exit node alone, which its sources may not use as one",
                help="open `autogroup:internet` to them, with `via` to name these exit nodes",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
