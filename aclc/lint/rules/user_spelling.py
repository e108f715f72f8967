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

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.lint.uses import Uses
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.syntax.hujson_document import HujsonDocument

CODE = Code("REF009", "user-spelling", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
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
        wanted: str | None = None
        if _is_nobody(login) and not (context.dialect.is_headscale and login.endswith("@") and len(login) > 1):
            message, help = (
                f"{shown(login)} is not a login",
                "a login is a name, one `@` and a domain; only Headscale takes `name@`",
            )
        elif members.get(folded, login) != login:
            wanted = members[folded]
            message, help = f"the tailnet writes {shown(login)} in other letter case", f"write {shown(wanted)}"
        elif earlier.name != login:
            wanted = earlier.name
            message = f"{shown(login)} is also written {shown(wanted)}"
            help = f"use one spelling; `--unsafe-fixes` writes {shown(wanted)} everywhere"
            notes = (Note(uses.places(earlier_position, earlier)[0].span, "the other spelling"),)
        else:
            continue
        said.add(login)
        fix = _respelled(policy, uses, login, wanted) if wanted else None
        yield CODE.at(uses.places(position, selector)[0], message, help=help, notes=notes, fix=fix)
    for position, selector in uses.of_kind("domain-users"):
        # In `src` of an ssh rule this is refused: see user-not-in-tailnet.
        if not selector.name or ("*" in selector.name and position != "ssh.src"):
            yield CODE.at(
                uses.places(position, selector)[0],
                f"{shown(selector.text)} stands for nobody",
                help="no part of the domain can be left open; `autogroup:member` stands for all users",
            )


def _respelled(policy: Policy, uses: Uses, login: str, wanted: str) -> Fix | None:
    """Give the repair that writes a login otherwise, wherever it stands; None where it is written with escapes.

    It may change who is meant: whether letter case counts hangs on the control plane and on who signs people in.
    """
    if not isinstance(policy.document, HujsonDocument):
        return None
    places = [place for at, each in uses.of_kind("user") if each.name == login for place in uses.places(at, each)]
    for test in policy.tests:
        places += [test.place.at("src")] if test.src is not None and test.src.name == login else []
        for key, items in (("accept", test.accept), ("deny", test.deny)):
            places += [test.place.at(key, at) for at, item in enumerate(items or ()) if item.startswith(f"{login}:")]
    edits = []
    for span in dict.fromkeys(place.span for place in places):
        at = span.text.find(login)
        if at < 0:
            return None
        edits.append(Edit(span.within(at, at + len(login)), wanted))
    return Fix(f"write {wanted}", tuple(edits), safe=False)


def _is_nobody(login: str) -> bool:
    name, _, domain = login.rpartition("@")
    return not name or not domain or "@" in name or login.split() != [login]


RULE = PolicyRule(CODE, check, __doc__ or "")
