"""A default posture does not hold for every rule.

## Why is this bad?
`defaultSrcPosture` is replaced, not added to, by a rule's own `srcPosture`: a rule that names a weaker posture lets in
devices that the default keeps out of all others.

## Example
```hujson bad
{"postures": {"posture:safe": ["node:tsStateEncrypted == true"], "posture:any": ["node:os IS SET"]},
 "defaultSrcPosture": ["posture:safe"], "tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]},
            {"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"], "srcPosture": ["posture:any"]}]}
```
```hujson good
{"postures": {"posture:safe": ["node:tsStateEncrypted == true"]},
 "defaultSrcPosture": ["posture:safe"], "tagOwners": {"tag:web": [], "tag:db": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]},
            {"src": ["autogroup:member"], "dst": ["tag:db"], "ip": ["tcp:5432"]}]}
```

## Source
Documentation of device posture. Silent where all postures of a rule ask at least what the default asks.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("MIG006", "default-src-posture", Severity.INFO)

_MOST_NOTES = 5


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give one finding where rules have a posture of their own that is not at least the default."""
    default = {_conditions(policy, name) for name in policy.default_src_posture}
    if not default:
        return
    rules = [*((each.place, each.src_posture) for each in policy.grants or ())]
    rules += [(each.place, each.src_posture) for each in policy.acls or ()]
    rules += [(each.place, each.src_posture) for each in policy.ssh or ()]
    own = [
        place
        for place, names in rules
        if names is not None and not all(any(one <= _conditions(policy, name) for one in default) for name in names)
    ]
    if own:
        yield CODE.at(
            policy.place.at("defaultSrcPosture").key,
            f"{len(own)} of {len(rules)} rules replace this default by another posture",
            help="name the default in them too, unless they are meant to let more devices in",
            notes=[Note(place.at("srcPosture").span, "replaced here") for place in own[:_MOST_NOTES]],
        )


def _conditions(policy: Policy, name: str) -> frozenset[str]:
    posture = policy.postures.get(name)
    return frozenset(each.text for each in posture.conditions) if posture is not None else frozenset({name})


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
