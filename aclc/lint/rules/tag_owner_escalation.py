"""Somebody who may apply a tag gains access by it.

## Why is this bad?
Whoever owns a tag can bring a device of their own, give it the tag, and so have all that the tag has. Owning a tag that
owns another one is enough. What they reach so is theirs, whatever the rules say of them.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]},
 "tagOwners": {"tag:ci": ["group:dev"], "tag:deploy": ["tag:ci"], "tag:db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:ci"], "ip": ["*"]},
            {"src": ["tag:deploy"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]},
 "tagOwners": {"tag:ci": ["group:dev"], "tag:deploy": ["autogroup:admin"], "tag:db": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:ci"], "ip": ["*"]},
            {"src": ["tag:deploy"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```

## Source
Documentation of tags; tailscale/tailscale#3590, #4321. 24 % of 136 public policies have tags that own tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import exposure_of, named
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.takeover import Escalation, gain_notes, gains_text, takeover_of
from aclc.policy.model import Policy

CODE = Code("SEC016", "tag-owner-escalation", Severity.WARNING)

_MOST_TAGS = 20
"""Tags that are compared with each other: the cost is their square."""


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each tag by which people gain something, at the owner through whom they do; machines that own tags exist to
    hand them out, so they do not count by themselves."""
    exposure = exposure_of(context)
    by_tag: dict[str, list[Escalation]] = {}
    for each in takeover_of(context).escalations:
        if each.who.kind != "tag":
            by_tag.setdefault(each.tag, []).append(each)
    outdone = dict(_outdone(context, by_tag))
    for tag, found in by_tag.items():
        if tag in outdone:
            continue
        first = found[0]
        entry = policy.tag_owners[tag]
        direct = first.through[-1] if first.through else first.who.name
        place = next((entry.place.at(at) for at, owner in enumerate(entry.owners) if owner.name == direct), entry.place)
        notes = gain_notes(exposure, first.gains, tag)
        for upper, lower in pairwise((first.who.name, *first.through)):
            chain = policy.tag_owners[lower]
            notes.insert(0, Note(chain.place.key.within(0, len(chain.place.key.text)), f"`{upper}` owns `{lower}`"))
        less = [other for other, by in outdone.items() if by == tag]
        if less:
            place_of_first = policy.tag_owners[less[0]].place.key
            notes.append(Note(place_of_first, f"they may also apply {named(less)}, which gives nothing more"))
        who = named(dict.fromkeys(each.who.text for each in found))
        yield CODE.at(
            place,
            f"{who} may apply {shown(tag)} and so reach {gains_text(first.gains)}, which no rule for them opens",
            help="let admins apply the tag, or grant openly what they may have",
            notes=notes,
        )


def _outdone(context: Context, by_tag: dict[str, list[Escalation]]) -> Iterator[tuple[str, str]]:
    """Give (tag, another tag) where the other one, told of itself, gives the same people all that the tag gives."""
    takeover, names = takeover_of(context), exposure_of(context).view.resolved.names
    told: list[str] = []
    order = sorted(by_tag, key=lambda tag: -sum(len(each.gains) for each in by_tag[tag]))
    for tag in order[:_MOST_TAGS]:
        people = {each.who for each in by_tag[tag]}
        for wider in told:
            if people <= {each.who for each in by_tag[wider]} and not takeover.gains(names.tag(wider), tag):
                yield tag, wider
                break
        else:
            told.append(tag)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
