"""`randomizeClientPort` is set for the whole tailnet.

## Why is this bad?
It is an option for all devices at once. As a node attribute the same is said of the devices that need it, and other
control planes know only that.

## Example
```hujson bad
{"randomizeClientPort": true, "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```
```hujson good
{"nodeAttrs": [{"target": ["*"], "attr": ["randomize-client-port"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```

## Source
Documentation of node attributes; juanfont/headscale issue 2901. Only in the strict profile.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("MIG005", "top-level-client-port", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give one finding where the option is on."""
    if policy.randomize_client_port:
        yield CODE.at(
            policy.place.at("randomizeClientPort").key,
            f"{shown('randomizeClientPort')} holds for every device",
            help="write a node attribute `randomize-client-port` for the devices that need it",
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
