"""A capability is spelt almost like a known one.

## Why is this bad?
An application asks for its capability by name; a misspelt one is granted and never asked for.

## Example
```hujson bad
{"grants": [{"src": ["*"], "dst": ["*"], "app": {"tailscal.com/cap/drive": [{}]}}]}
```
```hujson good
{"grants": [{"src": ["*"], "dst": ["*"], "app": {"tailscale.com/cap/drive": [{}], "example.com/cap/wiki": [{}]}}]}
```

## Source
Documentation of grants (app capabilities).
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.known_names import CAPABILITIES
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Capability, Policy

CODE = Code("REF017", "unknown-capability", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give capabilities that are near to a known one, unless the control plane refuses them anyway."""
    near: dict[str, str | None] = {}
    for capability, is_grant in _capabilities(policy):
        name = capability.name
        if name in CAPABILITIES or (is_grant and _is_reserved(name, context)):
            continue
        if name not in near:
            near[name] = context.guesses.near(name, CAPABILITIES)
        if near[name] is not None:
            yield CODE.at(
                capability.place.key,
                f"capability {shown(name)} is not a known one, and nothing asks for it",
                help=f"did you mean `{near[name]}`?",
            )


def _capabilities(policy: Policy) -> Iterator[tuple[Capability, bool]]:
    for grant in policy.grants or ():
        for capability in grant.app:
            yield capability, True
    for entry in policy.node_attrs:
        for capability in entry.app:
            yield capability, False


def _is_reserved(name: str, context: Context) -> bool:
    return name.partition("/")[0] in context.dialect.reserved_capability_domains


RULE = PolicyRule(CODE, check, __doc__ or "")
