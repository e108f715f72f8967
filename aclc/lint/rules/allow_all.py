"""Taken together, the rules let every device reach every other on every port.

## Why is this bad?
One lost laptop or one broken service is enough to reach all there is: the policy adds nothing to the encryption. Other
rules have no effect beside it, since rules only allow.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["*"], "ip": ["*"]},
            {"src": ["autogroup:tagged"], "dst": ["autogroup:member", "autogroup:tagged"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]},
            {"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
31 % of 136 public policies. Decided by meaning: `*`, `0.0.0.0/0` with `::/0`, and several rules that add up are the
same.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.exposure import exposure_of, view_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.reach.graph.space import Edge

CODE = Code("SEC001", "allow-all", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding where every member and every tagged device reaches all others; a policy without any rules is
    another rule's."""
    exposure = exposure_of(context)
    if not context.is_whole:
        return
    edges = exposure.allows_all or _on_tailnet(context)
    rules = list(dict.fromkeys(edge.grant for edge in edges))
    if not rules:
        return
    grants = [exposure.view.resolved.grants[rule] for rule in rules]
    if len(rules) == 1:
        message = "this rule lets every device reach every other on every port"
    else:
        message = f"these {len(rules)} rules together let every device reach every other on every port"
    yield CODE.at(
        grants[0].place,
        message,
        help="give each group and tag what it needs, then take this away; `aclc diff` shows what is lost",
        notes=[Note(grant.place.span, "together with this one") for grant in grants[1:5]],
    )


def _on_tailnet(context: Context) -> tuple[Edge, ...]:
    """Give one rule that does it on the given tailnet alone: a group may hold everybody there is.

    A tailnet of one person says nothing: there, every rule for that person is one for all.
    """
    if context.tailnet is None:
        return ()
    view = view_of(context)
    names = view.resolved.names
    if len({owner for owner in names.owners if owner is not None}) < 2:
        return ()
    own = view.sources.of_nodes(names.members | names.tagged)
    targets = view.targets.of_nodes(names.members | names.tagged) & view.live
    for edge in view.edges:
        if own & ~edge.src or targets & ~edge.targets or edge.is_self or edge.protocol is not None:
            continue
        if exposure_of(context).opens_every_port(edge):
            return (edge,)
    return ()


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
