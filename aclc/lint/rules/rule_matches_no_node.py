"""A side of a rule is no device of the tailnet.

## Why is this bad?
The rule opens nothing as the tailnet is. Mostly a tag was renamed, a person left, or the devices were never tagged.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```
```json tailnet
{"schema_version": 1, "users": [{"login": "alice@example.com"}], "nodes": [
    {"name": "laptop", "addresses": ["100.64.0.1"], "user": "alice@example.com"},
    {"name": "db", "addresses": ["100.64.0.2"], "tags": ["tag:db"]}]}
```

## Source
Batfish, “independently unmatchable lines”.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import named, view_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.source import Place

CODE = Code("DEAD008", "rule-matches-no-node", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule one of whose sides is empty on the given tailnet; silent without a tailnet."""
    if context.tailnet is None or not context.tailnet.nodes:
        return
    view = view_of(context)
    lists: list[tuple[str, Place, tuple[Selector, ...], tuple[Selector, ...]]] = []
    lists += [("grant", each.place, each.src, each.dst) for each in policy.grants or ()]
    lists += [("acl", each.place, each.src, tuple(dst.selector for dst in each.dst)) for each in policy.acls or ()]
    for kind, place, src, dst in lists:
        has_source = any(view.sources_of(each) for each in src)
        has_target = any(
            each.kind == "service" or each.name == "autogroup:self" or view.targets_of(each) for each in dst
        )
        for side, selectors, found in (("src", src, has_source), ("dst", dst, has_target)):
            if selectors and not found:
                words = "no device or served network is" if side == "dst" else "no source is"
                yield CODE.at(
                    place.at(side),
                    f"this {kind} opens nothing here, since {words} {named(each.text for each in selectors)}",
                    help="see whether the devices are tagged and the routes approved, or remove the rule",
                )
                break


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
