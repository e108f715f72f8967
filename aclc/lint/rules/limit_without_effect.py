"""A rule's comment tells of a limit, but another rule opens all that this one opens, and more.

## Why is this bad?
Rules only allow. A rule beside a wider one limits nobody: the order of rules means nothing, and no rule takes away what
another gives. Who reads "only" believes in a wall that is not there.

## Example
```hujson bad
{"groups": {"group:media": ["alice@example.com"]}, "tagOwners": {"tag:tv": []},
 "grants": [
     {"src": ["group:media"], "dst": ["tag:tv"], "ip": ["*"]},
     // the media group reaches port 8096 only
     {"src": ["group:media"], "dst": ["tag:tv"], "ip": ["tcp:8096"]}]}
```
```hujson good
{"groups": {"group:media": ["alice@example.com"]}, "tagOwners": {"tag:tv": [], "tag:nas": []},
 "grants": [
     {"src": ["group:media"], "dst": ["tag:nas"], "ip": ["tcp:445"]},
     // the media group reaches port 8096 only
     {"src": ["group:media"], "dst": ["tag:tv"], "ip": ["tcp:8096"]}]}
```

## Source
Read in public policies: a habit from firewalls where the first rule that fits decides. Words that count: only, deny,
block, restrict, except.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.comments import comments_of
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("SEC037", "limit-without-effect", Severity.WARNING)


def check(_policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each rule that lies within a single wider one, and whose comment says that it limits."""
    for verdict in redundancy_of(context).verdicts:
        if verdict.kind not in {"subsumed", "swallowed"}:
            continue
        place = redundancy_of(context).place(verdict.grant)
        limit = comments_of(context).limit(place.span)
        if limit is not None:
            comment, word = limit
            yield CODE.at(
                place,
                f"the comment says `{word}`, but another rule opens all of this and more, so nobody is limited",
                help="narrow the wider rule, or remove this one with its comment",
                notes=(
                    Note(comment, "this is what people believe"),
                    Note(redundancy_of(context).place(verdict.keepers[0]).span, "this is what they can do"),
                ),
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
