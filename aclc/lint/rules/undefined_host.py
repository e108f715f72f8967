"""A name that is not in `hosts` is used as a host.

Whatever has no prefix and no `@` is read as the name of a host: a group without its `group:`, a login without its
domain.

## Why is this bad?
One unknown name spoils the file, and has been seen to switch off its whole rule without a word.

## Example
```hujson bad
{"hosts": {"nas": "10.20.0.5"},
 "grants": [{"src": ["*"], "dst": ["nsa"], "ip": ["tcp:445"]}]}
```
```hujson good
{"hosts": {"nas": "10.20.0.5"},
 "grants": [{"src": ["*"], "dst": ["nas"], "ip": ["tcp:445"]}]}
```

## Source
Documentation of `hosts`; tailscale/tailscale#5532.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.names import meant_prefix, without_ports
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("REF003", "undefined-host", Severity.ERROR)

# `nodeattr-target-undefined` and the policy's own tests answer for these.
ELSEWHERE = frozenset({"nodeAttrs.target", "sshTests.src", "sshTests.dst"})


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give every use of a host that `hosts` does not have, where a host may stand."""
    if not context.knows_all("hosts"):
        return
    is_headscale = context.dialect.is_headscale
    for kind in ("host", "host-prefixed"):
        for position, selector in context.uses.of_kind(kind):
            if (
                selector.name in policy.hosts
                or position in ELSEWHERE
                or kind not in context.dialect.positions[position].kinds
                or meant_prefix(selector.name) is not None
                or context.is_short_login(selector)
            ):
                continue
            bare = without_ports(selector)
            login = f"a login as {shown(f'{selector.name}@')}" if is_headscale else "a login with its `@` and domain"
            help = context.guesses.help(selector, f"define it in `hosts`, or write {login}")
            for place in context.uses.places(position, selector):
                yield CODE.at(
                    place,
                    f"host {shown(selector.name)} is not defined",
                    help=help if bare is None else f"no ports here: write {shown(bare.text)}",
                    fix=context.guesses.repair(selector, place) if bare is None else None,
                    control=context.dialect.control("undefined-host", host=go_quoted(selector.name)),
                )


RULE = PolicyRule(CODE, check, __doc__ or "")
