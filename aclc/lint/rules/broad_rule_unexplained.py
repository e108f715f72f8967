"""A rule for everybody has no comment that says what it is for.

## Why is this bad?
Rules for everybody outlive their reason. Who finds one in two years cannot tell whom it would hurt to take it away, so
it stays.

## Example
```hujson bad
{"tagOwners": {"tag:wiki": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:wiki"], "ip": ["*"]}]}
```
```hujson good
{"tagOwners": {"tag:wiki": []},
 "grants": [
     // every member edits the wiki, over SSH too; asked for by the office
     {"src": ["autogroup:member"], "dst": ["tag:wiki"], "ip": ["*"]}]}
```

## Source
Audits ask for a reason and an owner. A comment within the rule, beside it or right above it counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.comments import comments_of
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.syntax.hujson_document import HujsonDocument

CODE = Code("SEC042", "broad-rule-unexplained", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule of HuJSON by which every member has every port of something, or some port of every device."""
    exposure = exposure_of(context)
    told: set[int] = set()
    for edge in exposure.edges if isinstance(policy.document, HujsonDocument) else ():
        if edge.grant in told or edge.is_self or not exposure.any_member(edge.src):
            continue
        if not exposure.opens_every_port(edge) and not exposure.any_device(edge.targets):
            continue
        told.add(edge.grant)
        place = exposure.grant(edge).place
        if not comments_of(context).about(place.span):
            yield CODE.at(
                place,
                f"nothing says why {exposure.who(edge)} has this",
                help="write above it what it is for and who answers for it",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
