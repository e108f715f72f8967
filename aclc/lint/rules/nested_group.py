"""A group has a group as its member.

## Why is this bad?
The control plane refuses the file: groups hold logins only.

## Example
```hujson bad
{"groups": {"group:eng": ["alice@example.com"], "group:all": ["group:eng", "bob@example.com"]}}
```
```hujson good
{"groups": {"group:eng": ["alice@example.com"], "group:all": ["alice@example.com", "bob@example.com"]}}
```

## Source
Captures ssh-group-nested-cycle, ssh-group-nested-two-deep, ssh-group-nested-three-deep.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("REF011", "nested-group", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give every member that is a group.

    Of several groups the control plane names the last by name (reference §2.3, three captures of three), and so only
    its finding carries the control plane's words.
    """
    nested = {selector.text for _, selector in context.misplaced.get(CODE.slug, ())}
    if not nested:
        return
    offenders = [group.name for group in policy.groups.values() if any(each.text in nested for each in group.members)]
    for group in policy.groups.values():
        for index, member in enumerate(group.members):
            if member.text not in nested:
                continue
            inner = policy.groups.get(member.name)
            notes = (Note(inner.place.key, f"{shown(member.text)} is defined here"),) if inner else ()
            yield CODE.at(
                group.place.at(index),
                f"group {shown(group.name)} has the group {shown(member.text)} as a member",
                help="list the members themselves, or name both groups in the rules",
                notes=notes,
                control=context.dialect.control(
                    "nested-group", group=go_quoted(group.name), member=go_quoted(member.text)
                )
                if group.name == max(offenders)
                else None,
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
