"""The source of a test is a user who has no device of their own in the tailnet.

## Why is this bad?
The test passes or fails for nobody. Where all that the person works with is tagged, rules for the person do not mean
these devices, and the test says nothing of them.

## Example
```json tailnet
{"schema_version": 1, "users": [{"login": "alice@example.com"}, {"login": "bob@example.com"}],
 "nodes": [{"name": "laptop", "addresses": ["100.64.0.1"], "user": "alice@example.com"},
           {"name": "bobs-desktop", "addresses": ["100.64.0.2"], "tags": ["tag:web"]}]}
```
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "bob@example.com", "accept": ["tag:web:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "accept": ["tag:web:443"]}]}
```

## Source
tailscale/tailscale#8726: a tagged device is no longer its user's. Needs a tailnet file with nodes.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("TST015", "test-user-without-device", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each test of somebody whom the tailnet file lists, but without an untagged device; once per user."""
    tailnet = context.tailnet
    if tailnet is None or not tailnet.nodes:
        return
    known = {user.login for user in tailnet.users}
    owners = {node.user for node in tailnet.nodes if not node.tags}
    told: set[str] = set()
    for test in policy.tests:
        if test.src is None or test.src.kind != "user" or test.src.name not in known - owners - told:
            continue
        told.add(test.src.name)
        yield CODE.at(
            test.place.at("src"),
            f"{shown(test.src.text)} has no device that is not tagged, so this test speaks of nobody's traffic",
            help="test the tag of the devices, or a person with a device",
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
