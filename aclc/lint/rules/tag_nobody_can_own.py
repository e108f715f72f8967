"""A tag has no owner, so that only admins can apply it.

## Why is this bad?
It need not be: admins can apply any tag, and keys and OAuth clients may carry it. Worth knowing when a device is
refused the tag with which it was started.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": ["autogroup:admin"]},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
26 % of 136 public policies; tailscale/tailscale#5812.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("DEAD007", "tag-nobody-can-own", Severity.INFO)


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each tag whose owners are none, only empty groups, or only tags of which that is true too."""
    for name, entry in policy.tag_owners.items():
        if not _has_owner(policy, name, ()):
            if entry.owners:
                message = f"the owners of {shown(name)} stand for nobody, so only admins can apply the tag"
            else:
                message = f"{shown(name)} has no owner, so only admins can apply the tag"
            yield CODE.at(entry.place.key, message, help="name `autogroup:admin` to say that this is meant")


def _has_owner(policy: Policy, tag: str, above: tuple[str, ...]) -> bool:
    entry = policy.tag_owners.get(tag)
    return entry is not None and any(_stands_for_somebody(policy, owner, (*above, tag)) for owner in entry.owners)


def _stands_for_somebody(policy: Policy, owner: Selector, above: tuple[str, ...]) -> bool:
    if owner.kind == "group":
        group = policy.groups.get(owner.name)
        return group is None or bool(group.members)
    if owner.kind == "tag":
        return owner.name not in above and _has_owner(policy, owner.name, above)
    return True


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
