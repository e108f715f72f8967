"""A selector stands where its kind is not allowed.

Not every list takes every selector: ranges and `host:` are for ipsets, groups hold logins only, ssh rules know no
addresses.

## Why is this bad?
The control plane refuses the file.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "ssh": [{"action": "check", "src": ["100.64.0.9"], "dst": ["tag:web"], "users": ["root"]}]}
```
```hujson bad
{"tagOwners": {"tag:web": []}, "groups": {"group:eng": ["tag:web"]}}
```
```hujson bad
{"grants": [{"src": ["svc:wiki"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []}, "groups": {"group:eng": ["alice@example.com"]},
 "ssh": [{"action": "check", "src": ["group:eng"], "dst": ["tag:web"], "users": ["root"]}],
 "grants": [{"src": ["10.0.0.0/8"], "dst": ["svc:wiki"], "ip": ["*"]}]}
```

## Source
Documentation of selectors (“targets”) and of each section.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.names import without_ports
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("VAL039", "misplaced-selector", Severity.ERROR)

_NOUNS = {
    "group": "groups",
    "tag": "tags",
    "autogroup": "autogroups",
    "ipset": "ipsets",
    "service": "services",
    "posture": "postures",
    "prefix": "addresses",
    "range": "ranges of addresses",
    "host": "hosts",
    "host-prefixed": "`host:`",
    "user": "users",
    "domain-users": "users",
}


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give misplaced selectors that no other rule answers for."""
    for position, selector in context.misplaced.get(CODE.slug, ()):
        law = context.dialect.positions[position]
        message = f"{shown(selector.text)} is not allowed in {law.noun}"
        if position == "groups":
            message = f"{shown(selector.text)} cannot be a member of a group"
        refusal = "target-host" if position == "nodeAttrs.target" and selector.kind == "range" else ""
        quoted = go_quoted(selector.text)
        control = context.dialect.control(refusal, selector=quoted) or context.dialect.control(
            "login" if position == "groups" else f"{position.replace('.', '-')}-{selector.kind}", login=quoted
        )
        kinds = ", ".join(_NOUNS[kind] for kind in _NOUNS if kind in law.kinds and kind != "domain-users")
        help = _help(policy, context, position, selector) or f"allowed here: {kinds}"
        for place in context.uses.places(position, selector):
            yield CODE.at(place, message, help=help, control=control)


def _help(policy: Policy, context: Context, position: str, selector: Selector) -> str | None:
    if selector.kind == "host-prefixed":
        return f"write {shown(selector.name)}: `host:` is for ipsets"
    if selector.kind == "range":
        return "define an ipset with this range, and name that"
    if selector.kind == "posture":
        return "postures stand in `srcPosture`"
    bare = without_ports(selector)
    if bare is not None and selector.kind != "user":
        return f"no ports here: write {shown(bare.text)}"
    if selector.kind == "host" and selector.name not in policy.hosts:
        if position == "groups":
            return "a member is a login: `name@example.com`"
        return context.guesses.help(selector)
    if selector.kind == "any" and position == "ssh.src":
        return "write `autogroup:member` for all users, `autogroup:tagged` for all tagged devices"
    return None


RULE = PolicyRule(CODE, check, __doc__ or "")
