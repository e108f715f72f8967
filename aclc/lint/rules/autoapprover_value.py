"""An approver is something that can approve nothing.

## Why is this bad?
The control plane refuses the file. Routes are approved for the nodes of an approver: users, groups, tags and autogroups
of people. Hosts, addresses and `*` are none of these.

## Example
```hujson bad
{"autoApprovers": {"exitNode": ["*"]}}
```
```hujson bad
{"hosts": {"router": "100.64.0.9"}, "autoApprovers": {"routes": {"10.0.0.0/8": ["router"]}}}
```
```hujson good
{"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router", "autogroup:admin"]}}}
```

## Source
Documentation of `autoApprovers`; juanfont/headscale#2089, #2570.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Diagnostic, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.read_names import APPROVED_ROUTE

CODE = APPROVED_ROUTE


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give approvers of a kind that the dialect does not take; the reader does routes that are no CIDR."""
    for position, selector in context.misplaced.get(CODE.slug, ()):
        tag = f"tag:{selector.text}"
        help = context.guesses.help(selector) if selector.kind == "host" and selector.name not in policy.hosts else None
        if tag in policy.tag_owners:
            help = f"did you mean {shown(tag)}?"
        elif selector.kind == "autogroup" and selector.name not in context.dialect.autogroups:
            near = context.guesses.near(selector.text, context.dialect.autogroups)
            help = f"did you mean `{near}`?" if near else None
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"{shown(selector.text)} cannot be an approver",
                help=help or "approvers are users, groups, tags, `autogroup:member`, `autogroup:tagged` and roles",
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
