"""`users` of an ssh rule names a tag, a group or a person.

## Why is this bad?
`users` holds login names on the destination. Control planes take any text there, so `group:eng` is saved and means a
login of that name, which no machine has.

## Example
```hujson bad
{"groups": {"group:eng": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "ssh": [{"action": "check", "src": ["group:eng"], "dst": ["tag:web"], "users": ["group:eng"]}]}
```
```hujson good
{"groups": {"group:eng": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "ssh": [{"action": "check", "src": ["group:eng"], "dst": ["tag:web"], "users": ["ubuntu", "autogroup:nonroot"]}]}
```

## Source
Captures of the ssh suite that take such users; tailscale/tailscale#16092.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("VAL037", "ssh-users-is-selector", Severity.WARNING)

_PREFIXES = ("tag:", "group:", "autogroup:", "user:")


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give users that are selectors rather than login names."""
    for rule in policy.ssh or ():
        for index, user in enumerate(rule.users or ()):
            # `localpart:` is `localpart-misuse`'s.
            is_selector = user.startswith(_PREFIXES) or ("@" in user and not user.startswith("localpart:"))
            if is_selector and user != "autogroup:nonroot":
                yield CODE.at(
                    rule.place.at("users", index),
                    f"{shown(user)} is taken as the name of a login",
                    help="name logins of the destination, such as `root` or `autogroup:nonroot`; people stand in `src`",
                )


RULE = PolicyRule(CODE, check, __doc__ or "")
