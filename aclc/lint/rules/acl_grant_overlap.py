"""A grant opens a part of the network that an acl opens already.

## Why is this bad?
A rule was probably carried over from `acls` to `grants` and left behind. Whoever removes the network part of the grant
takes no access away.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:443"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["443"], "app": {"example.com/cap/admin": [{}]}}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:443"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "app": {"example.com/cap/admin": [{}]}}]}
```

## Source
Decided by meaning, for every tailnet. Only grants with `app` are told of here; for others see `duplicate-rule` and its
kin.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity
from aclc.lint.redundancy import redundancy_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

CODE = Code("RED014", "acl-grant-overlap", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each grant with `app` whose network part lies within one acl that does not open everything."""
    if not policy.acls or not any(grant.app and grant.ip for grant in policy.grants or ()):
        return
    for grant, acl in redundancy_of(context).network_parts_held():
        yield CODE.at(
            redundancy_of(context).place(grant).at("ip"),
            "the network part of this grant is opened by an acl already",
            help="remove `ip` here, or the acl",
            notes=(Note(redundancy_of(context).place(acl).span, "opened here"),),
            fix=_removal(policy, redundancy_of(context).place(grant)),
        )


def _removal(policy: Policy, grant: Place) -> Fix | None:
    document = policy.document
    if not isinstance(document, HujsonDocument):
        return None
    return Fix("remove the network part", delete(document, grant.at("ip").path), safe=True)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
