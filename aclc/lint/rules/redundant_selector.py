"""A list in a rule has an item that another item of the list holds already.

## Why is this bad?
The item changes nothing, and taking it out takes no access away.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev", "alice@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev", "bob@example.com"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
Decided by meaning, for every tailnet. Equal items are `duplicate-list-entry`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.resolve.model import ResolvedGrant
from aclc.resolve.posture import effective_postures
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

CODE = Code("RED005", "redundant-selector", Severity.WARNING)

Item = tuple[str, int]
"""Text of an item and what it stands for; 0: not known."""


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each item of `src`, and of a grant's `dst`, that lies within another one of the list."""
    lists = [acl.src for acl in policy.acls or ()]
    lists += [each for grant in policy.grants or () for each in (grant.src, grant.dst)]
    if all(len(each) < 2 for each in lists) or not redundancy_of(context).is_decided:
        return
    view = exposure_of(context).view
    for grant in view.resolved.grants:
        if grant.origin == "default":
            continue
        postures = effective_postures(policy, grant.src_posture)
        sources = [(selector.text, view.sources_of(selector, postures)) for selector in grant.src]
        yield from _found(policy, grant.place.at("src"), sources)
        if grant.origin == "grant" and grant.via is None and not grant.app:
            yield from _found(policy, grant.place.at("dst"), _targets(context, grant))


def _targets(context: Context, grant: ResolvedGrant) -> list[Item]:
    written = (context.policy.grants or ())[grant.position].dst
    is_known = [selector.name != "autogroup:self" for selector in written]
    view = exposure_of(context).view
    return [
        (selector.text, view.targets_of(selector) if known else 0)
        for selector, known in zip(written, is_known, strict=True)
    ]


def _found(policy: Policy, place: Place, items: Sequence[Item]) -> Iterator[Diagnostic]:
    for at, (text, mine) in enumerate(items):
        if not mine:
            continue
        for other, (holder, theirs) in enumerate(items):
            if other == at or holder == text or mine & ~theirs or (mine == theirs and other > at):
                continue
            document = policy.document
            yield CODE.at(
                place.at(at),
                f"{shown(text)} adds nothing to {shown(holder)}",
                help="remove it, or the wider one if that was to be the limit",
                notes=(Note(place.at(other).span, "this one holds it"),),
                fix=Fix("remove the item", delete(document, place.at(at).path), safe=True)
                if isinstance(document, HujsonDocument)
                else None,
            )
            break


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
