"""A rule names a single person.

## Why is this bad?
When they leave or change their job, every such rule has to be found. A group is changed in one place.

## Example
```hujson bad
{"grants": [{"src": ["alice@example.com"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"groups": {"group:travel": ["alice@example.com"]},
 "grants": [{"src": ["group:travel"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
276 uses in 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC040", "individual-user-selector", Severity.INFO)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each login in `src` of a rule, at its first place only."""
    seen: set[str] = set()
    for position in ("acls.src", "grants.src", "ssh.src"):
        for selector in context.uses.at(position, "user"):
            if selector.name not in seen:
                seen.add(selector.name)
                places = context.uses.places(position, selector)
                yield CODE.at(
                    places[0],
                    f"the rule is for {shown(selector.text)} alone",
                    help="put them into a group that says why, and name the group here",
                )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
