"""Postures are defined, but a rule to a sensitive tag does not ask for any.

## Why is this bad?
Whoever defines postures means to keep unmanaged devices from what matters.

## Example
```hujson bad
{"postures": {"posture:managed": ["node:os == 'macos'"]}, "defaultSrcPosture": [], "tagOwners": {"tag:prod": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:prod"], "ip": ["tcp:443"]}]}
```
```hujson good
{"postures": {"posture:managed": ["node:os == 'macos'"]}, "tagOwners": {"tag:prod": []},
 "grants": [{"src": ["autogroup:member"], "srcPosture": ["posture:managed"], "dst": ["tag:prod"], "ip": ["tcp:443"]}]}
```

## Source
Documentation of device posture. What is sensitive is told by the words of the tag's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import exposure_of, sounds_sensitive
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.resolve.posture import effective_postures

CODE = Code("SEC035", "posture-less-sensitive", Severity.INFO)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each such destination of a rule with people among its sources; silent without postures."""
    if not policy.postures:
        return
    exposure = exposure_of(context)
    for edge in exposure.edges:
        grant = exposure.grant(edge)
        if not sounds_sensitive(edge.dst) or effective_postures(policy, grant.src_posture):
            continue
        if any(each.kind not in {"tag", "prefix", "host", "ipset"} for each in grant.src):
            yield CODE.at(
                exposure.dst(edge),
                f"people reach {shown(edge.dst.text)} from any device, managed or not",
                help="ask for a posture with `srcPosture`",
            )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
