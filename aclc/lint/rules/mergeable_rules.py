"""Two rules are equal but for one list, so that one rule could say both.

## Why is this bad?
Nothing is wrong. A shorter file is easier to read, and a change of what the two have in common is made once.

## Example
```hujson bad
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:admin"], "dst": ["tag:web"], "ip": ["tcp:22"]},
            {"src": ["autogroup:admin"], "dst": ["tag:db"], "ip": ["tcp:22"]}]}
```
```hujson good
{"tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:admin"], "dst": ["tag:web", "tag:db"], "ip": ["tcp:22"]}]}
```

## Source
`nft --optimize`. Only in the strict profile; only of neighbours, since rules that stand apart are often kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity, shown
from aclc.lint.comments import comments_of
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Acl, Grant, Policy
from aclc.source import Path
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import append, delete

CODE = Code("RED007", "mergeable-rules", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that differs from the one before in one list; those that could go are told of elsewhere."""
    needless = {redundancy_of(context).place(verdict.grant) for verdict in redundancy_of(context).verdicts}
    yield from _neighbours(
        context, [(each, _grant(each)) for each in policy.grants or () if each.place not in needless]
    )
    yield from _neighbours(context, [(each, _acl(each)) for each in policy.acls or () if each.place not in needless])


def _grant(grant: Grant) -> dict[str, Any]:
    app = [(each.name, each.values) for each in grant.app]
    lists: dict[str, Any] = {"src": frozenset(grant.src), "dst": frozenset(grant.dst), "ip": frozenset(grant.ip)}
    return {**lists, "app": app, "via": grant.via, "srcPosture": grant.src_posture}


def _acl(acl: Acl) -> dict[str, Any]:
    return {
        "src": frozenset(acl.src),
        "dst": frozenset(acl.dst),
        "action": acl.action,
        "proto": acl.protocol,
        "srcPosture": acl.src_posture,
    }


def _neighbours(context: Context, rules: Sequence[tuple[Grant | Acl, dict[str, Any]]]) -> Iterator[Diagnostic]:
    for (first, before), (second, after) in pairwise(rules):
        differing = [key for key in before if before[key] != after[key]]
        if len(differing) != 1 or differing[0] not in {"src", "dst", "ip"}:
            continue
        if differing == ["dst"] and _names_self(first) != _names_self(second):
            continue  # they may not share a list
        yield CODE.at(
            second.place,
            f"this rule is the one before but for {shown(differing[0])}",
            help=f"put what both have in {shown(differing[0])} into one rule",
            notes=(Note(first.place.span, "the one before"),),
            fix=_merged(context, first, second, differing[0]),
        )


def _merged(context: Context, first: Grant | Acl, second: Grant | Acl, key: str) -> Fix | None:
    """Give the repair that takes the items of the second rule to the first; none where a comment would go with it."""
    document = first.place.document
    if not isinstance(document, HujsonDocument) or comments_of(context).about(second.place.span):
        return None
    mine, others = (_texts(document, (*rule.place.path, key)) for rule in (first, second))
    missing = [text for text in others if text not in mine]
    if not mine or not missing:
        return None
    added = append(document, (*first.place.path, key), ", ".join(missing))
    return Fix("put both into one rule", (*added, *delete(document, second.place.path)), safe=True)


def _texts(document: HujsonDocument, path: Path) -> list[str]:
    """Give the items of a list as they are written."""
    value: Any = document.value
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step]
    return [document.span((*path, at)).text for at in range(len(value))] if isinstance(value, list) else []


def _names_self(rule: Grant | Acl) -> bool:
    selectors = rule.dst if isinstance(rule, Grant) else [destination.selector for destination in rule.dst]
    return any(selector.name == "autogroup:self" for selector in selectors)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
