"""A group is used but not defined.

A name with an `@` (`group:eng@example.com`) is taken for a group that an identity provider keeps, which no policy
defines.

## Why is this bad?
The control plane refuses the file. If it did not, the rule would give access to nobody.

## Example
```hujson bad
{"groups": {"group:eng": ["alice@example.com"]},
 "grants": [{"src": ["group:engineers"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson good
{"groups": {"group:eng": ["alice@example.com"]},
 "grants": [{"src": ["group:eng", "group:sales@example.com"], "dst": ["*"], "ip": ["*"]}]}
```

## Source
Documentation of the policy file (groups; user and group provisioning).
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.names import meant_names
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("REF001", "undefined-group", Severity.ERROR)

# `undefined-nodeattr-target`, `nested-group` and the policy's own tests answer for these.
ELSEWHERE = frozenset({"nodeAttrs.target", "groups", "sshTests.src", "sshTests.dst"})


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give every use of a group that is neither defined nor synced from an identity provider."""
    if not context.knows_all("groups"):
        return
    groups = meant_names(policy.groups, "group:")
    for position, selector in context.uses.of_kind("group"):
        if selector.name in groups or "@" in selector.name or position in ELSEWHERE:
            continue
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"group {shown(selector.text)} is not defined",
                help=context.guesses.help(selector, "define it in `groups`"),
                fix=context.guesses.repair(selector, place),
                control=context.dialect.control("undefined-group", group=go_quoted(selector.text)),
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
