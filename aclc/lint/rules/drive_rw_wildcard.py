"""Whole kinds of devices may write to every shared folder.

## Why is this bad?
Whoever takes over any of these devices can change or encrypt every file that is shared there.

## Example
```hujson bad
{"tagOwners": {"tag:nas": []},
 "nodeAttrs": [{"target": ["tag:nas"], "attr": ["drive:share"]},
               {"target": ["autogroup:member"], "attr": ["drive:access"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:nas"],
             "app": {"tailscale.com/cap/drive": [{"shares": ["*"], "access": "rw"}]}}]}
```
```hujson good
{"tagOwners": {"tag:nas": []},
 "nodeAttrs": [{"target": ["tag:nas"], "attr": ["drive:share"]},
               {"target": ["autogroup:member"], "attr": ["drive:access"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:nas"],
             "app": {"tailscale.com/cap/drive": [{"shares": ["*"], "access": "ro"}]}}]}
```

## Source
Documentation of Taildrive; 8 uses in 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC026", "drive-rw-wildcard", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each such grant from every member or every tagged device; one's own devices do not count."""
    exposure = exposure_of(context)
    for index, grant in enumerate(policy.grants or ()):
        for capability in grant.app:
            values = capability.values if isinstance(capability.values, list) else []
            writes = [each for each in values if isinstance(each, dict) and _writes_all(each)]
            if capability.name != "tailscale.com/cap/drive" or not writes:
                continue
            sources = exposure.view.sources_of_rule(exposure.view.resolved.grants[index])
            is_member, is_tagged = exposure.any_member(sources), exposure.any_tagged(sources)
            if (is_member or is_tagged) and any(each.name != "autogroup:self" for each in grant.dst):
                who = (
                    "every device"
                    if is_member and is_tagged
                    else "every member"
                    if is_member
                    else "every tagged device"
                )
                yield CODE.at(
                    capability.place,
                    f"{who} may write to every folder shared by {named(each.text for each in grant.dst)}",
                    help="name the shares, write `ro`, or name the group that needs to write",
                )


def _writes_all(value: dict[str, object]) -> bool:
    shares = value.get("shares")
    return value.get("access") == "rw" and isinstance(shares, list) and "*" in shares


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
