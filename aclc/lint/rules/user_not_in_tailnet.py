"""A login or a domain is not of this tailnet.

Checked only where a tailnet file says who and which domains belong to it.

## Why is this bad?
A login that nobody has gives no access to anybody: often somebody left, or the domain is misspelt. In `src` of an ssh
rule the control plane refuses `user:*@example.org` altogether, unless the domain belongs to the tailnet.

## Example
```json tailnet
{"schema_version": 1, "domains": ["example.com"], "users": [{"login": "alice@example.com"}], "nodes": []}
```
```hujson bad
{"grants": [{"src": ["alise@example.com"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"tagOwners": {"tag:web": []},
 "ssh": [{"action": "check", "src": ["user:*@example.org"], "dst": ["tag:web"], "users": ["root"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["alice@example.com"], "dst": ["*"], "ip": ["*"]}],
 "ssh": [{"action": "check", "src": ["user:*@example.com"], "dst": ["tag:web"], "users": ["root"]}]}
```

## Source
Capture ssh-b4; juanfont/headscale#2863.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("REF008", "user-not-in-tailnet", Severity.WARNING)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give unknown logins, each where it first stands, and `user:*@D` for domains that are not the tailnet's."""
    yield from _logins(context)
    yield from _domains(context)


def _logins(context: Context) -> Iterator[Diagnostic]:
    known = {user.login for user in context.tailnet.users} if context.tailnet is not None else set()
    for position, selector in context.unknown_logins:
        near = context.guesses.near(selector.name, known)
        yield CODE.at(
            context.uses.places(position, selector)[0],
            f"user {shown(selector.text)} is not in the tailnet",
            help=f"did you mean `{near}`?" if near else "it gives no access until somebody with this login joins",
        )


def _domains(context: Context) -> Iterator[Diagnostic]:
    if context.dialect.is_headscale:
        return  # no domain means anything there: see meaning-differs
    domains = context.domains
    for position, selector in context.uses.of_kind("domain-users"):
        domain = selector.name
        refused = position == "ssh.src"
        # No domain is called `*`, so this needs no tailnet to be wrong.
        if not domain or (not (refused and domain == "*") and (domains is None or domain in domains)):
            continue
        help = f"domains of this tailnet: {', '.join(f'`{each}`' for each in domains)}" if domains else None
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"domain {shown(domain)} does not belong to the tailnet",
                help=help or "write one domain of the tailnet in full, in its own letter case",
                control=context.dialect.control("ssh-domain", raw_domain=domain) if refused else None,
                severity=Severity.ERROR if refused else None,
            )


RULE = PolicyRule(CODE, check, __doc__ or "", worst=Severity.ERROR)
