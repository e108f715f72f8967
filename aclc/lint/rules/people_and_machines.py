"""A group has both people and the account of a machine.

## Why is this bad?
What a pipeline may do and what its owner may do grow apart. In one group each of them has all that the other needs, and
whoever finds the machine's key has the people's access.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com", "deploy-bot@example.com"]},
 "grants": [{"src": ["group:dev"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"], "group:pipelines": ["deploy-bot@example.com"]},
 "grants": [{"src": ["group:dev", "group:pipelines"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```

## Source
Practice of audits. Machines are told by words of the login: bot, robot, ci, svc, service, automation, deploy, runner,
jenkins, ansible. Better still, a machine is a tagged device and no user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC039", "people-and-machines", Severity.INFO)

_WORDS = frozenset(
    {"ansible", "automation", "bot", "ci", "cicd", "deploy", "jenkins", "robot", "runner", "service", "svc"}
)


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give the first machine of each group that has other members too."""
    for group in policy.groups.values():
        machines = [at for at, member in enumerate(group.members) if member.kind == "user" and _is_machine(member.name)]
        if machines and len(machines) < len(group.members):
            yield CODE.at(
                group.place.at(machines[0]),
                f"{shown(group.members[machines[0]].text)} reads as the account of a machine, among people in "
                f"{shown(group.name)}",
                help="give machines a group of their own, or a tag",
            )


def _is_machine(login: str) -> bool:
    return not _WORDS.isdisjoint(re.split(r"[-._+]", login.partition("@")[0].lower()))


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
