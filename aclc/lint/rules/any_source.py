"""A rule has everything as its source.

## Why is this bad?
`*` is every device of the tailnet, also servers, also those of people outside to whom something was shared, and what
lies behind subnet routers. Most rules written so mean the members.

## Example
```hujson bad
{"tagOwners": {"tag:wiki": []},
 "grants": [{"src": ["*"], "dst": ["tag:wiki"], "ip": ["tcp:8080"]}]}
```
```hujson good
{"tagOwners": {"tag:wiki": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:wiki"], "ip": ["tcp:8080"]}]}
```

## Source
8 % of 136 public policies; documentation of `*`, which counts `autogroup:shared` in.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of, ports_text
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.reach.graph.space import Edge

CODE = Code("SEC002", "any-source", Severity.WARNING)


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that every device may use, by meaning. Left out are rules that SEC001, SEC003 or SEC005 speak of,
    those for own devices and the internet, and those that open nothing but DNS or ping."""
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    # Headscale shares nothing with people outside.
    outside = "" if context.dialect.is_headscale else " and people outside to whom something is shared"
    seen: set[int] = set()
    for edge in exposure.edges:
        if edge.grant in seen or edge.is_self or edge.grant in exposure.management:
            continue
        if not exposure.anybody(edge.src) or not edge.targets & ~exposure.behind or _is_harmless(edge):
            continue
        if exposure.any_device(edge.targets) and exposure.opens_every_port(edge):
            continue
        seen.add(edge.grant)
        place, selector = exposure.selector_of(edge, exposure.everybody)
        what = "these sources are" if selector is None else f"{shown(selector.text)} is"
        yield CODE.at(
            place,
            f"{what} every device, also servers{outside}",
            help="write `autogroup:member` for the members, `autogroup:tagged` for the servers, or name the group",
            notes=[exposure.note(edge, f"they all reach {ports_text(edge)} here")],
        )


def _is_harmless(edge: Edge) -> bool:
    return edge.protocol in {1, 58} or all(ports.first == ports.last == 53 for ports in edge.ports)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
