"""An entry of `ssh` lets nobody in whom another one does not let in the same way.

## Why is this bad?
It hides what removing access takes: whoever deletes one entry believes that the session is closed, and the other one
keeps it open.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["group:dev"], "dst": ["tag:web"], "users": ["autogroup:nonroot"]},
         {"action": "check", "src": ["alice@example.com"], "dst": ["tag:web"], "users": ["ubuntu"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:22"]}],
 "ssh": [{"action": "check", "src": ["group:dev"], "dst": ["tag:web"], "users": ["autogroup:nonroot"]},
         {"action": "check", "src": ["alice@example.com"], "dst": ["tag:web"], "users": ["root"]}]}
```

## Source
Captures: entries only let in, the first that fits decides how. Entries that ask again after another time, take other
variables or record elsewhere are not the same way.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity
from aclc.lint.exposure import exposure_of
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, SshRule
from aclc.reach.powers.ssh import ANY_OTHER, SshEdge
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

CODE = Code("RED013", "redundant-ssh", Severity.WARNING)

_MOST_ENTRIES = 500
"""Entries of one kind that are compared with each other: the cost is their square."""


def check(policy: Policy, context: Context) -> Iterator[Diagnostic]:
    """Give each entry that another one of its kind holds: an earlier one, or a later one with none of another kind in
    between."""
    rules = policy.ssh or ()
    kinds: dict[object, list[SshEdge]] = {}
    for session in exposure_of(context).sessions if len(rules) > 1 else ():
        kinds.setdefault(_manner(rules[session.rule]), []).append(session)
    gone: set[int] = set()
    for sessions in kinds.values():
        entries = {session.rule for session in sessions}
        for session in sessions[:_MOST_ENTRIES]:
            if not _is_decided(policy, context, session):
                continue
            for other in sessions[:_MOST_ENTRIES]:
                if other.rule == session.rule or other.rule in gone or not _holds(other, session):
                    continue
                later = range(session.rule + 1, other.rule)
                if other.rule < session.rule or (not _holds(session, other) and all(at in entries for at in later)):
                    gone.add(session.rule)
                    yield _told(policy, rules[session.rule], rules[other.rule])
                    break


def _manner(rule: SshRule) -> object:
    """Give how an entry lets in; equal for entries that can stand for each other."""
    recorders = tuple(each.text for each in rule.recorder)
    return rule.action, rule.check_period, frozenset(rule.accept_env or ()), recorders, rule.enforce_recorder


def _is_decided(policy: Policy, context: Context, session: SshEdge) -> bool:
    """Tell whether everything that an entry names stands for some device, so that nothing of it is overlooked."""
    rule = (policy.ssh or ())[session.rule]
    names = exposure_of(context).view.resolved.names
    return all(names.nodes(each) for each in rule.src) and all(
        each.name == "autogroup:self" or names.nodes(each) for each in rule.dst
    )


def _holds(wider: SshEdge, session: SshEdge) -> bool:
    """Tell whether one entry lets in all whom another lets in, as the same logins."""
    missing = session.logins - wider.logins
    if ANY_OTHER in wider.logins:
        missing &= {"root"}
    return (
        not session.sources & ~wider.sources
        and not session.targets & ~wider.targets
        and not session.own & ~wider.own
        and not missing
        and not session.own_name & ~wider.own_name
    )


def _told(policy: Policy, rule: SshRule, other: SshRule) -> Diagnostic:
    document = policy.document
    fix = None
    if isinstance(document, HujsonDocument):
        fix = Fix("remove the entry", delete(document, rule.place.path), safe=True)
    return CODE.at(
        rule.place,
        "this entry lets nobody in whom another one does not let in the same way",
        help="remove it, or narrow the other one if that was meant",
        notes=[Note(other.place.span, "this entry lets the same people in, as the same logins")],
        fix=fix,
    )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
