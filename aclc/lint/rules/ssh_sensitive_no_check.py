"""Sessions on production machines or on those with secrets open unasked.

## Why is this bad?
These machines are what an attacker with a stolen laptop is after. With `check`, a fresh sign-in stands in between.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:prod-db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:prod-db"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "accept", "src": ["group:dev"], "dst": ["tag:prod-db"], "users": ["ubuntu"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:prod-db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:prod-db"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["group:dev"], "dst": ["tag:prod-db"], "users": ["ubuntu"]}]}
```

## Source
Documentation of check mode. What is sensitive is told by the words of the tag's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of, named, sounds_sensitive
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC012", "ssh-sensitive-no-check", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each entry that lets people in unasked on a tag with such a name; root and everybody are other rules'."""
    exposure = exposure_of(context)
    reported = {session.rule for session in exposure.unchecked("root")}
    for session in exposure.sessions:
        rule = (policy.ssh or ())[session.rule]
        people = [each.text for each in rule.src if each.kind != "tag" and each.name != "autogroup:tagged"]
        if session.mode == "check" or session.rule in reported or not people:
            continue
        if exposure.any_member(exposure.view.sources.of_nodes(session.sources)):
            continue
        for at, dst in enumerate(rule.dst):
            if sounds_sensitive(dst):
                yield CODE.at(
                    rule.place.at("dst", at),
                    f"{named(people)} can open a session on {shown(dst.text)} without being asked again",
                    help="use the action `check`",
                )
                break


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
