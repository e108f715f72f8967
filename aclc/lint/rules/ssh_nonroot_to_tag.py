"""People may use any login but root on servers.

## Why is this bad?
`autogroup:nonroot` is every account of the machine, also those of services and of other people. Where an account may
use `sudo`, it is root by another name.

## Example
```hujson bad
{"tagOwners": {"tag:server": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["autogroup:nonroot"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:22"]}]}
```
```hujson good
{"tagOwners": {"tag:server": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["deploy"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:22"]}]}
```

## Source
33 % of 136 public policies; tailscale/tailscale#20634, #20642 (other names of user 0).
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC010", "ssh-nonroot-to-tag", Severity.INFO)


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each `autogroup:nonroot` on tagged devices."""
    for rule in policy.ssh or ():
        servers = [each.text for each in rule.dst if each.kind == "tag" or each.name == "autogroup:tagged"]
        for at, login in enumerate(rule.users or ()):
            if login == "autogroup:nonroot" and servers:
                yield CODE.at(
                    rule.place.at("users", at),
                    f"any login but root may be used on {named(servers)}",
                    help="name the logins, or write `localpart:*@` and your domain for everybody's own",
                )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
