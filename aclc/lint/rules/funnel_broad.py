"""Whole kinds of devices may be opened to the internet by Funnel.

## Why is this bad?
Funnel publishes a port of a device to everybody, past every rule of the policy. Who may use it decides alone, and often
by accident, what the world can reach.

## Example
```hujson bad
{"nodeAttrs": [{"target": ["autogroup:member"], "attr": ["funnel"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:public": []},
 "nodeAttrs": [{"target": ["tag:public"], "attr": ["funnel"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:public"], "ip": ["tcp:443"]}]}
```

## Source
15 % of 136 public policies, many because the first policy of a tailnet has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC024", "funnel-broad", Severity.WARNING)


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each target of `funnel` that is every member, every tagged device or everything."""
    for entry in policy.node_attrs:
        if "funnel" not in entry.attr:
            continue
        for at, target in enumerate(entry.target):
            who = _WHO.get(target.name)
            if who is not None:
                yield CODE.at(
                    entry.place.at("target", at),
                    f"{who} may publish its ports to the whole internet",
                    help="give `funnel` to the tag of the devices that are meant to be public, or remove it",
                    notes=[Note(entry.place.at("attr", entry.attr.index("funnel")).span, "Funnel is given here")],
                )


_WHO = {
    "*": "every device",
    "autogroup:member": "every member's device",
    "autogroup:tagged": "every tagged device",
}


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
