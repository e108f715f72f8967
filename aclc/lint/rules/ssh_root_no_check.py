"""People become root over SSH without being asked to sign in again.

## Why is this bad?
Whoever sits at an unlocked laptop, or has stolen its key, is root on the server at once. With `check`, the control
plane asks for a fresh sign-in first.

## Example
```hujson bad
{"tagOwners": {"tag:server": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"]}]}
```
```hujson good
{"tagOwners": {"tag:server": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:server"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:server"], "users": ["root"]}]}
```

## Source
25 % of 136 public policies; tailscale/tailscale#8738. Captured: entries with `check` come before all others.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity
from aclc.lint.exposure import exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, SshRule
from aclc.resolve.grants import SELF
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import replace_value

CODE = Code("SEC009", "ssh-root-no-check", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each entry of `ssh` that lets people in as root unchecked; on their own devices it is an information only.

    Where an entry with `check` covers the same pairs nothing is said. Machines cannot be asked, so they do not count.
    """
    for session in exposure_of(context).unchecked("root"):
        rule = (policy.ssh or ())[session.rule]
        only_own = not session.targets
        people = [each.text for each in rule.src if each.kind != "tag"]
        where = "their own devices" if only_own else named(each.text for each in rule.dst if each.name != SELF)
        yield CODE.at(
            rule.place.at("users", (rule.users or ()).index("root")),
            f"{named(people)} {'becomes' if len(people) == 1 else 'become'} root on {where} without being asked again",
            help="use the action `check`, or take `root` out and let them use `sudo`",
            severity=Severity.INFO if only_own else Severity.WARNING,
            notes=[Note(rule.place.at("action").span, "this action asks nobody")],
            fix=_checked(policy, rule) if len(people) == len(rule.src) else None,
        )


def _checked(policy: Policy, rule: SshRule) -> Fix | None:
    document = policy.document
    if not isinstance(document, HujsonDocument):
        return None
    return Fix("ask again", replace_value(document, (*rule.place.path, "action"), '"check"'), safe=False)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
