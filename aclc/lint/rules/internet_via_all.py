"""Every member may use every exit node.

## Why is this bad?
Traffic leaves by any of them, past whatever watches the office's own way out.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:exit": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"], "via": ["tag:exit"]}]}
```

## Source
Documentation of exit nodes and `via`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC029", "internet-via-all", Severity.INFO)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that opens the internet behind all exit nodes to every member."""
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    for edge in exposure.edges:
        if edge.dst.name == "autogroup:internet" and exposure.grant(edge).via is None and exposure.any_member(edge.src):
            yield CODE.at(
                exposure.dst(edge),
                "every member may use every exit node there is",
                help="steer them to the exit nodes that are meant with `via`",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
