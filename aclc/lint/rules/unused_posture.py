"""A posture is defined but no rule asks for it.

## Why is this bad?
A posture guards nothing by being defined: devices that do not meet it keep all their access.

## Example
```hujson bad
{"postures": {"posture:managed": ["node:os == 'macos'"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"postures": {"posture:managed": ["node:os == 'macos'"]},
 "grants": [{"src": ["autogroup:member"], "srcPosture": ["posture:managed"],
             "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
Documentation of device posture: postures apply where `srcPosture` or `defaultSrcPosture` names them.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD005", "unused-posture", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each posture that stands nowhere but in its definition."""
    if not context.is_whole:
        return
    for name, entry in policy.postures.items():
        if name not in context.mentioned:
            yield CODE.at(
                entry.place.key,
                f"the posture {shown(name)} is never used",
                help="name it in the `srcPosture` of the rules that it shall guard, or remove it",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
