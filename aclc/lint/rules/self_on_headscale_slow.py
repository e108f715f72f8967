"""Headscale works out `autogroup:self` and `via` for every node apart, and there are many nodes.

Asked only of Headscale, with a tailnet file of more than 300 nodes.

## Why is this bad?
With either in the policy each change is worked out for each node by itself. Servers with 300 to 650 nodes have been
kept busy by it for minutes, so that clients could not connect.

## Example
Too long to show: it takes 301 nodes. The examples are for `headscale@0.29`.
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```

## Source
Documentation of Headscale (policy, `autogroup:self`); juanfont/headscale#3358, #3423.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.source import Place

CODE = Code("OPS002", "self-on-headscale-slow", Severity.INFO)

MANY_NODES = 300
"""Nodes up to which nothing is said; the smallest server with a report of it had 310."""

SELF = "autogroup:self"


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give the first rule that makes every node a case of its own."""
    if context.tailnet is None or not context.dialect.is_headscale or len(context.tailnet.nodes) <= MANY_NODES:
        return
    place = _first(policy)
    if place is not None:
        yield CODE.at(
            place,
            f"with {len(context.tailnet.nodes)} nodes this keeps Headscale busy, which works it out for each apart",
            help="name users or tags instead, a rule for each: `alice@` to `alice@`",
        )


def _first(policy: Policy) -> Place | None:
    for acl in policy.acls or ():
        for index, destination in enumerate(acl.dst):
            if destination.selector.name == SELF:
                return acl.place.at("dst", index)
    for grant in policy.grants or ():
        if grant.via:
            return grant.place.at("via")
        for index, selector in enumerate(grant.dst):
            if selector.name == SELF:
                return grant.place.at("dst", index)
    return None


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
