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

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.mentions import mentioned_in
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.unused import Unused, Words, unused_names
from aclc.policy.model import Policy

CODE = Code("DEAD005", "unused-posture", Severity.WARNING)

_WORDS = Words(
    "the posture {} is never used, so it guards nothing",
    "{} postures are never used, so they guard nothing: {}",
    "name it in the `srcPosture` of the rules that it shall guard, or remove it",
)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each posture that stands nowhere but in its definition."""
    if not context.is_whole:
        return
    found = [Unused(name, entry.place) for name, entry in policy.postures.items() if name not in mentioned_in(context)]
    yield from unused_names(policy, CODE, _WORDS, found)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
