"""A posture is used but not defined.

## Why is this bad?
The control plane refuses the file. If it did not, no device would meet the posture and the rule would give no access.

## Example
```hujson bad
{"postures": {"posture:managed": ["node:os IN ['macos', 'windows']"]},
 "grants": [{"src": ["*"], "srcPosture": ["posture:manged"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson good
{"postures": {"posture:managed": ["node:os IN ['macos', 'windows']"]},
 "grants": [{"src": ["*"], "srcPosture": ["posture:managed"], "dst": ["*"], "ip": ["*"]}]}
```

## Source
Documentation of device posture.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.names import meant_names
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.policy.selectors import is_template, parse_selector
from aclc.source import Place

CODE = Code("REF005", "undefined-posture", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give every name in a `srcPosture` or in `defaultSrcPosture` that `postures` does not define."""
    if not context.knows_all("postures"):
        return
    postures = meant_names(policy.postures, "posture:")
    for place, names in _lists(policy):
        for index, name in enumerate(names):
            if not name or name in postures or is_template(name):
                continue
            if name.startswith("posture:"):
                message = f"posture {shown(name)} is not defined"
                otherwise = "define it in `postures`"
            else:
                message = f"{shown(name)} is not a posture"
                otherwise = "write `posture:` and the name of one that `postures` defines"
            guess = f"posture:{name}" if f"posture:{name}" in policy.postures else None
            yield CODE.at(
                place.at(index),
                message,
                help=f"did you mean `{guess}`?" if guess else context.guesses.help(parse_selector(name), otherwise),
            )


def _lists(policy: Policy) -> Iterator[tuple[Place, tuple[str, ...]]]:
    if policy.default_src_posture:
        yield policy.place.at("defaultSrcPosture"), policy.default_src_posture
    for rules in (policy.acls, policy.grants, policy.ssh):
        for rule in rules or ():
            if rule.src_posture:
                yield rule.place.at("srcPosture"), rule.src_posture


RULE = PolicyRule(CODE, check, __doc__ or "")
