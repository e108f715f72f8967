"""Nobody reaches the devices with a tag, and they reach nobody.

## Why is this bad?
They might as well not be in the tailnet. Mostly the rule for them was forgotten, or removed with something else.

## Example
```hujson bad
{"tagOwners": {"tag:old": [], "tag:web": []},
 "nodeAttrs": [{"target": ["tag:old"], "attr": ["nextdns:abc"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:old": [], "tag:web": []},
 "nodeAttrs": [{"target": ["tag:old"], "attr": ["nextdns:abc"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web", "tag:old"], "ip": ["tcp:443"]}]}
```

## Source
np-guard, exposure analysis.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.mentions import mentioned_in
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD026", "unreachable-tag", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each such tag that is mentioned somewhere; what is mentioned nowhere is unused-tag's."""
    if not context.is_whole:
        return
    exposure = exposure_of(context)
    view = exposure.view
    for name, entry in policy.tag_owners.items():
        nodes = view.resolved.names.tag(name)
        sources, targets = view.sources.of_nodes(nodes), view.targets.at_nodes(nodes) & view.live
        is_used = any(edge.src & sources or edge.targets & targets for edge in exposure.widest)
        if name in mentioned_in(context) and not is_used:
            yield CODE.at(
                entry.place.key,
                f"nobody reaches the devices with {shown(name)}, and they reach nobody",
                help="write the rule that they need",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
