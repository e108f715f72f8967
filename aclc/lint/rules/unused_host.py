"""An alias in `hosts` is never used.

## Why is this bad?
The alias suggests that some rule speaks of the address. Often a rule names the address itself, and a change of the
alias then changes nothing.

## Example
```hujson bad
{"hosts": {"printer": "10.0.0.9", "nas": "10.0.0.8"},
 "grants": [{"src": ["autogroup:member"], "dst": ["nas"], "ip": ["tcp:445"]}]}
```
```hujson good
{"hosts": {"nas": "10.0.0.8"},
 "grants": [{"src": ["autogroup:member"], "dst": ["nas"], "ip": ["tcp:445"]}]}
```

## Source
17 % of 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.mentions import mentioned_in
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.unused import Unused, Words, unused_names
from aclc.policy.model import Policy

CODE = Code("DEAD003", "unused-host", Severity.WARNING)

_WORDS = Words(
    "the host alias {} is never used, so no rule is about that address by this name",
    "{} host aliases are never used: {}",
    "remove it, or use it where its address stands now",
)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each host alias that stands nowhere but in its definition."""
    if not context.is_whole:
        return
    found = [Unused(name, entry.place) for name, entry in policy.hosts.items() if name not in mentioned_in(context)]
    yield from unused_names(policy, CODE, _WORDS, found)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
