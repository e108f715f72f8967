"""A destination of an ssh rule is something that ssh rules do not take.

Destinations of ssh are tags, `autogroup:self`, `autogroup:tagged`, and a user who is also the only source.

## Why is this bad?
The control plane refuses the file. Hosts, addresses, groups and `*` work in acls and grants, not here.

## Example
```hujson bad
{"hosts": {"srv": "100.64.0.9"},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["srv"], "users": ["root"]}]}
```
```hujson bad
{"ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["*"], "users": ["root"]}]}
```
```hujson good
{"tagOwners": {"tag:srv": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:srv", "autogroup:self"], "users": ["root"]}]}
```

## Source
Captures of the ssh suite; documentation of ssh; tailscale/tailscale#4968.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("VAL016", "ssh-dst-invalid", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give destinations of ssh rules that can be none."""
    for position, selector in context.misplaced.get(CODE.slug, ()):
        # WHY the same words for all: captured for hosts, reported for addresses, and nothing speaks of others.
        control = context.dialect.control(f"ssh-dst-{selector.kind}") or context.dialect.control(
            "ssh-dst", selector=go_quoted(selector.text)
        )
        help = _help(policy, selector)
        for place in context.uses.places(position, selector):
            yield CODE.at(place, f"{shown(selector.text)} cannot be a destination of ssh", help=help, control=control)


def _help(policy: Policy, selector: Selector) -> str:
    if f"tag:{selector.text}" in policy.tag_owners:
        return f"did you mean {shown(f'tag:{selector.text}')}?"
    if selector.kind == "any":
        return "write `autogroup:self` for people's own devices, `autogroup:tagged` or tags for the rest"
    if selector.kind == "group" or selector.name == "autogroup:member":
        return "write `autogroup:self`, so that everybody reaches their own devices"
    return "name a tag that the device carries"


RULE = PolicyRule(CODE, check, __doc__ or "")
