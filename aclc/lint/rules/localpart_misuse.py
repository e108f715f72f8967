"""`localpart:` is not of the form `localpart:*@domain`, or its domain is not the tailnet's, or it stands elsewhere than
in `users`.

`localpart:*@example.com` in `users` of an ssh rule lets `alice@example.com` log in as `alice`.

## Why is this bad?
The control plane refuses domains that do not belong to the tailnet (letter case counts, `*` is no domain). Any other
form, such as `localpart:alice@example.com` or `localpart:*@`, is taken as the name of a login, which no machine has.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["localpart:*@*"]}]}
```
```hujson bad
{"tagOwners": {"tag:web": []},
 "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["localpart:a@example.com"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["localpart:*@example.com"]}]}
```

## Source
Captures ssh-d1, ssh-e1, ssh-malformed-user-localpart-no-domain and kin; documentation of ssh.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.source import Place

CODE = Code("VAL036", "localpart-misuse", Severity.ERROR)

PREFIX = "localpart:"


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give `localpart:` where it may not stand or may not read as it does."""
    for position, selector in context.misplaced.get(CODE.slug, ()):
        noun = context.dialect.positions[position].noun
        people = f"user:*@{selector.name}"
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"{shown(selector.text)} is not allowed in {noun}",
                help=f"only `users` of an ssh rule takes it; for people write {shown(people)}",
            )
    for rule in policy.ssh or ():
        for index, user in enumerate(rule.users or ()):
            if user.startswith(PREFIX):
                yield from _user(user, rule.place.at("users", index), context)


def _user(user: str, place: Place, context: Context) -> Iterator[Diagnostic]:
    glob, _, domain = user.removeprefix(PREFIX).partition("@")
    if glob != "*" or not domain:
        yield CODE.at(
            place,
            f"{shown(user)} is taken as the name of a login",
            help="the only form is `localpart:*@` and a domain",
            severity=Severity.WARNING,
        )
    elif domain == "*" or (context.domains is not None and domain not in context.domains):
        known = (
            f"domains of this tailnet: {', '.join(f'`{each}`' for each in context.domains)}" if context.domains else ""
        )
        yield CODE.at(
            place,
            f"domain {shown(domain)} does not belong to the tailnet",
            help=known or "write one domain of the tailnet in full, in its own letter case",
            control=context.dialect.control("ssh-localpart", raw_domain=domain),
        )


RULE = PolicyRule(CODE, check, __doc__ or "")
