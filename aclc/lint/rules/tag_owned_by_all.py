"""Every member may apply a tag.

## Why is this bad?
A device with the tag is trusted as one of its kind: others send it what is meant for that service, and whatever the tag
is allowed later is allowed to every member at once.

## Example
```hujson bad
{"tagOwners": {"tag:web": ["autogroup:member"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": ["autogroup:admin"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
1.5 % of 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.takeover import takeover_of
from aclc.policy.model import Policy
from aclc.reach.powers.powers import tag_powers

CODE = Code("SEC017", "tag-owned-by-all", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each tag that every member owns, directly or by a tag; what they gain by it is tag-owner-escalation's."""
    reported = {each.tag for each in takeover_of(context).escalations if each.who.name == "autogroup:member"}
    for (who, tag), through in tag_powers(policy).items():
        if who != "autogroup:member" or tag in reported:
            continue
        entry = policy.tag_owners[tag]
        direct = through[-1] if through else who
        at = next(index for index, owner in enumerate(entry.owners) if owner.name == direct)
        way = f" by way of {shown(direct)}" if through else ""
        yield CODE.at(
            entry.place.at(at),
            f"every member may apply {shown(tag)}{way}, so any device can pose as one of its kind",
            help="name `autogroup:admin` or the group that runs these devices",
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
