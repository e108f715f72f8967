"""Every device may share its folders.

## Why is this bad?
`drive:share` lets whoever sits at a device, or took it over, publish its folders to all whom a grant lets read them.
Servers with data are among "every device".

## Example
```hujson bad
{"nodeAttrs": [{"target": ["*"], "attr": ["drive:share", "drive:access"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"],
             "app": {"tailscale.com/cap/drive": [{"shares": ["*"], "access": "ro"}]}}]}
```
```hujson good
{"tagOwners": {"tag:nas": []},
 "nodeAttrs": [{"target": ["tag:nas"], "attr": ["drive:share"]}, {"target": ["*"], "attr": ["drive:access"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:nas"], "ip": ["*"],
             "app": {"tailscale.com/cap/drive": [{"shares": ["*"], "access": "ro"}]}}]}
```

## Source
Documentation of Taildrive. `funnel` for every device is funnel-broad's.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC028", "nodeattr-wildcard", Severity.INFO)

_SHARE = "drive:share"
_WHO = {"*": "every device", "autogroup:tagged": "every machine"}


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each target of `drive:share` that is every device or every machine."""
    for entry in policy.node_attrs:
        for at, target in enumerate(entry.target if _SHARE in entry.attr else ()):
            if target.name in _WHO:
                yield CODE.at(
                    entry.place.at("target", at),
                    f"{_WHO[target.name]} may share its folders",
                    help="give `drive:share` to the tag of the devices that are there to share",
                    notes=[Note(entry.place.at("attr", entry.attr.index(_SHARE)).span, "sharing is given here")],
                )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
