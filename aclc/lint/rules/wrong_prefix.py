"""A selector has a prefix that is almost one (`groups:`, `Tag:`).

## Why is this bad?
What has no known prefix is read as the name of a host, which then does not exist.

## Example
```hujson bad
{"groups": {"group:eng": ["alice@example.com"]},
 "grants": [{"src": ["groups:eng"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson good
{"groups": {"group:eng": ["alice@example.com"]},
 "grants": [{"src": ["group:eng"], "dst": ["*"], "ip": ["*"]}]}
```

## Source
Follows from how selectors are told apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Diagnostic, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.names import meant_prefix
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.read_names import WRONG_PREFIX

CODE = WRONG_PREFIX

# The policy's own tests answer for these.
ELSEWHERE = frozenset({"sshTests.src", "sshTests.dst"})


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give selectors that would be groups, tags and so on if their prefix were spelt right; the reader does keys."""
    answered = set(context.misplaced.get(CODE.slug, ()))
    for position, selector in context.uses.of_kind("host"):
        if selector.name in policy.hosts or position in ELSEWHERE or meant_prefix(selector.text) is None:
            continue
        if "host" not in context.dialect.positions[position].kinds and (position, selector) not in answered:
            continue
        prefix = selector.text.partition(":")[0]
        refusal = "target-host" if position == "nodeAttrs.target" else ""
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"{shown(prefix + ':')} is not a prefix of selectors",
                help=context.guesses.help(selector),
                fix=context.guesses.repair(selector, place),
                control=context.dialect.control(refusal, selector=go_quoted(selector.text)),
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
