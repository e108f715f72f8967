"""The source of a test is somebody who does not belong to the tailnet.

## Why is this bad?
Such a person is no member, so what rules give `autogroup:member` is not tested. Often the address was made up to stand
for any member.

## Example
```json tailnet
{"schema_version": 1, "domains": ["example.com"], "users": [{"login": "alice@example.com"}], "nodes": []}
```
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "anybody@example.org", "deny": ["tag:web:22"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "deny": ["tag:web:22"]}]}
```

## Source
tailscale/tailscale issues 4416 and 4558. Needs a tailnet file with `domains`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("TST014", "test-user-outside-domain", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each test of a user who is neither in the tailnet file nor of one of its domains."""
    domains, tailnet = context.domains, context.tailnet
    if domains is None or tailnet is None:
        return
    known = {user.login for user in tailnet.users} | {node.user for node in tailnet.nodes}
    for test in policy.tests:
        if test.src is None or test.src.kind != "user" or test.src.name in known:
            continue
        if test.src.name.rpartition("@")[2] not in domains:
            people = ", ".join(shown(domain) for domain in domains)
            yield CODE.at(
                test.place.at("src"),
                f"{shown(test.src.text)} does not belong to the tailnet",
                help=f"name a member: the test says nothing of people of {people}",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
