"""Shared folders are granted, but the attributes that switch sharing on are missing.

## Why is this bad?
Taildrive needs three things: `drive:share` on the devices that share, `drive:access` on those that read, and the grant.
Without the attributes the grant does nothing.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"],
             "app": {"tailscale.com/cap/drive": [{"shares": ["*"], "access": "rw"}]}}]}
```
```hujson good
{"nodeAttrs": [{"target": ["autogroup:member"], "attr": ["drive:share", "drive:access"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"],
             "app": {"tailscale.com/cap/drive": [{"shares": ["*"], "access": "rw"}]}}]}
```

## Source
Documentation of Taildrive; jsiebens/ionscale#62, juanfont/headscale#2146.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD019", "drive-cap-without-attr", Severity.WARNING)


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each grant of the capability where the whole policy lacks one of the attributes."""
    given = {attr for entry in policy.node_attrs for attr in entry.attr if entry.target}
    missing = [attr for attr in ("drive:share", "drive:access") if attr not in given]
    for grant in policy.grants or ():
        for capability in grant.app:
            if capability.name == "tailscale.com/cap/drive" and missing:
                yield CODE.at(
                    capability.place,
                    f"no device has the attribute {named(missing)}, so no folder is shared",
                    help="give the attributes to the devices in `nodeAttrs`",
                )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
