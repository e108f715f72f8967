"""A tag is used but has no entry in `tagOwners`.

## Why is this bad?
The control plane refuses the file: every tag has to be declared in `tagOwners` before anything may name it. An entry
without owners (`"tag:web": []`) is enough; then only admins may apply the tag.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["*"], "dst": ["tag:wbe"], "ip": ["tcp:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["*"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
Captures acl-err01, acl-err05 and kin; documentation of `tagOwners`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Fix, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.names import meant_names, without_ports
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import Selector
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import append

CODE = Code("REF002", "undefined-tag", Severity.ERROR)

# `nodeattr-target-undefined`, `undefined-ssh-recorder` and `sshtest-dst` answer for these.
ELSEWHERE = frozenset({"nodeAttrs.target", "ssh.recorder", "sshTests.dst", "sshTests.src"})

# WHY grants too: their sources are refused with these words, and their destinations were not captured.
_REFUSALS = {
    "acls.src": "src-tag",
    "grants.src": "src-tag",
    "acls.dst": "dst-tag",
    "grants.dst": "dst-tag",
    "grants.via": "via-tag",
}


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give every use of a tag that `tagOwners` does not declare."""
    if not context.knows_all("tagOwners"):
        return
    tags = meant_names(policy.tag_owners, "tag:")
    for position, selector in context.uses.of_kind("tag"):
        if selector.name in tags or position in ELSEWHERE:
            continue
        name = go_quoted(selector.text)
        bare = without_ports(selector)
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"tag {shown(selector.text)} is not defined",
                help=f"no ports here: write {shown(bare.text)}"
                if bare is not None
                else context.guesses.help(selector, "add it to `tagOwners`; an empty list of owners is enough"),
                fix=None
                if bare is not None
                else context.guesses.repair(selector, place) or _declared(policy, selector),
                control=context.dialect.control(_REFUSALS.get(position, ""), tag=name, dst=name),
            )
    for service in policy.auto_approvers.services:
        if service.name.startswith("tag:") and service.name not in tags:
            yield CODE.at(service.place.key, f"tag {shown(service.name)} is not defined", help="add it to `tagOwners`")


def _declared(policy: Policy, selector: Selector) -> Fix | None:
    """Give the repair that declares a tag with no owners, so that admins alone can apply it."""
    document = policy.document
    if not isinstance(document, HujsonDocument) or not isinstance(document.value, dict):
        return None
    member = f"{json.dumps(selector.name, ensure_ascii=False)}: []"
    if "tagOwners" not in document.value:
        edits = append(document, (), f'"tagOwners": {{{member}}}')
    elif document.value["tagOwners"] is None:
        return None
    else:
        edits = append(document, ("tagOwners",), member)
    return Fix("declare the tag, for admins to apply", edits, safe=False)


RULE = PolicyRule(CODE, check, __doc__ or "")
