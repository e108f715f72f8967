"""A tag is declared, but nothing in the policy speaks of it.

## Why is this bad?
A device with the tag loses its owner's access and gets none of its own: whoever tags a device in good faith cuts it
off. If the tag is a mere label, the reader still looks for the rule that must be missing.

## Example
```hujson bad
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]},
            {"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```

## Source
46 % of 136 public policies; documentation of tags (a tagged device is no longer its user's).
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD001", "unused-tag", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each tag of `tagOwners` that stands nowhere else. Rules for `*` or autogroup:tagged are no use of it."""
    if not context.is_whole:
        return
    carried = {tag for node in context.tailnet.nodes for tag in node.tags} if context.tailnet is not None else set()
    for name, entry in policy.tag_owners.items():
        if name in context.mentioned:
            continue
        more = ", though devices carry it" if name in carried else ""
        yield CODE.at(
            entry.place.key,
            f"no rule speaks of the tag {shown(name)}{more}",
            help="remove it once no device carries it, or write the rule that it was meant for",
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
