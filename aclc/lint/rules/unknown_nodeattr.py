"""A node attribute is spelt almost like a known one.

## Why is this bad?
Control planes take any text as an attribute, so one that is misspelt is saved and does nothing.

## Example
```hujson bad
{"nodeAttrs": [{"target": ["*"], "attr": ["funel"]}]}
```
```hujson good
{"nodeAttrs": [{"target": ["*"], "attr": ["funnel", "nextdns:abc123", "custom:ours"]}]}
```

## Source
Documentation of node attributes; capture nodeattrs-attr-c11-unknown.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.known_names import NODE_ATTRIBUTES
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("REF016", "unknown-nodeattr", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give attributes that are near to a known one; others may be new, so nothing is said of them."""
    fine: set[str] = set(NODE_ATTRIBUTES)
    for entry in policy.node_attrs:
        for index, attr in enumerate(entry.attr):
            if attr in fine or not attr or attr.startswith("nextdns:"):
                continue
            near = context.guesses.near(attr, NODE_ATTRIBUTES)
            # Half the short words are near to some other short word.
            if near is None or _is_debug_switch(attr):
                fine.add(attr)
                continue
            yield CODE.at(
                entry.place.at("attr", index),
                f"attribute {shown(attr)} is not a known one, and unknown ones do nothing",
                help=f"did you mean `{near}`?",
            )


def _is_debug_switch(attr: str) -> bool:
    return attr.startswith("debug-")


RULE = PolicyRule(CODE, check, __doc__ or "")
