"""Port 22 of a tag is open to somebody whom Tailscale SSH does not let in there.

## Why is this bad?
Where devices run Tailscale SSH, it answers on port 22 instead of the machine's own server, and asks `ssh` alone. Who
has the port and no entry is refused, and looks for the fault in the network.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"], "group:ops": ["bob@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:ops"], "dst": ["tag:web"], "ip": ["*"]},
            {"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["group:ops"], "dst": ["tag:web"], "users": ["ubuntu"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"], "group:ops": ["bob@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:ops"], "dst": ["tag:web"], "ip": ["*"]},
            {"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["group:ops", "group:dev"], "dst": ["tag:web"], "users": ["ubuntu"]}]}
```

## Source
juanfont/headscale#2645. That devices run Tailscale SSH is concluded from entries of `ssh` that lead to their tag.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.net import TCP, PortSet
from aclc.policy.model import Policy
from aclc.reach.powers.pivots import SSH_PORT
from aclc.reach.powers.ssh import SshEdge

CODE = Code("DEAD018", "ssh-port-without-entry", Severity.INFO)

_MOST_PORTS = 10
"""A rule for more ports than this is hardly there for SSH."""

_IDENTITIES = frozenset({"user", "group", "tag", "autogroup"})
"""What entries of `ssh` take as a source. Whose device has an address is not known."""


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each destination that is a tag to which some entry of `ssh` leads, with port 22 among few, where no entry
    lets any of the rule's sources in."""
    exposure = exposure_of(context)
    names = exposure.view.resolved.names
    told: set[tuple[int, str]] = set()
    leading_to: dict[str, list[SshEdge]] = {}
    for edge in exposure.edges if policy.ssh else ():
        if edge.dst.kind != "tag" or edge.is_self or (edge.grant, edge.dst.name) in told:
            continue
        ports = PortSet.of(*edge.ports)
        if not edge.opens(TCP, SSH_PORT) or sum(last - first + 1 for first, last in ports.ranges) > _MOST_PORTS:
            continue
        if any(each.kind not in _IDENTITIES for each in exposure.grant(edge).src):
            continue
        leading = leading_to.get(edge.dst.name)
        if leading is None:
            nodes = names.tag(edge.dst.name)
            leading = [each for each in exposure.sessions if not nodes & ~each.targets]
            leading_to[edge.dst.name] = leading
        let_in = 0
        for session in leading:
            let_in |= session.sources
        senders = exposure.view.sources.nodes_in(edge.src)
        if leading and senders and not senders & let_in:
            told.add((edge.grant, edge.dst.name))
            who = named(each.text for each in exposure.grant(edge).src)
            entry = (policy.ssh or ())[leading[0].rule]
            yield CODE.at(
                exposure.dst(edge),
                f"port 22 of {shown(edge.dst.text)} is open to {who}, but no entry of `ssh` lets them in there",
                help="add them to an entry of `ssh`, or leave the port out; all is well if no device there runs it",
                notes=[Note(entry.place.at("dst").span, f"devices with {shown(edge.dst.text)} are entered by it here")],
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
