"""An entry of `nodeAttrs` is for devices that the tailnet does not have.

## Why is this bad?
The attribute reaches nobody. Mostly a tag was renamed, or the devices were never tagged, and what it was to switch on
(an exit by Mullvad, a resolver, Funnel) is off.

## Example
```hujson bad
{"tagOwners": {"tag:kiosk": [], "tag:db": []}, "nodeAttrs": [{"target": ["tag:kiosk"], "attr": ["mullvad"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```
```hujson good
{"tagOwners": {"tag:db": []}, "nodeAttrs": [{"target": ["tag:db"], "attr": ["mullvad"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```
```json tailnet
{"schema_version": 1, "users": [{"login": "alice@example.com"}], "nodes": [
    {"name": "laptop", "addresses": ["100.64.0.1"], "user": "alice@example.com"},
    {"name": "db", "addresses": ["100.64.0.2"], "tags": ["tag:db"]}]}
```

## Source
Documentation of node attributes. Needs a tailnet file with nodes.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity
from aclc.lint.exposure import named, view_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("DEAD021", "nodeattr-matches-no-node", Severity.WARNING)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each entry with an attribute none of whose targets is a device of the tailnet; silent without a tailnet."""
    if context.tailnet is None or not context.tailnet.nodes:
        return
    names = view_of(context).resolved.names
    for entry in policy.node_attrs:
        given = [*entry.attr, *(capability.name for capability in entry.app)]
        if given and entry.target and not any(names.matching(target) for target in entry.target):
            yield CODE.at(
                entry.place.at("target"),
                f"no device gets {named(given)}, since the tailnet has none of "
                f"{named(each.text for each in entry.target)}",
                help="see whether the devices are tagged, or remove the entry",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
