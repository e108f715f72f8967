"""No device can ever meet a posture.

## Why is this bad?
All conditions of a posture must hold at once. Where they exclude each other, every rule that asks for it opens nothing.

## Example
```hujson bad
{"postures": {"posture:desk": ["node:os == 'macos'", "node:os == 'windows'"]},
 "grants": [{"src": ["autogroup:member"], "srcPosture": ["posture:desk"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```
```hujson good
{"postures": {"posture:desk": ["node:os IN ['macos', 'windows']"]},
 "grants": [{"src": ["autogroup:member"], "srcPosture": ["posture:desk"], "dst": ["autogroup:internet"], "ip": ["*"]}]}
```

## Source
Documentation of device posture: conditions are joined by “and”, the postures of `srcPosture` by “or”.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.exposure import named
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.reach.population.facts import least_facts
from aclc.resolve.posture import satisfies

CODE = Code("DEAD009", "posture-never-met", Severity.WARNING)


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each posture that no values of its attributes can meet; silent where they are too many to try."""
    for name, posture in policy.postures.items():
        facts = least_facts(({name: posture},))
        if facts is None or any(satisfies(posture, dict(each)) for each in facts):
            continue
        attributes = [each.attribute for each in posture.conditions]
        twice = [each for each in dict.fromkeys(attributes) if attributes.count(each) > 1]
        what = f": what it asks of {named(twice)} cannot all be true" if twice else ""
        yield CODE.at(
            posture.place.key,
            f"no device can meet {shown(name)}{what}",
            help="write the choices as one condition with `IN`, or as postures of their own",
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
