"""`autogroup:internet` stands where it means nothing.

`autogroup:internet` is what lies behind exit nodes: a destination of acls and grants, and a part of ipsets.

## Why is this bad?
The control plane refuses the file. The internet is no source (nothing comes in through an exit node) and no device, so
it cannot be given capabilities, own a tag or approve a route.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:internet"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "app": {"example.com/cap/wiki": [{}]}}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
Captures of the grant suite; documentation of autogroups.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("VAL012", "internet-misuse", Severity.ERROR)

INTERNET = "autogroup:internet"


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give `autogroup:internet` where it may not stand, and grants of capabilities to it."""
    for position, selector in context.misplaced.get(CODE.slug, ()):
        noun = context.dialect.positions[position].noun
        refusal = (
            "ssh-src" if position == "ssh.src" else "internet-src" if position in {"acls.src", "grants.src"} else ""
        )
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"`{INTERNET}` cannot be a source"
                if position.endswith(".src")
                else f"`{INTERNET}` is not allowed in {noun}",
                help="it stands for what lies behind exit nodes, so it goes in `dst` of acls and grants",
                control=context.dialect.control(refusal, selector=go_quoted(selector.text)),
            )
    if not any(selector.name == INTERNET for selector in context.uses.at("grants.dst", "autogroup")):
        return
    for grant in policy.grants or ():
        for index, selector in enumerate(grant.dst if grant.app else ()):
            if selector.name == INTERNET:
                yield CODE.at(
                    grant.place.at("dst", index),
                    f"`{INTERNET}` cannot be given capabilities",
                    help="leave `app` out, or grant the capabilities to other destinations in a grant of its own",
                    notes=(Note(grant.app[0].place.key, "the first capability"),),
                    control=context.dialect.control("internet-app"),
                )


RULE = PolicyRule(CODE, check, __doc__ or "")
