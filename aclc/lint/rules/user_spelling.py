"""A login is spelt in a way that no login is, or in two ways.

## Why is this bad?
Control planes do not agree on whether letter case counts in a login, so `Alice@example.com` may not be
`alice@example.com`; and a login without a name or a domain is nobody's.

## Example
```hujson bad
{"groups": {"group:eng": ["alice@example.com"]},
 "grants": [{"src": ["group:eng", "Alice@example.com"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"grants": [{"src": ["alice@"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"grants": [{"src": ["user:*@*"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["alice@example.com", "Bob@github", "user:*@example.com"], "dst": ["*"], "ip": ["*"]}]}
```

## Source
juanfont/headscale#2479, #2582, #2785.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("REF009", "user-spelling", Severity.WARNING)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each suspect spelling where it first stands."""
    uses = context.uses
    first: dict[str, tuple[str, Selector]] = {}
    members = {user.login.casefold(): user.login for user in context.tailnet.users} if context.tailnet else {}
    said: set[str] = set()
    for position, selector in uses.of_kind("user"):
        login = selector.name
        folded = login.casefold()
        earlier_position, earlier = first.setdefault(folded, (position, selector))
        if login in said:
            continue
        notes: tuple[Note, ...] = ()
        if _is_nobody(login) and not (context.dialect.is_headscale and login.endswith("@") and len(login) > 1):
            message, help = (
                f"{shown(login)} is not a login",
                "a login is a name, one `@` and a domain; only Headscale takes `name@`",
            )
        elif members.get(folded, login) != login:
            message, help = f"the tailnet writes {shown(login)} in other letter case", f"write `{members[folded]}`"
        elif earlier.name != login:
            message, help = f"{shown(login)} is also written `{earlier.name}`", "use one spelling"
            notes = (Note(uses.places(earlier_position, earlier)[0].span, "the other spelling"),)
        else:
            continue
        said.add(login)
        yield CODE.at(uses.places(position, selector)[0], message, help=help, notes=notes)
    for position, selector in uses.of_kind("domain-users"):
        # In `src` of an ssh rule this is refused: see user-not-in-tailnet.
        if not selector.name or ("*" in selector.name and position != "ssh.src"):
            yield CODE.at(
                uses.places(position, selector)[0],
                f"{shown(selector.text)} stands for nobody",
                help="no part of the domain can be left open; `autogroup:member` stands for all users",
            )


def _is_nobody(login: str) -> bool:
    name, _, domain = login.rpartition("@")
    return not name or not domain or "@" in name or login.split() != [login]


RULE = PolicyRule(CODE, check, __doc__ or "")
