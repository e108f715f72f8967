"""An autogroup does not exist, or may not stand where it stands.

## Why is this bad?
The control plane refuses the file.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:membre"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:shared"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member", "autogroup:shared"], "dst": ["autogroup:tagged"], "ip": ["*"]}]}
```

## Source
Documentation of autogroups; tailscale/tailscale#4416.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("REF006", "unknown-autogroup", Severity.ERROR)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give autogroups that the dialect does not take where they stand."""
    dialect = context.dialect
    for position, selector in context.misplaced.get(CODE.slug, ()):
        law = dialect.positions[position]
        taken = ", ".join(f"{shown(name)}" for name in dialect.autogroups if name in law.autogroups)
        if selector.name in dialect.autogroups:
            message = f"{shown(selector.text)} is not allowed in {law.noun}"
            help = (
                "it stands for login names: only `users` of an ssh rule takes it" if _is_login(selector.name) else None
            )
        else:
            message = f"autogroup {shown(selector.text)} does not exist"
            near = context.guesses.near(selector.text, dialect.autogroups)
            help = f"did you mean `{near}`?" if near else None
        if help is None:
            help = f"allowed here: {taken}" if taken else f"no autogroup is allowed in {law.noun}"
        refusal = "ssh-src" if position == "ssh.src" else ""
        control = dialect.control(refusal, selector=go_quoted(selector.text)) or dialect.control(
            "autogroup" if selector.name not in dialect.autogroups else f"autogroup-{position}",
            selector=go_quoted(selector.text),
        )
        for place in context.uses.places(position, selector):
            yield CODE.at(place, message, help=help, control=control)


def _is_login(name: str) -> bool:
    return name == "autogroup:nonroot"


RULE = PolicyRule(CODE, check, __doc__ or "")
