"""`autogroup:members` is the old spelling of `autogroup:member`.

## Why is this bad?
Both are taken, but not everywhere and not both in one list; documentation and tools know the new one.

## Example
```hujson bad
{"tagOwners": {"tag:web": []}, "grants": [{"src": ["autogroup:members"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []}, "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
9 % of 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("MIG002", "deprecated-autogroup", Severity.WARNING)

OLD, NEW = "autogroup:members", "autogroup:member"


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding for all old spellings of a file."""
    found = [
        place
        for position, selector in context.uses.of_kind("autogroup")
        if selector.text == OLD
        for place in context.uses.places(position, selector)
    ]
    spans = sorted({place.span for place in found}, key=lambda span: span.start)
    if not spans:
        return
    edits = []
    for span in spans:
        at = span.text.find(OLD)
        if at < 0:  # written with escapes
            return
        edits.append(Edit(span.within(at, at + len(OLD)), NEW))
    yield CODE.at(
        spans[0],
        f"{shown(OLD)} is an old spelling of {shown(NEW)}",
        help="rename it" if len(edits) == 1 else f"rename it in all {len(edits)} places",
        fix=Fix(f"write {NEW}", tuple(edits), safe=True),
    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
