"""An ipset is used but not defined, holds what it may not hold, or contains itself.

An ipset holds addresses, ranges, CIDRs, hosts (written `host:nas`), other ipsets and `autogroup:internet`, each with
`add` or `remove` before it.

## Why is this bad?
The control plane refuses the file. Users, groups and tags are not addresses, so no set can hold them.

## Example
```hujson bad
{"ipsets": {"ipset:site": ["add 10.20.0.0/16", "add ipset:old-site"]},
 "grants": [{"src": ["*"], "dst": ["ipset:site"], "ip": ["*"]}]}
```
```hujson bad
{"ipsets": {"ipset:a": ["add 10.20.0.0/16", "add ipset:b"], "ipset:b": ["add ipset:a"]}}
```
```hujson bad
{"tagOwners": {"tag:web": []}, "ipsets": {"ipset:site": ["add tag:web"]}}
```
```hujson good
{"hosts": {"nas": "10.20.0.5"},
 "ipsets": {"ipset:site": ["add 10.20.0.0/16", "remove host:nas"], "ipset:all": ["ipset:site"]},
 "grants": [{"src": ["*"], "dst": ["ipset:site"], "ip": ["*"]}]}
```

## Source
Documentation of IP sets.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.names import meant_names
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Ipset, Policy

CODE = Code("REF004", "undefined-ipset", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give undefined ipsets, members that no ipset takes, and cycles."""
    ipsets = meant_names(policy.ipsets, "ipset:")
    for position, selector in context.uses.of_kind("ipset"):
        if selector.name in ipsets or "ipset" not in context.dialect.positions[position].kinds:
            continue
        if not context.knows_all("ipsets"):
            break
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"ipset {shown(selector.text)} is not defined",
                help=context.guesses.help(selector, "define it in `ipsets`"),
                fix=context.guesses.repair(selector, place),
            )
    for position, selector in context.misplaced.get(CODE.slug, ()):
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"{shown(selector.text)} cannot be a member of an ipset",
                help=f"write {shown(f'host:{selector.name}')}"
                if selector.kind == "host" and selector.name in policy.hosts
                else "an ipset holds addresses, CIDRs, ranges, `host:name`, other ipsets and `autogroup:internet`",
            )
    yield from _cycles(policy)


def _cycles(policy: Policy) -> Iterator[Diagnostic]:
    """Give each step by which a set comes back to itself. Cost: one look at every step."""
    done: set[str] = set()
    for start in policy.ipsets.values():
        if start.name in done:
            continue
        # WHY no recursion: how deep sets are nested is up to whoever wrote the file.
        open_sets: dict[str, None] = {start.name: None}
        walk = [(start, _inner(policy, start))]
        while walk:
            ipset, steps = walk[-1]
            step = next(steps, None)
            if step is None:
                walk.pop()
                del open_sets[ipset.name]
                done.add(ipset.name)
                continue
            index, inner = step
            if inner.name in open_sets:
                way = [*open_sets]
                way = way[way.index(inner.name) :]
                through = f" through {', '.join(shown(name) for name in way[1:])}" if len(way) > 1 else ""
                yield CODE.at(
                    ipset.place.at(index),
                    f"ipset `{inner.name}` contains itself{through}",
                    help="leave one of these members out",
                    notes=(Note(inner.place.key, f"`{inner.name}` is defined here"),),
                )
            elif inner.name not in done:
                open_sets[inner.name] = None
                walk.append((inner, _inner(policy, inner)))


def _inner(policy: Policy, ipset: Ipset) -> Iterator[tuple[int, Ipset]]:
    """Give the sets that a set names, each with the number of its step."""
    for index, step in enumerate(ipset.steps):
        inner = policy.ipsets.get(step.selector.name) if step.selector.kind == "ipset" else None
        if inner is not None:
            yield index, inner


RULE = PolicyRule(CODE, check, __doc__ or "")
