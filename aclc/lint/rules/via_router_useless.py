"""`via` stands beside a destination that no router serves.

## Why is this bad?
`via` chooses among routers of a network, or among exit nodes. A user, a group or a tag is reached directly, so for them
such a grant opens nothing at all.

## Example
```hujson bad
{"tagOwners": {"tag:router": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"], "via": ["tag:router"]}]}
```
```hujson good
{"tagOwners": {"tag:router": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/24"], "ip": ["tcp:5432"], "via": ["tag:router"]}]}
```

## Source
Captured: with `via`, destinations by identity give no filter rule; documentation of `via`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.exposure import named, view_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD015", "via-router-useless", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give destinations by identity of grants with `via`; with a tailnet also those that none of the routers serves."""
    for grant in policy.grants or ():
        for at, dst in enumerate(grant.dst if grant.via else ()):
            if dst.kind in {"user", "group", "tag", "any", "domain-users"} or dst.name in _IDENTITIES:
                yield CODE.at(
                    grant.place.at("dst", at),
                    f"{shown(dst.text)} is reached directly, so with `via` this opens nothing",
                    help="take it to a grant without `via`, or name the addresses of the network behind the router",
                    notes=[Note(grant.place.at("via").span, "routers are named here")],
                )
            elif context.tailnet is not None and not view_of(context).targets_of(
                dst, tuple(each.name for each in grant.via)
            ):
                yield CODE.at(
                    grant.place.at("dst", at),
                    f"no device with {named(each.text for each in grant.via)} serves {shown(dst.text)}",
                    help="approve the route for one of them, or name the tag of the router that serves it",
                )


_IDENTITIES = {"autogroup:member", "autogroup:tagged", "autogroup:self", "autogroup:admin", "autogroup:owner"}


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
