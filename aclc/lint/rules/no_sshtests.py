"""A policy lets people in over SSH, but has no test of that.

## Why is this bad?
`tests` look at the network only. Who becomes root on which machine is held by `sshTests` alone, and a wider `src` or
one more login in `users` passes unnoticed without them.

## Example
```hujson bad
{"tagOwners": {"tag:prod": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:prod"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:prod"], "users": ["ubuntu"]}]}
```
```hujson good
{"tagOwners": {"tag:prod": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:prod"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:prod"], "users": ["ubuntu"]}],
 "sshTests": [{"src": "alice@example.com", "dst": ["tag:prod"], "check": ["ubuntu"], "deny": ["root"]}]}
```

## Source
61 % of 136 public policies. An entry that only lets people into their own devices (`autogroup:self`) needs no test.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("TST003", "no-sshtests", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give one finding for entries of `ssh` that lead to devices of others, and no tests."""
    if policy.ssh_tests or not context.dialect.has_key("sshTests"):
        return
    if any(selector.name != "autogroup:self" for rule in policy.ssh or () for selector in rule.dst):
        yield CODE.at(
            policy.place.at("ssh").key,
            "these SSH rules have no tests, so who becomes `root` where can change unseen",
            help="add `sshTests`: who must get in as whom, and who must not become `root`",
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
