"""A list names the same thing twice.

## Why is this bad?
The second does nothing. Whoever takes one out, to take access away, leaves the other.

## Example
```hujson bad
{"groups": {"group:dev": ["alice@example.com", "bob@example.com", "alice@example.com"]},
 "grants": [{"src": ["group:dev"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```
```hujson good
{"groups": {"group:dev": ["alice@example.com", "bob@example.com"]},
 "grants": [{"src": ["group:dev"], "dst": ["autogroup:self"], "ip": ["*"]}]}
```

## Source
Seen in public policies. Not asked of `ipsets`, whose steps are taken in order.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclc.diagnostics import Code, Diagnostic, Fix, Note, Severity, shown
from aclc.lint.rule import Context, PolicyRule
from aclc.policy.model import Policy
from aclc.source import Path
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete_elements

CODE = Code("RED006", "duplicate-list-entry", Severity.WARNING)

_OF_ENTRIES = {
    "acls": ("src", "dst", "srcPosture", "users", "ports"),
    "grants": ("src", "dst", "ip", "via", "srcPosture"),
    "ssh": ("src", "dst", "users", "acceptEnv", "srcPosture"),
    "nodeAttrs": ("target", "attr", "ipPool"),
    "tests": ("accept", "deny", "allow"),
    "sshTests": ("dst", "accept", "check", "deny"),
}
_BY_NAME = ("groups", "tagOwners", "postures")


def check(policy: Policy, _context: Context) -> Iterator[Diagnostic]:
    """Give each list with repeats, at the first repeat."""
    document = policy.document
    if not isinstance(document, HujsonDocument):
        return
    for path, items in _lists(document.value):
        if len(set(items)) == len(items):
            continue
        repeats = [at for at, text in enumerate(items) if text in items[:at]]
        first = repeats[0]
        yield CODE.at(
            document.span((*path, first)),
            f"{shown(items[first])} is named twice",
            help="remove the second" if len(repeats) == 1 else f"remove the {len(repeats)} repeats in this list",
            notes=(Note(document.span((*path, items.index(items[first]))), "first named here"),),
            fix=Fix("remove what is repeated", delete_elements(document, path, repeats), safe=True),
        )


def _lists(value: object) -> Iterator[tuple[Path, list[str]]]:
    """Give the lists in which order and repeats mean nothing, those with anything but strings left out."""
    if not isinstance(value, dict):
        return
    for section, keys in _OF_ENTRIES.items():
        entries = value.get(section)
        for at, entry in enumerate(entries if isinstance(entries, list) else ()):
            for key in keys if isinstance(entry, dict) else ():
                yield from _texts((section, at, key), entry.get(key))
    for section in _BY_NAME:
        named = value.get(section)
        for name, items in named.items() if isinstance(named, dict) else ():
            yield from _texts((section, name), items)
    approvers = value.get("autoApprovers")
    if isinstance(approvers, dict):
        yield from _texts(("autoApprovers", "exitNode"), approvers.get("exitNode"))
        for kind in ("routes", "services"):
            named = approvers.get(kind)
            for name, items in named.items() if isinstance(named, dict) else ():
                yield from _texts(("autoApprovers", kind, name), items)


def _texts(path: Path, items: object) -> Iterator[tuple[Path, list[str]]]:
    if isinstance(items, list) and len(items) > 1 and all(isinstance(each, str) for each in items):
        yield path, [str(each) for each in items]


RULE = PolicyRule(CODE, check, __doc__ or "", profile="default")
