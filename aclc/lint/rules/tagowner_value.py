"""The owner of a tag is something that cannot own one.

## Why is this bad?
The control plane refuses the file. Owners are people, who may put the tag on devices, or tags, whose devices may:
users, groups, autogroups of people and tags. An empty list leaves the tag to admins.

## Example
```hujson bad
{"tagOwners": {"tag:web": ["*"]}}
```
```hujson good
{"tagOwners": {"tag:web": ["autogroup:admin", "alice@example.com"], "tag:ci": ["tag:web"], "tag:db": []}}
```

## Source
Documentation of `tagOwners`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("VAL029", "tagowner-value", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give owners of a kind that the dialect does not take."""
    for position, selector in context.misplaced.get(CODE.slug, ()):
        help = context.guesses.help(selector) if selector.kind == "host" and selector.name not in policy.hosts else None
        if selector.kind == "any":
            help = "write `autogroup:member` to let every user apply the tag"
        elif selector.kind == "autogroup" and selector.name not in context.dialect.autogroups:
            near = context.guesses.near(selector.text, context.dialect.autogroups)
            help = f"did you mean `{near}`?" if near else None
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"{shown(selector.text)} cannot own a tag",
                help=help or "owners are users, groups, tags, `autogroup:member` and roles such as `autogroup:admin`",
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
