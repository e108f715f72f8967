"""Machines of a test or development environment reach production.

## Why is this bad?
What is tried out is guarded least, and changed most. Whoever gets into it is, by this rule, a step from what must not
fail.

## Example
```hujson bad
{"tagOwners": {"tag:web-staging": [], "tag:db-prod": []},
 "grants": [{"src": ["tag:web-staging"], "dst": ["tag:db-prod"], "ip": ["tcp:5432"]}]}
```
```hujson good
{"tagOwners": {"tag:web-staging": [], "tag:db-staging": [], "tag:db-prod": [], "tag:web-prod": []},
 "grants": [{"src": ["tag:web-staging"], "dst": ["tag:db-staging"], "ip": ["tcp:5432"]},
            {"src": ["tag:web-prod"], "dst": ["tag:db-prod"], "ip": ["tcp:5432"]}]}
```

## Source
Segmentation of environments. Which is which is told by words of tags: prod; staging, test, qa, dev, sandbox, preview.
For a promise about your own names write a promise: `assert … never reach …`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of, ports_text
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("SEC030", "environment-crossing", Severity.INFO)

_PRODUCTION = frozenset({"prod", "production", "prd", "live"})
_LOWER = frozenset({"staging", "stage", "stg", "test", "testing", "qa", "dev", "development", "sandbox", "preview"})


def check(_: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule with a tag of production as a destination and a tag of another environment as a source, once."""
    exposure = exposure_of(context)
    if exposure.allows_all:
        return
    told: set[int] = set()
    for edge in exposure.edges:
        if edge.grant in told or not _is_of(edge.dst, _PRODUCTION):
            continue
        source = next((each for each in exposure.grant(edge).src if _is_of(each, _LOWER)), None)
        if source is not None:
            told.add(edge.grant)
            yield CODE.at(
                exposure.dst(edge),
                f"devices with {shown(source.text)} reach {ports_text(edge)} of production, {shown(edge.dst.text)}",
                help="give each environment its own, or let production fetch what it needs",
            )


def _is_of(selector: Selector, words: frozenset[str]) -> bool:
    return selector.kind == "tag" and not words.isdisjoint(selector.name.removeprefix("tag:").lower().split("-"))


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
