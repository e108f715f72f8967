"""A group without members is used.

## Why is this bad?
It stands for nobody. A rule for it opens nothing, and a tag or a route whose only owner it is can be had by nobody but
admins; the file reads as if somebody had that right.

## Example
```hujson bad
{"groups": {"group:ops": []}, "tagOwners": {"tag:db": []},
 "grants": [{"src": ["group:ops"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```
```hujson good
{"groups": {"group:ops": ["alice@example.com"]}, "tagOwners": {"tag:db": []},
 "grants": [{"src": ["group:ops"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```

## Source
4 % of 136 public policies. Captured: a source that resolves to nothing makes no filter rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import parse_selector

CODE = Code("DEAD006", "empty-group", Severity.WARNING)

_WORDS = {
    "acls.src": "this acl opens nothing to it",
    "grants.src": "this grant opens nothing to it",
    "ssh.src": "this lets nobody in by it",
    "tagOwners": "nobody owns the tag by it",
    "autoApprovers": "nobody's route is approved by it",
}


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each empty group that something but a test speaks of, with the places; an unused one is unused-group's."""
    for name, group in policy.groups.items():
        if group.members or not context.knows_all("groups"):
            continue
        selector = parse_selector(name)
        notes = [
            Note(place.span, words)
            for position, words in _WORDS.items()
            for place in context.uses.places(position, selector)
        ]
        if notes or any(context.uses.places(position, selector) for position in ("acls.dst", "grants.dst")):
            yield CODE.at(
                group.place.key,
                f"the group {shown(name)} has no members, so whatever it is given goes to nobody",
                help="add its members; if the group comes from an identity provider, do not define it here",
                notes=notes[:4],
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
