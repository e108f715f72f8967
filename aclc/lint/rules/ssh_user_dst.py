"""An ssh rule lets others than the user onto a user's devices.

## Why is this bad?
The control plane refuses the file: with ssh nobody gets onto the device of another person. A user may be a destination
only where the same user is the only source. `autogroup:self` says it for everybody at once.

## Example
```hujson bad
{"groups": {"group:ops": ["bob@example.com"]},
 "ssh": [{"action": "check", "src": ["group:ops"], "dst": ["alice@example.com"], "users": ["root"]}]}
```
```hujson good
{"ssh": [{"action": "check", "src": ["alice@example.com"], "dst": ["alice@example.com"], "users": ["root"]},
         {"action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"]}]}
```

## Source
Documentation of ssh; juanfont/headscale#2645.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, SshRule
from aclc.policy.selectors import Selector

CODE = Code("VAL017", "ssh-user-dst", Severity.ERROR)


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give users as destinations of rules with other sources, and tags as sources of rules to people's own devices
    only.

    The latter the control plane takes; the rule does nothing. A rule without sources has no effect, so it is left
    alone.
    """
    uses = context.uses
    if any(uses.at("ssh.dst", "user")) or any(uses.at("ssh.dst", "autogroup")):
        for rule in policy.ssh or ():
            if context.dialect.ssh_pairs_checked:
                yield from _users(rule, context)
            # Headscale refuses them: see unsupported-by-target.
            if not context.dialect.is_headscale:
                yield from _tags(rule)


def _users(rule: SshRule, context: Context) -> Iterator[Diagnostic]:
    for index, target in enumerate(rule.dst):
        if target.kind != "user":
            continue
        for at, source in enumerate(rule.src):
            if source.kind == "user" and source.name.casefold() == target.name.casefold():
                continue
            yield CODE.at(
                rule.place.at("dst", index),
                f"{shown(target.text)} is a destination of ssh for others than that user",
                help="write `autogroup:self`, so that everybody reaches their own devices, or give the devices a tag",
                notes=(Note(rule.place.at("src", at).span, f"{shown(source.text)} is a source here"),),
                control=context.dialect.control("ssh-user-dst", user=go_quoted(target.text)),
            )
            break


def _tags(rule: SshRule) -> Iterator[Diagnostic]:
    if not rule.dst or any(target.name != "autogroup:self" for target in rule.dst):
        return
    for index, source in enumerate(rule.src):
        if _is_tagged(source):
            yield CODE.at(
                rule.place.at("src", index),
                f"{shown(source.text)} reaches nothing here, since tagged devices belong to nobody",
                help="`autogroup:self` is for people; tagged devices reach tags and `autogroup:tagged`",
                severity=Severity.WARNING,
            )


def _is_tagged(selector: Selector) -> bool:
    return selector.kind == "tag" or selector.name == "autogroup:tagged"


RULE = PolicyRule(CODE, check, __doc__ or "")
