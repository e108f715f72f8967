"""Somebody may apply a tag whose devices they cannot reach, and so receive what is meant for these devices.

## Why is this bad?
Whoever owns a tag can give it to a device of their own. Others then take that device for one of the service and send it
what they send the service. People who run a service reach it; who does not reach it hardly runs it.

## Example
```hujson bad
{"groups": {"group:web": ["alice@example.com"]},
 "tagOwners": {"tag:api": [], "tag:billing": ["group:web"]},
 "grants": [{"src": ["tag:api"], "dst": ["tag:billing"], "ip": ["tcp:443"]}]}
```
```hujson good
{"groups": {"group:web": ["alice@example.com"], "group:billing": ["bob@example.com"]},
 "tagOwners": {"tag:api": [], "tag:billing": ["group:billing"]},
 "grants": [{"src": ["tag:api", "group:billing"], "dst": ["tag:billing"], "ip": ["tcp:443"]}]}
```

## Source
Documentation of tags: ownership is the right to apply one. The other way round of tag-owner-escalation.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.takeover import takeover_of
from aclc.policy.model import Policy
from aclc.policy.selectors import parse_selector
from aclc.reach.graph.space import Edge

CODE = Code("SEC018", "tag-takeover-inbound", Severity.WARNING)

_MOST_LOOKS = 200_000
"""Tags, times sets of destinations that are named otherwise; beyond it nothing is said."""


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each tag that a rule names as a destination, at the first owner who reaches no device with it, not even by
    other tags that they may apply.

    What they gain outwards is tag-owner-escalation's, which then says enough; every member as an owner is
    tag-owned-by-all's.
    """
    exposure, takeover = exposure_of(context), takeover_of(context)
    if exposure.allows_all:
        return
    escalating = {each.tag for each in takeover.escalations}
    reached: dict[str, Edge] = {}
    for edge in exposure.edges:
        if edge.dst.kind == "tag" and not edge.is_self:
            reached.setdefault(edge.dst.name, edge)
    if not reached:
        return
    view = exposure.view
    by_tag: dict[str, int] = {}
    otherwise: dict[int, int] = {}
    for edge in exposure.loosest:
        if edge.dst.kind == "tag":
            by_tag[edge.dst.name] = by_tag.get(edge.dst.name, 0) | edge.src
        elif not edge.is_self:
            otherwise[edge.targets] = otherwise.get(edge.targets, 0) | edge.src
    if len(otherwise) * len(reached) > _MOST_LOOKS:
        return
    for tag, entry in policy.tag_owners.items():
        if tag not in reached or tag in escalating:
            continue
        doors = view.targets.of_nodes(view.resolved.names.tag(tag)) & view.live
        reaching = by_tag.get(tag, 0)
        for targets, sources in otherwise.items():
            if targets & doors:
                reaching |= sources
        for name, through in takeover.owners(tag).items():
            who = parse_selector(name)
            sources = takeover.sources(who)
            if who.kind not in {"user", "group"} or takeover.may_change_all(who) or not sources or sources & reaching:
                continue
            direct = through[-1] if through else name
            at = next((index for index, owner in enumerate(entry.owners) if owner.name == direct), 0)
            way = f" (by way of {shown(direct)})" if through else ""
            senders = named(each.text for each in exposure.grant(reached[tag]).src)
            yield CODE.at(
                entry.place.at(at),
                f"{shown(name)} may apply {shown(tag)}{way} and so pose as such a device, but reaches none of them",
                help="let those own the tag who run its devices; if these people do, open the devices to them",
                notes=[Note(exposure.dst(reached[tag]).span, f"what {senders} send here, theirs would receive")],
            )
            break


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
