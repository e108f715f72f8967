"""Every member, or every tagged device, can open sessions on servers unasked.

## Why is this bad?
A member who was invited to use one service has a shell on the machines that run it. From every tagged device it is
worse: the weakest of them leads to the others.

## Example
```hujson bad
{"tagOwners": {"tag:server": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["ubuntu"]}]}
```
```hujson good
{"groups": {"group:ops": ["alice@example.com"]}, "tagOwners": {"tag:server": []},
 "grants": [{"src": ["group:ops"], "dst": ["tag:server"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "accept", "src": ["group:ops"], "dst": ["tag:server"], "users": ["ubuntu"]}]}
```

## Source
Captured: which entry of `ssh` a client applies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.reach.powers.ssh import OWN_NAME

CODE = Code("SEC011", "ssh-broad", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each such entry, `check` and those that ssh-root-no-check speaks of left out."""
    exposure = exposure_of(context)
    reported = {session.rule for session in exposure.unchecked("root")}
    for session in exposure.sessions:
        sources = exposure.view.sources.of_nodes(session.sources)
        is_member, is_tagged = exposure.any_member(sources), exposure.any_tagged(sources)
        own_names_only = session.logins <= {OWN_NAME}
        if session.mode == "check" or session.rule in reported or not session.targets or own_names_only:
            continue
        if is_member or is_tagged:
            rule = (policy.ssh or ())[session.rule]
            where = named(each.text for each in rule.dst if each.name != "autogroup:self")
            yield CODE.at(
                rule.place.at("src"),
                f"every {'member' if is_member else 'tagged device'} can open a session on {where} unasked",
                help="name the group that runs these machines, or use the action `check` for people",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
