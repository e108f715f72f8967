"""A user is named without the `@` that Headscale wants.

Asked only of Headscale. A bare name is taken for a host, so only where no host can stand, or where the tailnet file has
such a user, is it plain that a user was meant.

## Why is this bad?
Since 0.26 every user in a policy has an `@`: an e-mail address as it is, a user name with an `@` behind it. Headscale
refuses the file otherwise, and does not start with it.

## Example
The examples are for `headscale@0.29`.
```hujson bad
{"groups": {"group:ops": ["alice"]}, "grants": [{"src": ["group:ops"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"tagOwners": {"tag:web": ["alice"]}, "grants": []}
```
```hujson good
{"groups": {"group:ops": ["alice@", "bob@example.com"]},
 "grants": [{"src": ["group:ops"], "dst": ["*"], "ip": ["*"]}]}
```

## Source
Release notes of Headscale 0.26.0; juanfont/headscale#2582, #2479, #2721.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("POR003", "user-suffix", Severity.ERROR)

_REFUSALS = {"groups": "login", "tagOwners": "owner", "autoApprovers": "approver"}


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give bare names that are users."""
    found = {(position, selector) for position, selector in context.misplaced.get(CODE.slug, ())}
    ordered = [*context.misplaced.get(CODE.slug, ())]
    for position, selector in context.uses.of_kind("host"):
        known = context.is_short_login(selector) and selector.name not in policy.hosts
        if known and (position, selector) not in found and "user" in context.dialect.positions[position].kinds:
            ordered.append((position, selector))
    for position, selector in ordered:
        written = f"{selector.text}@"
        refusal = _REFUSALS.get(position, "undefined-host")
        control = context.dialect.control(refusal, login=go_quoted(selector.text), host=go_quoted(selector.text))
        for place in context.uses.places(position, selector):
            at = place.span.text.find(selector.text)
            fix = None
            if at >= 0:  # not written with escapes
                end = at + len(selector.text)
                fix = Fix(f"write {written}", (Edit(place.span.within(end, end), "@"),), safe=False)
            yield CODE.at(
                place,
                f"user {shown(selector.text)} lacks its `@`",
                help=f"write {shown(written)}",
                fix=fix,
                control=control,
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
