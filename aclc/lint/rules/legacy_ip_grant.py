"""An address of the tailnet stands in a rule.

## Why is this bad?
It belongs to the device that has it today. When that device goes, another may get the address, and the access with it;
and the rule speaks of one of the device's two addresses only.

## Example
```hujson bad
{"grants": [{"src": ["100.64.0.7"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:kiosk": []},
 "grants": [{"src": ["tag:kiosk"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
29 % of 136 public policies have raw addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.net import WILDCARD
from aclc.policy.model import Policy
from aclc.policy.selectors import Kind

CODE = Code("SEC038", "legacy-ip-grant", Severity.INFO)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each single address of the tailnet's range that stands in a rule itself, or by way of a host alias."""
    policy = context.policy
    for position in ("acls.src", "acls.dst", "grants.src", "grants.dst"):
        for kind in _KINDS:
            for selector in context.uses.at(position, kind):
                host = policy.hosts.get(selector.name) if kind == "host" else None
                prefix = selector.prefix if host is None else host.prefix
                if prefix is None or not prefix.is_single or not WILDCARD.covers(prefix):
                    continue
                for place in context.uses.places(position, selector):
                    yield CODE.at(
                        place,
                        f"{shown(selector.text)} is whichever device has the address {prefix.cidr.partition('/')[0]}",
                        help="give the device a tag, or name its user",
                    )


_KINDS: tuple[Kind, ...] = ("prefix", "host")


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
