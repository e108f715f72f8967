"""A session over SSH leads to what its user may not reach directly.

## Why is this bad?
Whoever has a shell on a machine sends from it: what the rules allow the machine, they allow everybody who can log in
there. The rules for people then say less than they seem to.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:app": [], "tag:db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:app"], "ip": ["tcp:22"]},
            {"src": ["tag:app"], "dst": ["tag:db"], "ip": ["tcp:5432"]}],
 "ssh": [{"action": "check", "src": ["group:dev"], "dst": ["tag:app"], "users": ["root"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:app": [], "tag:db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:app"], "ip": ["tcp:22"]},
            {"src": ["group:dev", "tag:app"], "dst": ["tag:db"], "ip": ["tcp:5432"]}],
 "ssh": [{"action": "check", "src": ["group:dev"], "dst": ["tag:app"], "users": ["root"]}]}
```

## Source
Documentation of Tailscale SSH: a session has the rights of the machine that it is on.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.takeover import ADMINS, gain_notes, gains_text, takeover_of
from aclc.net import TCP
from aclc.policy.model import Policy, SshRule
from aclc.policy.selectors import Selector
from aclc.reach.powers.pivots import SSH_PORT
from aclc.reach.powers.ssh import SshEdge

CODE = Code("SEC033", "ssh-pivot-escalation", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each entry of `ssh` by which somebody gains, at the first destination through which they do.

    What they may log in to themselves is no gain. An entry whose port 22 is closed leads nowhere.
    """
    exposure, takeover = exposure_of(context), takeover_of(context)
    if exposure.allows_all:
        return
    for session in exposure.sessions:
        rule = (policy.ssh or ())[session.rule]
        found = next(_pivots(policy, context, rule, session), None)
        if found is None:
            continue
        at, who, tag = found
        gains = takeover.gains(takeover.nodes(who), tag, _reached_by_ssh(context, who))
        yield CODE.at(
            rule.place.at("dst", at),
            f"over SSH to {shown(tag)}, {shown(who.text)} can go on to {gains_text(gains)}, "
            "which no rule for them opens",
            help="close it to the machine, or grant it to them openly; `aclc why` shows both ways",
            notes=gain_notes(exposure, gains, tag),
        )


def _pivots(policy: Policy, context: Context, rule: SshRule, session: SshEdge) -> Iterator[tuple[int, Selector, str]]:
    """Give (index of the destination, who, tag) for each way that gains something."""
    exposure, takeover = exposure_of(context), takeover_of(context)
    names, view = exposure.view.resolved.names, exposure.view
    for at, dst in enumerate(rule.dst):
        tags = [dst.name] if dst.kind == "tag" else list(policy.tag_owners) if dst.name == "autogroup:tagged" else []
        for tag in tags:
            for who in rule.src:
                nodes = takeover.nodes(who) & session.sources
                if who.name in ADMINS or who.name == tag or not nodes:
                    continue
                doors = view.targets.of_nodes(names.tag(tag)) & view.live
                gained = takeover.gains(takeover.nodes(who), tag, _reached_by_ssh(context, who))
                if gained and exposure.opens(nodes, doors, TCP, SSH_PORT):
                    yield at, who, tag


def _reached_by_ssh(context: Context, who: Selector) -> int:
    """Give the targets that somebody may log in to anyway."""
    exposure = exposure_of(context)
    nodes = takeover_of(context).nodes(who)
    found = 0
    for session in exposure.sessions:
        if not nodes & ~session.sources:
            found |= session.targets
    return exposure.view.targets.of_nodes(found)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
