"""Keys are spelled as they were years ago: `users`, `ports`, `user`, `allow`.

## Why is this bad?
The control plane still takes them, documentation and most tools no longer know them: whoever searches for `src` misses
these rules.

## Example
```hujson bad
{"tagOwners": {"tag:web": []}, "acls": [{"action": "accept", "users": ["autogroup:member"], "ports": ["tag:web:443"]}]}
```
```hujson good
{"tagOwners": {"tag:web": []}, "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:web:443"]}]}
```

## Source
Documentation of the policy syntax; 3 % of 136 public policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Edit, Fix, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.source import Place
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import rename_key

CODE = Code("MIG001", "legacy-keys", Severity.WARNING)

_KEYS = {"acls": ("src", "dst"), "tests": ("src", "accept")}


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give one finding for all old spellings of a file."""
    document = policy.document
    if not isinstance(document, HujsonDocument):
        return
    places: list[tuple[Place, str]] = []
    for section, entries in (("acls", policy.acls or ()), ("tests", policy.tests)):
        for entry in entries:
            for key in _KEYS[section]:
                place = entry.place.at(key)
                if document.has(place.path) and place.key.text.strip('"').casefold() != key:
                    places.append((place, key))
    if not places:
        return
    old = list(dict.fromkeys(place.key.text.strip('"') for place, _ in places))
    new = list(dict.fromkeys(key for _, key in places))
    edits: list[Edit] = [edit for place, key in places for edit in rename_key(document, place.path, key)]
    yield CODE.at(
        places[0][0].key,
        f"{_listed(old)} {'is' if len(old) == 1 else 'are'} spelled {_listed(new)} today",
        help=f"rename {'it' if len(places) == 1 else f'all {len(places)}'}: the meaning stays the same",
        fix=Fix(f"rename to {_listed(new)}", tuple(edits), safe=True),
    )


def _listed(names: list[str]) -> str:
    return " and ".join(shown(name) for name in names) if len(names) < 3 else ", ".join(shown(name) for name in names)


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
