"""The recorder of an ssh rule is not a defined tag.

## Why is this bad?
Sessions are recorded by nodes with the recorder's tag. Without one nothing is recorded, and with `enforceRecorder`
nobody gets in.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["root"],
          "recorder": ["tag:tape"]}]}
```
```hujson good
{"tagOwners": {"tag:web": [], "tag:tape": []},
 "ssh": [{"action": "check", "src": ["autogroup:member"], "dst": ["tag:web"], "users": ["root"],
          "recorder": ["tag:tape"]}]}
```

## Source
Documentation of ssh session recording.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy

CODE = Code("REF014", "undefined-ssh-recorder", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give recorders that are undefined tags, or no tags."""
    for selector in context.uses.at("ssh.recorder", "tag"):
        if selector.name not in policy.tag_owners:
            for place in context.uses.places("ssh.recorder", selector):
                yield CODE.at(
                    place,
                    f"recorder {shown(selector.text)} is not defined",
                    help=context.guesses.help(selector, "declare the tag in `tagOwners`"),
                )
    for position, selector in context.misplaced.get(CODE.slug, ()):
        for place in context.uses.places(position, selector):
            yield CODE.at(
                place,
                f"{shown(selector.text)} cannot be a recorder",
                help="name the tag of the nodes that run the recorder",
            )


RULE = PolicyRule(CODE, check, __doc__ or "")
