"""`autogroup:danger-all` is a source.

## Why is this bad?
It is every address there is: whatever a subnet router or an exit node forwards gets in, not only the tailnet.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:danger-all"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["*"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
Documentation of `autogroup:danger-all`; captured: it makes the filter's source `*`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC007", "danger-all", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each use as a source, and each literal source that is all addresses of a family."""
    for position in ("acls.src", "grants.src"):
        for selector in (*context.uses.at(position, "autogroup"), *context.uses.at(position, "prefix")):
            everything = selector.prefix is not None and selector.prefix.is_default_route
            if selector.name == "autogroup:danger-all" or everything:
                for place in context.uses.places(position, selector):
                    yield CODE.at(
                        place,
                        f"{shown(selector.text)} is every address there is, not only the tailnet's",
                        help="write `*` for every device of the tailnet, or name who is meant",
                    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
