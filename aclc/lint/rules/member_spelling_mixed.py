"""Both `autogroup:member` and its old spelling `autogroup:members` are in one file.

## Why is this bad?
The control plane takes either spelling, but refuses a file that has both.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:members"], "dst": ["autogroup:member"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:member"], "ip": ["*"]}]}
```

## Source
Documentation of autogroups.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("VAL040", "member-spelling-mixed", Severity.ERROR)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give every old spelling in a file that also has the new one."""
    uses = context.uses
    members = [each for each in uses.of_kind("autogroup") if each[1].name == "autogroup:member"]
    new = next((each for each in members if each[1].text == "autogroup:member"), None)
    if new is None:
        return
    for position, selector in members:
        if selector.text != "autogroup:member":
            for place in uses.places(position, selector):
                yield CODE.at(
                    place,
                    f"{shown(selector.text)} is spelt `autogroup:member` elsewhere in this file",
                    help="write `autogroup:member` everywhere",
                    notes=(Note(uses.places(*new)[0].span, "the other spelling"),),
                )


RULE = PolicyRule(CODE, check, __doc__ or "")
