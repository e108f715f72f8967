"""Two networks in a list are the halves of one.

## Why is this bad?
Nothing is wrong. One entry is easier to read, and compiled filters are shorter.

## Example
```hujson bad
{"grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/25", "10.0.0.128/25"], "ip": ["*"]}]}
```
```hujson good
{"grants": [{"src": ["autogroup:member"], "dst": ["10.0.0.0/24"], "ip": ["*"]}]}
```

## Source
Only in the strict profile. Single addresses are left alone: two neighbours are two machines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.net import Prefix
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

CODE = Code("RED008", "aggregatable-cidr", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each network whose other half stands in the same list."""
    for acl in policy.acls or ():
        yield from _halves(acl.place.at("src"), acl.src)
        by_ports: dict[object, list[tuple[int, Selector]]] = {}
        for at, destination in enumerate(acl.dst):
            by_ports.setdefault(frozenset(destination.ports), []).append((at, destination.selector))
        for items in by_ports.values():
            yield from _found(acl.place.at("dst"), items)
    for grant in policy.grants or ():
        yield from _halves(grant.place.at("src"), grant.src)
        if grant.via == ():
            yield from _halves(grant.place.at("dst"), grant.dst)


def _halves(place: Place, selectors: Sequence[Selector]) -> Iterator[Diagnostic]:
    return _found(place, list(enumerate(selectors)))


def _found(place: Place, items: Sequence[tuple[int, Selector]]) -> Iterator[Diagnostic]:
    seen: dict[Prefix, tuple[int, Selector]] = {}
    for at, selector in items:
        prefix = selector.prefix
        if prefix is None or prefix.is_single or prefix.is_default_route:
            continue
        size = prefix.last - prefix.first + 1
        other = seen.get(Prefix(prefix.family, prefix.first ^ size, prefix.bits))
        if other is not None:
            whole = Prefix(prefix.family, min(prefix.first, prefix.first ^ size), prefix.bits - 1)
            yield CODE.at(
                place.at(at),
                f"{shown(other[1].text)} and {shown(selector.text)} are the halves of {shown(whole.cidr)}",
                help="write that instead of the two",
                notes=(Note(place.at(other[0]).span, "the other half"),),
                fix=_joined(place, other, at, whole),
            )
        seen[prefix] = (at, selector)


def _joined(place: Place, other: tuple[int, Selector], at: int, whole: Prefix) -> Fix | None:
    document, first = place.document, place.at(other[0])
    if not isinstance(document, HujsonDocument):
        return None
    start = first.span.text.find(other[1].text)
    edits = (
        Edit(first.span.within(start, start + len(other[1].text)), whole.cidr),
        *delete(document, place.at(at).path),
    )
    return Fix(f"write {whole.cidr} instead of the two", edits, safe=True) if start >= 0 else None


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
