"""Two tests want the opposite of each other.

## Why is this bad?
One of them must fail whatever the rules say, so the control plane refuses every policy with these tests. The one that
fails (`test-fails`) need not be the one that is wrong.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "accept": ["tag:web:443"]},
           {"src": "alice@example.com", "deny": ["tag:web:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "accept": ["tag:web:443"], "deny": ["tag:web:22"]}]}
```

## Source
Semantics of `tests`: all must hold. A test without `proto` is passed by TCP or UDP, so `accept` without one and `deny`
of one protocol are no contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, PolicyTest
from aclc.source import Place

CODE = Code("TST005", "contradictory-tests", Severity.WARNING)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each item of `deny` that another test, or the same, has in `accept`."""
    accepted: dict[tuple[str, str], list[tuple[PolicyTest, Place]]] = {}
    for test in policy.tests:
        if test.src is not None:
            for at, text in enumerate(test.accept or ()):
                accepted.setdefault((test.src.text, text.strip()), []).append((test, test.place.at("accept", at)))
    for test in policy.tests:
        for at, text in enumerate(test.deny or ()) if test.src is not None and accepted else ():
            assert test.src is not None
            for other, place in accepted.get((test.src.text, text.strip()), ()):
                if test.proto in {"", other.proto} and dict(test.src_posture_attrs) == dict(other.src_posture_attrs):
                    yield CODE.at(
                        test.place.at("deny", at),
                        f"{shown(test.src.text)} must not reach {shown(text)} here, but must elsewhere",
                        help="one of the two always fails: remove the one that is wrong",
                        notes=(Note(place.span, "accepted here"),),
                    )
                    break


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
