"""A test asks of one person what another test asks of the whole group, or the other way round.

## Why is this bad?
It can never fail by itself: what a group reaches, its members reach, and what a member cannot reach, the group cannot.
It costs whoever changes the policy a second look, and holds nothing.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "group:dev", "accept": ["tag:web:443"]},
           {"src": "alice@example.com", "accept": ["tag:web:443"], "deny": ["tag:web:22"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com"]}, "tagOwners": {"tag:web": []},
 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "group:dev", "accept": ["tag:web:443"]},
           {"src": "alice@example.com", "deny": ["tag:web:22"]}]}
```

## Source
Rules only allow, so access of a group is access of each of its members.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, PolicyTest
from aclc.source import Place

CODE = Code("RED016", "implied-test", Severity.INFO)

_Key = tuple[str, str, str]


def check(policy: Policy, _: Context) -> Iterator[Diagnostic]:
    """Give each item of `accept` of a member that a test of the group has, and each item of `deny` of a group that a
    test of a member has."""
    accepted: dict[tuple[str, _Key], Place] = {}
    denied: dict[tuple[str, _Key], Place] = {}
    for test in policy.tests:
        if test.src is not None:
            for at, text in enumerate(test.accept or ()):
                accepted.setdefault((test.src.name, _key(test, text)), test.place.at("accept", at))
            for at, text in enumerate(test.deny or ()):
                denied.setdefault((test.src.name, _key(test, text)), test.place.at("deny", at))
    groups: dict[str, list[str]] = {}
    for name, group in policy.groups.items():
        for member in group.members:
            groups.setdefault(member.name, []).append(name)
    for test in policy.tests:
        if test.src is None:
            continue
        members = policy.groups[test.src.name].members if test.src.name in policy.groups else ()
        for kind, texts, others, known in (
            ("accept", test.accept, groups.get(test.src.name, ()), accepted),
            ("deny", test.deny, [each.name for each in members], denied),
        ):
            for at, text in enumerate(texts or ()):
                by = next((each for each in others if (each, _key(test, text)) in known), None)
                if by is not None:
                    yield CODE.at(
                        test.place.at(kind, at),
                        f"that {shown(test.src.text)} {_words(kind)} {shown(text.strip())} follows from the test of "
                        f"{shown(by)}",
                        help="remove the item",
                        notes=[Note(known[by, _key(test, text)].span, "asked here")],
                    )


def _words(kind: str) -> str:
    return "can reach" if kind == "accept" else "cannot reach"


def _key(test: PolicyTest, text: str) -> _Key:
    return text.strip(), test.proto, json.dumps(dict(test.src_posture_attrs), sort_keys=True)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="strict")
