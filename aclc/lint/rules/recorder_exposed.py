"""Every member can open the page on which recorded sessions are watched.

## Why is this bad?
Recordings show what was typed and printed, passwords and customer data among it. The recorder serves them on port 443
to whoever can reach it.

## Example
```hujson bad
{"tagOwners": {"tag:server": [], "tag:recorder": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"],
          "recorder": ["tag:recorder"], "enforceRecorder": true}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server", "tag:recorder"], "ip": ["tcp:22", "tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:server": [], "tag:recorder": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"],
          "recorder": ["tag:recorder"], "enforceRecorder": true}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:22", "tcp:443"]}]}
```

## Source
Documentation of SSH session recording.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.net import TCP
from aclc.policy.model import Policy

CODE = Code("SEC014", "recorder-exposed", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule by which every member reaches port 443 of a recorder of `ssh`."""
    exposure = exposure_of(context)
    names = exposure.view.resolved.names
    tags = dict.fromkeys(each.name for rule in policy.ssh or () for each in rule.recorder)
    for tag in tags:
        targets = exposure.view.targets.of_nodes(names.tag(tag)) & exposure.view.live
        for edge in () if exposure.allows_all else exposure.edges:
            if edge.is_self or not edge.targets & targets or not edge.opens(TCP, 443):
                continue
            if exposure.any_member(edge.src):
                yield CODE.at(
                    exposure.dst(edge),
                    f"every member can watch what {shown(tag)} recorded, since port 443 of it is open to them",
                    help="open port 443 to those alone who audit",
                )
                break


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
