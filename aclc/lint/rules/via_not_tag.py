"""`via` names something that is not a tag.

## Why is this bad?
The control plane refuses the file: the routers that traffic has to go through are chosen by tag, never by name or
address.

## Example
```hujson bad
{"hosts": {"office-router": "100.64.0.9"},
 "grants": [{"src": ["*"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["office-router"]}]}
```
```hujson good
{"tagOwners": {"tag:office-router": []},
 "grants": [{"src": ["*"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:office-router"]}]}
```

## Source
A capture of the grant suite; documentation of `via`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("VAL015", "via-not-tag", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give everything in `via` that is not a tag."""
    control = context.dialect.control("via-kind")
    for position, selector in context.misplaced.get(CODE.slug, ()):
        tag = f"tag:{selector.text}"
        help = f"did you mean {shown(tag)}?" if tag in policy.tag_owners else "give the routers a tag and name that"
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place, f"{shown(selector.text)} is not a tag, and `via` takes nothing else", help=help, control=control
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
