"""A user of the policy could be two users of the tailnet.

Asked only of Headscale, with a tailnet file (`headscale nodes list -o json` is one): it looks a user up by e-mail
address and by user name, with or without the `@` at the end.

## Why is this bad?
Since 0.29 Headscale refuses the file, and does not start with it; before, it left out every rule with that user without
a word. It comes about where a user who was there by name logs in with OpenID Connect for the first time.

## Example
The examples are for `headscale@0.29`.
```json tailnet
{"schema_version": 1, "users": [{"login": "alice@"}, {"login": "alice@example.com", "names": ["alice"]}], "nodes": []}
```
```hujson bad
{"grants": [{"src": ["alice@"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["alice@example.com"], "dst": ["*"], "ip": ["*"]}]}
```

## Source
juanfont/headscale#3160, #2785, #3429.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("POR004", "duplicate-username", Severity.ERROR)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each user of the policy that several users match, where the name first stands."""
    if context.tailnet is None or not context.dialect.is_headscale:
        return
    users: dict[str, list[str]] = {}
    for user in context.tailnet.users:
        for name in dict.fromkeys((user.login.removesuffix("@"), *user.names)):
            users.setdefault(name, []).append(user.login)
    said: set[str] = set()
    for position, selector in context.uses.of_kind("user"):
        matches = users.get(selector.name.removesuffix("@"), ())
        if len(matches) < 2 or selector.name in said:
            continue
        said.add(selector.name)
        yield CODE.at(
            context.uses.places(position, selector)[0],
            f"{shown(selector.text)} could be {' or '.join(shown(login) for login in matches)}",
            help="rename one on the server (`headscale users rename`), or write the e-mail address",
            control=context.dialect.control("two-users"),
        )


RULE = PolicyRule(CODE, check, __doc__ or "")
