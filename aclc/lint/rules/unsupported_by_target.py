"""The control plane that the policy is for does not know what the policy uses.

Asked only of Headscale (`--target headscale@0.29`): sections such as `postures` and `ipsets`, selectors such as `svc:`,
autogroups of roles, `funnel`, and what a version of it did not have yet. `docs/dialects.md` lists all of it.

## Why is this bad?
Headscale refuses the file and does not start with it. Version 0.26 passes over keys that it does not know: a rule with
`srcPosture` then holds for every device.

## Example
The examples are for `headscale@0.29`.
```hujson bad
{"grants": [{"src": ["autogroup:admin"], "dst": ["*"], "ip": ["*"]}]}
```
```hujson bad
{"ipsets": {"ipset:dc": ["10.0.0.0/8"]}, "grants": [{"src": ["alice@"], "dst": ["10.0.0.0/8"], "ip": ["*"]}]}
```
```hujson bad
{"tagOwners": {"tag:web": ["alice@"]}, "nodeAttrs": [{"target": ["tag:web"], "attr": ["funnel"]}], "grants": []}
```
```hujson bad
{"tagOwners": {"tag:ci": ["alice@"]},
 "ssh": [{"action": "accept", "src": ["tag:ci"], "dst": ["autogroup:member"], "users": ["root"]}], "grants": []}
```
```hujson good
{"tagOwners": {"tag:web": ["alice@"]},
 "nodeAttrs": [{"target": ["tag:web"], "attr": ["magicdns-aaaa"]}],
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}]}
```

## Source
Documentation and release notes of Headscale; juanfont/headscale#3009, #3010, #2754.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Diagnostic, Edit, Fix, Note, Severity, shown
from aclc.dialects.dialect import Position
from aclc.dialects.go_text import go_quoted
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.fields import UNSUPPORTED
from aclc.policy.model import Policy, SshRule
from aclc.policy.selectors import Selector
from aclc.source import Place

CODE = UNSUPPORTED

_OWNERS = {"tagOwners": "owner", "autoApprovers": "approver"}


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give what the target does not take and Tailscale does; the reader does keys."""
    yield from _selectors(context)
    yield from _attributes(policy, context)
    if context.dialect.is_headscale:
        for rule in policy.ssh or ():
            if context.dialect.ssh_pairs_checked:
                yield from _pair(rule, context)
            yield from _doubts(rule, context)


def _selectors(context: Context) -> Iterator[Diagnostic]:
    dialect = context.dialect
    for position, selector in context.misplaced.get(CODE.slug, ()):
        law = dialect.positions[position]
        quoted = go_quoted(selector.text)
        control = None
        if position in _OWNERS:
            control = dialect.control(_OWNERS[position])
        elif selector.kind == "autogroup":
            exists = selector.text in dialect.autogroups
            control = dialect.control(f"autogroup-{position}" if exists else "autogroup", selector=quoted)
        elif position == "nodeAttrs.target":
            control = dialect.control("alias-nodeAttrs.target")
        taken = ", ".join(f"`{name}`" for name in dialect.autogroups if name in law.autogroups)
        help = f"allowed here: {taken}" if selector.kind == "autogroup" and taken else None
        if selector.text != selector.name and selector.name in law.autogroups:
            help = f"write {shown(selector.name)}"
        for place in context.uses.places(position, selector):
            message = f"{shown(selector.text)} is not supported in {law.noun}"
            yield CODE.at(place, message, help=help, control=control, fix=_respelt(place, selector, law))


def _respelt(place: Place, selector: Selector, law: Position) -> Fix | None:
    """Give the repair of an older spelling of an autogroup."""
    at = place.span.text.find(selector.text)
    if selector.text == selector.name or selector.name not in law.autogroups or at < 0:
        return None
    span = place.span.within(at, at + len(selector.text))
    return Fix(f"write {selector.name}", (Edit(span, selector.name),), safe=True)


def _attributes(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    refused = context.dialect.attributes_elsewhere
    if not refused:
        return
    for entry in policy.node_attrs:
        for index, attribute in enumerate(entry.attr):
            if attribute in refused:
                yield CODE.at(
                    entry.place.at("attr", index),
                    f"node attribute {shown(attribute)} is not supported",
                    help="leave it out",
                    control=context.dialect.control("attribute", attribute=go_quoted(attribute)),
                )


def _pair(rule: SshRule, context: Context) -> Iterator[Diagnostic]:
    """Give destinations on people's devices beside sources that are tagged."""
    tagged = next((at for at, source in enumerate(rule.src) if _is_tagged(source)), None)
    if tagged is None:
        return
    for index, target in enumerate(rule.dst):
        # For a user as destination `ssh-user-dst` answers.
        if target.name == "autogroup:member":
            control = context.dialect.control("ssh-tag-to-member")
        elif target.name == "autogroup:self":
            control = None
        else:
            continue
        yield CODE.at(
            rule.place.at("dst", index),
            f"tagged devices cannot log in to {shown(target.text)}",
            help="tagged devices reach tags and `autogroup:tagged`; give people a rule of their own",
            notes=(Note(rule.place.at("src", tagged).span, f"{shown(rule.src[tagged].text)} is a source here"),),
            control=control,
        )


def _doubts(rule: SshRule, context: Context) -> Iterator[Diagnostic]:
    """Give what nobody says of the target."""
    doubts = context.dialect.doubts
    if "ssh.check" in doubts and rule.action == "check":
        yield _doubt(rule, ("action",), "what becomes of the action `check` is not known for this target")
    if "ssh.localpart" in doubts:
        for index, user in enumerate(rule.users or ()):
            if user.startswith("localpart:"):
                yield _doubt(rule, ("users", index), f"what becomes of {shown(user)} is not known for this target")


def _doubt(rule: SshRule, path: tuple[str | int, ...], message: str) -> Diagnostic:
    return CODE.at(
        rule.place.at(*path),
        message,
        help="try it on the server before you rely on it, or move to 0.29, which supports it",
        severity=Severity.WARNING,
    )


def _is_tagged(selector: Selector) -> bool:
    return selector.kind == "tag" or selector.name == "autogroup:tagged"


RULE = PolicyRule(CODE, check, __doc__ or "")
