"""`autogroup:danger-all` stands elsewhere than in `src` of an acl or a grant.

## Why is this bad?
The control plane refuses the file. `autogroup:danger-all` is every address there is, inside the tailnet or not: a
source only.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:danger-all"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:danger-all"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
Capture grant-k7; documentation of autogroups.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("VAL013", "danger-all-misuse", Severity.ERROR)

_REFUSALS = {"acls.dst": "danger-all-dst", "grants.dst": "danger-all-dst", "ssh.src": "ssh-src"}


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give `autogroup:danger-all` where it may not stand."""
    for position, selector in context.misplaced.get(CODE.slug, ()):
        is_destination = position in {"acls.dst", "grants.dst"}
        noun = context.dialect.positions[position].noun
        control = context.dialect.control(_REFUSALS.get(position, ""), selector=go_quoted(selector.text))
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"{shown(selector.text)} cannot be a destination"
                if is_destination
                else f"{shown(selector.text)} is not allowed in {noun}",
                help="write `*` for every destination" if is_destination else "it is for `src` of acls and grants only",
                control=control,
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
