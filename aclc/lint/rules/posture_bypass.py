"""A rule with a posture is made pointless by one without.

## Why is this bad?
Rules only allow. A device that fails the posture comes in by the other rule, so the posture keeps nobody out.

## Example
```hujson bad
{"postures": {"posture:managed": ["node:os == 'macos'"]}, "tagOwners": {"tag:db": []},
 "grants": [{"src": ["autogroup:member"], "srcPosture": ["posture:managed"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
            {"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["*"]}]}
```
```hujson good
{"postures": {"posture:managed": ["node:os == 'macos'"]}, "tagOwners": {"tag:db": []},
 "grants": [{"src": ["autogroup:member"], "srcPosture": ["posture:managed"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
            {"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:443"]}]}
```

## Source
Documentation, “Grants explained”; tailscale/tailscale#13157.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.reach.graph.space import Edge
from aclc.resolve.node_sets import indices_of
from aclc.resolve.posture import effective_postures

CODE = Code("SEC036", "posture-bypass", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each source of a guarded rule for which every destination of it is open without a posture too."""
    exposure = exposure_of(context)
    view = exposure.view
    names = view.resolved.names
    own = view.sources.of_nodes(names.members | names.tagged)
    guarded: dict[int, list[Edge]] = {}
    for edge in exposure.edges:
        if effective_postures(policy, exposure.grant(edge).src_posture):
            guarded.setdefault(edge.grant, []).append(edge)
    for edges in guarded.values():
        grant = exposure.grant(edges[0])
        for at, selector in enumerate(grant.src):
            sources = view.sources_of(selector) & own
            openers = [_openers(context, sources, edge, guarded) for edge in edges]
            if sources and all(openers):
                opener = openers[0][0]
                place = grant.place.at("srcPosture") if grant.src_posture else grant.place
                yield CODE.at(
                    place if len(grant.src) == 1 else grant.place.at("src", at),
                    f"the posture keeps nobody of {shown(selector.text)} out: another rule lets them in without it",
                    help="ask for the posture in the other rule too, or narrow that one",
                    notes=[exposure.note(opener, "this opens the same to them without a posture")],
                )


def _openers(context: Context, sources: int, edge: Edge, guarded: Container[int]) -> list[Edge]:
    """Give the edges of unguarded rules by which all the sources have all that an edge gives; empty where some lack
    some of it."""
    found = []
    index = exposure_of(context).index
    for other in index.of(indices_of(index.giving(edge))) if sources else ():
        if not other.is_self and other.grant not in guarded and other.src & sources:
            found.append(other)
            sources &= ~other.src
            if not sources:
                return found
    return []


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
