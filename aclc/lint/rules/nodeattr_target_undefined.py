"""A target of `nodeAttrs` is not defined.

## Why is this bad?
The control plane refuses the file.

## Example
```hujson bad
{"nodeAttrs": [{"target": ["tag:web"], "attr": ["funnel"]}]}
```
```hujson bad
{"nodeAttrs": [{"target": ["nas"], "attr": ["funnel"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []}, "hosts": {"nas": "100.64.0.9"},
 "nodeAttrs": [{"target": ["tag:web", "nas"], "attr": ["funnel"]}]}
```

## Source
Captures of the nodeattrs suite: undefined tag, name that is no host.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.names import meant_prefix, without_ports
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector

CODE = Code("REF015", "nodeattr-target-undefined", Severity.ERROR)

POSITION = "nodeAttrs.target"


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give targets that are groups, tags or hosts which the policy does not define."""
    for selector in context.uses.at(POSITION, "tag"):
        if selector.name not in policy.tag_owners:
            yield from _undefined(context, selector, "tag", "tagOwners", "target-tag")
    for selector in context.uses.at(POSITION, "group"):
        if selector.name not in policy.groups and "@" not in selector.name:
            yield from _undefined(context, selector, "group", "groups", "")
    for selector in context.uses.at(POSITION, "host"):
        # `wrong-prefix` answers for the others.
        if selector.name not in policy.hosts and meant_prefix(selector.text) is None:
            yield from _undefined(context, selector, "host", "hosts", "target-host")


def _undefined(context: Context, selector: Selector, noun: str, section: str, refusal: str) -> Iterator[Diagnostic]:
    if not context.knows_all(section):
        return
    name = go_quoted(selector.text)
    bare = without_ports(selector)
    help = context.guesses.help(selector, f"define it in `{section}`")
    for place in context.uses.places(POSITION, selector):
        yield CODE.at(
            place,
            f"{noun} {shown(selector.text)} is not defined",
            help=help if bare is None else f"no ports here: write {shown(bare.text)}",
            control=context.dialect.control(refusal, tag=name, selector=name),
        )


RULE = PolicyRule(CODE, check, __doc__ or "")
