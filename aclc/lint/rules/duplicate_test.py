"""A test asks what another one asks already.

## Why is this bad?
It holds nothing more, and whoever changes one of the two is stopped by the other.

## Example
```hujson bad
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "accept": ["tag:web:443"], "deny": ["tag:web:22"]},
           {"src": "alice@example.com", "deny": ["tag:web:22"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []},
 "grants": [{"src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"]}],
 "tests": [{"src": "alice@example.com", "accept": ["tag:web:443"], "deny": ["tag:web:22"]}]}
```

## Source
Semantics of `tests`: every item stands for itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy, PolicyTest
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete

CODE = Code("TST013", "duplicate-test", Severity.INFO)


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each test all of whose items an earlier test of the same source has too."""
    seen: dict[tuple[str, str, str], list[tuple[PolicyTest, frozenset[tuple[str, str]]]]] = {}
    for test in policy.tests:
        asked = frozenset(
            [("accept", text.strip()) for text in test.accept or ()]
            + [("deny", text.strip()) for text in test.deny or ()]
        )
        if test.src is None or not asked:
            continue
        key = (test.src.text, test.proto, json.dumps(dict(test.src_posture_attrs), sort_keys=True))
        earlier = seen.setdefault(key, [])
        same = next((other for other, items in earlier if asked <= items), None)
        if same is None:
            earlier.append((test, asked))
            continue
        document = policy.document
        fix = (
            Fix("remove the test", delete(document, test.place.path), safe=True)
            if isinstance(document, HujsonDocument)
            else None
        )
        yield CODE.at(
            test.place,
            f"all that this test of {shown(test.src.text)} asks is asked before",
            help="remove it",
            notes=(Note(same.place.span, "asked here"),),
            fix=fix,
        )


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
