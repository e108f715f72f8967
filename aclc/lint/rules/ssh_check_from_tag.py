"""An ssh rule asks tagged devices to log in again.

## Why is this bad?
`check` sends a person to a browser. Behind a tagged device there is nobody to send, so nobody gets in; control planes
have refused such rules.

## Example
```hujson bad
{"tagOwners": {"tag:ci": [], "tag:web": []},
 "ssh": [{"action": "check", "src": ["tag:ci"], "dst": ["tag:web"], "users": ["deploy"]}]}
```
```hujson good
{"tagOwners": {"tag:ci": [], "tag:web": []},
 "ssh": [{"action": "accept", "src": ["tag:ci"], "dst": ["tag:web"], "users": ["deploy"]}]}
```

## Source
Documentation of ssh check mode.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

# WHY no error: the last report of a refusal is from 2023.
CODE = Code("VAL020", "ssh-check-from-tag", Severity.WARNING)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give tagged sources of rules with action `check`."""
    for rule in policy.ssh or ():
        for index, source in enumerate(rule.src if rule.action == "check" else ()):
            if source.kind == "tag" or source.name == "autogroup:tagged":
                yield CODE.at(
                    rule.place.at("src", index),
                    f"nobody can log in again for {shown(source.text)}, as `check` asks",
                    help="use `accept` for tagged sources, in a rule of their own",
                )


RULE = PolicyRule(CODE, check, __doc__ or "")
