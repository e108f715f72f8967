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

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.mentions import mentioned_in
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.unused import Unused, Words, unused_names
from aclc.policy.model import Policy

CODE = Code("DEAD001", "unused-tag", Severity.WARNING)

_WORDS = Words(
    "no rule speaks of the tag {}, so it gives a device nothing of its own",
    "no rule speaks of these {} tags: {}",
    "remove a tag once no device carries it, or write the rule that it was meant for",
    is_safe=False,
)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each tag of `tagOwners` that stands nowhere else. Rules for `*` or autogroup:tagged are no use of it; where
    everything is open anyway, tags are there for something else."""
    if not context.is_whole or exposure_of(context).allows_all:
        return
    carried = {tag for node in context.tailnet.nodes for tag in node.tags} if context.tailnet is not None else set()
    found = [
        Unused(name, entry.place, " (devices carry it)" if name in carried else "")
        for name, entry in policy.tag_owners.items()
        if name not in mentioned_in(context)
    ]
    yield from unused_names(policy, CODE, _WORDS, found)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
