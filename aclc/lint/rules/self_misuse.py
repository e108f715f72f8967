"""`autogroup:self` is a source, or a destination for others than people.

`autogroup:self` stands for the devices of whoever connects. So it is a destination, and the sources must be people:
users, groups, `autogroup:member`, roles such as `autogroup:admin`; in `acls` also `*`.

## Why is this bad?
The control plane refuses the file: a tagged device, a host or an address has no user whose devices these could be.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:self"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"tagOwners": {"tag:ci": []},
 "grants": [{"src": ["autogroup:member", "tag:ci"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```
```hujson bad
{"grants": [{"src": ["*"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]}],
 "acls": [{"action": "accept", "src": ["*"], "dst": ["autogroup:self:*"]}]}
```

## Source
Captures acl-err02, acl-err08, acl-sf04, grant-h10, grant-p04-3 and kin; nodeattrs-error-e3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import ROLE_AUTOGROUPS, Selector
from aclc.source import Place

CODE = Code("VAL011", "self-misuse", Severity.ERROR)

SELF = "autogroup:self"
_PEOPLE = frozenset({"user", "domain-users", "group"})
_PEOPLE_AUTOGROUPS = frozenset({"autogroup:member", *ROLE_AUTOGROUPS})
_REFUSALS = {
    "acls.src": "self-src",
    "grants.src": "self-src",
    "ssh.src": "ssh-src",
    "nodeAttrs.target": "target-self",
}


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give `autogroup:self` where it may not stand, and the sources that may not stand with it."""
    for position, selector in context.misplaced.get(CODE.slug, ()):
        as_source = position.endswith(".src")
        control = context.dialect.control(_REFUSALS.get(position, ""), selector=go_quoted(selector.text))
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"`{SELF}` cannot be a source" if as_source else f"`{SELF}` is only a destination",
                help="it stands for the devices of whoever connects, so it goes in `dst`",
                control=control,
            )
    for position in ("acls.dst", "grants.dst"):
        if any(selector.name == SELF for selector in context.uses.at(position, "autogroup")):
            yield from _companions(policy, context, position)


def _companions(policy: Policy, context: Context, position: str) -> Iterator[Diagnostic]:
    any_source = position == "acls.dst"
    control = context.dialect.control("self-others")
    for place, sources, destinations in _rules(policy, position):
        at = next((index for index, selector in enumerate(destinations) if selector.name == SELF), None)
        if at is None:
            continue
        for index, source in enumerate(sources):
            # A source that may not stand there at all has its own finding.
            if _is_people(source) or (any_source and source.kind == "any") or source.kind == "invalid":
                continue
            if source.name == SELF:
                continue
            yield CODE.at(
                place.at("src", index),
                f"{shown(source.text)} cannot be a source of a rule to `{SELF}`",
                help="write `autogroup:member` for all users"
                if source.kind == "any"
                else "give it a rule of its own: only users, groups, `autogroup:member` and roles have devices",
                notes=(Note(place.at("dst", at).span, f"`{SELF}` is a destination here"),),
                control=control,
                severity=None if context.dialect.self_sources_checked else Severity.WARNING,
            )


def _rules(policy: Policy, position: str) -> Iterator[tuple[Place, tuple[Selector, ...], Iterable[Selector]]]:
    if position == "acls.dst":
        for acl in policy.acls or ():
            yield acl.place, acl.src, [destination.selector for destination in acl.dst]
    else:
        for grant in policy.grants or ():
            yield grant.place, grant.src, grant.dst


def _is_people(selector: Selector) -> bool:
    return selector.kind in _PEOPLE or selector.name in _PEOPLE_AUTOGROUPS


RULE = PolicyRule(CODE, check, __doc__ or "")
