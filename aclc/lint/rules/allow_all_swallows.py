"""One rule opens everything, so the other rules of the network change nothing.

## Why is this bad?
The other rules look like limits and are none. Removing or narrowing them takes no access away from anybody.

## Example
```hujson bad
{"tagOwners": {"tag:db": []},
 "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]},
            {"src": ["autogroup:admin"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```
```hujson good
{"tagOwners": {"tag:db": []},
 "grants": [{"src": ["autogroup:admin"], "dst": ["*"], "ip": ["*"]},
            {"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```

## Source
8 % of 136 public policies. Rules with `via` or `app` are not counted: they say more than what is open.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("RED004", "allow-all-swallows", Severity.WARNING)

_MOST_NOTES = 3


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that opens everything, with the rules that it makes pointless."""
    redundancy = redundancy_of(context)
    swallowed: dict[int, list[int]] = {}
    for verdict in redundancy.verdicts:
        if verdict.kind == "swallowed":
            swallowed.setdefault(verdict.keepers[0], []).append(verdict.grant)
    for keeper, others in swallowed.items():
        what = "another rule changes" if len(others) == 1 else f"{len(others)} other rules change"
        yield CODE.at(
            redundancy.place(keeper),
            f"this rule opens everything, so {what} nothing",
            help="remove this rule if the others are what was meant, or remove the others",
            notes=[Note(redundancy.place(other).span, "this one changes nothing") for other in others[:_MOST_NOTES]],
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
