"""A destination of a grant is `0.0.0.0/0` or `::/0`.

## Why is this bad?
The control plane refuses the file, since it cannot know what is meant: everything in the tailnet, or the internet
through exit nodes. `*` is the first, `autogroup:internet` the second.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["0.0.0.0/0", "::/0"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
Captures grant-v04, grant-v08, grant-v14, grant-v15, grant-v16.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.net import has_host_bits
from aclc.policy.model import Policy

CODE = Code("VAL014", "zero-net-dst", Severity.ERROR)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give the default routes among the destinations of grants; `10.0.0.1/0` is reported when it is read."""
    for selector in context.uses.at("grants.dst", "prefix"):
        if selector.prefix is None or not selector.prefix.is_default_route or has_host_bits(selector.text):
            continue
        for place in context.uses.places("grants.dst", selector):
            yield CODE.at(
                place,
                f"{shown(selector.text)} cannot be the destination of a grant",
                help="write `autogroup:internet` for the internet through exit nodes, `*` for everything",
                control=context.dialect.control("zero-net-dst", dst=go_quoted(selector.text)),
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
