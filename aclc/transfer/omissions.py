"""What a control plane refuses of a policy, left out so that nobody gets more by the rule that it stood in.

Of a rule with a source, destination, port or login that is refused, the rest stays; a rule that is refused in any
other way goes as a whole, and so do rules that ask for a posture where there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from aclc.diagnostics import Diagnostic, Edit, shown
from aclc.dialects.dialect import Dialect
from aclc.records import NamedTuple
from aclc.source import Path, Span
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete_elements, delete_members, rename_key, replace_value
from aclc.syntax.hujson_read import DUPLICATE_KEY

_NARROWING = frozenset(
    {"src", "dst", "ip", "users", "target", "attr", "accept", "deny", "check", "acceptEnv", "ipPool"}
)
"""Lists of a rule of which an entry can go: what is left gives less."""

_NOUNS = {
    "acls": "the acl",
    "grants": "the grant",
    "ssh": "the ssh rule",
    "nodeAttrs": "the entry",
    "tests": "the test",
    "sshTests": "the ssh test",
}


class Omission(NamedTuple):
    """Something that is left out. `found`: why. `words`: what is left out."""

    found: Diagnostic
    words: str


class Cut(NamedTuple):
    """What is left out of one text, and the edits that do it."""

    omissions: tuple[Omission, ...]
    edits: tuple[Edit, ...]


def cut_out(document: HujsonDocument, errors: Iterable[Diagnostic], new: Dialect) -> Cut | Diagnostic:
    """Give the edits that leave out what is refused; a diagnostic is one that nothing can be left out for.

    `errors`: what the control plane `new` says of the document. Cost: errors × depth, and the children of what they
    stand in.
    """
    units: dict[Path, None] = {}
    omissions: list[Omission] = []
    for found in errors:
        path = path_of(document, found.span)
        if found.code is DUPLICATE_KEY or not path:
            return found
        for unit in _units(document.value, path, new):
            units[unit] = None
            omissions.append(Omission(found, _words(document.value, unit)))
    return Cut(tuple(omissions), _edits(document, list(units)))


def path_of(document: HujsonDocument, span: Span) -> Path:
    """Give the path of the innermost value, or member, that a span lies in."""
    path: list[str | int] = []
    at = document.root
    while True:
        for number, child in enumerate(document.children(at)):
            begin = child.start if child.key is None else child.key_start
            if begin <= span.start and span.end <= child.end:
                path.append(number if child.key is None else child.key)
                at = child
                break
        else:
            return tuple(path)
        if span.start < at.start:
            return tuple(path)


def _units(value: Any, path: Path, new: Dialect) -> Iterator[Path]:
    """Give what has to go for a fault at a path."""
    section = str(path[0])
    if section == "defaultSrcPosture" and not new.has_key(section):
        yield from _rules_of_default(value)
        yield path[:1]
    elif section in _NOUNS and len(path) > 1:
        entry = value[section][path[1]]
        if len(path) > 3 and path[2] in _NARROWING and isinstance(path[3], int) and isinstance(entry[path[2]], list):
            yield path[:4]
        elif section == "nodeAttrs" and len(path) > 2 and path[2] in {"app", "ipPool"}:
            yield path[:3]
        else:
            yield path[:2]
    elif section in {"groups", "tagOwners"} and len(path) > 2:
        yield path[:3]
    elif section == "autoApprovers" and len(path) > 1:
        yield path[:4]
    elif section in {"groups", "tagOwners", "hosts"} and len(path) > 1:
        yield path[:2]
    else:
        yield path[:1]


def _rules_of_default(value: Any) -> Iterator[Path]:
    """Give the rules that ask for the posture which the policy asks for by default."""
    for section in ("acls", "grants", "ssh") if value.get("defaultSrcPosture") else ():
        for at, entry in enumerate(value.get(section) or ()):
            if isinstance(entry, dict) and not entry.get("srcPosture"):
                yield section, at


def _words(value: Any, unit: Path) -> str:
    section, *rest = unit
    last = value
    for step in unit:
        last = last[step]
    if len(unit) == 4 and isinstance(last, str):
        return f"{shown(last)} is left out of {shown(str(rest[1]))}"
    if isinstance(last, str):
        return f"{shown(last)} is left out"
    if section in _NOUNS and len(unit) == 2:
        return f"{_NOUNS[str(section)]} is left out"
    return f"{shown(str(unit[-1]))} is left out"


def _edits(document: HujsonDocument, units: list[Path]) -> tuple[Edit, ...]:
    """Give the edits that delete some parts: of what lies in each other the outer one, and what would be left empty."""
    value: Any = document.value
    gone = set(units)
    while True:
        outer = {unit for unit in gone if not any(unit[:depth] in gone for depth in range(1, len(unit)))}
        emptied = {above for above in (_emptied(value, unit, outer) for unit in outer) if above is not None}
        if not emptied - outer:
            break
        gone = outer | emptied
    by_container: dict[Path, list[Path]] = {}
    for unit in sorted(outer, key=lambda path: tuple(map(str, path))):
        by_container.setdefault(unit[:-1], []).append(unit)
    edits: list[Edit] = []
    for container, parts in by_container.items():
        kept = [part for part in parts if part != ("grants",) or "acls" in value]
        for part in parts:
            # WHY not deleted: a policy without any rules may let everybody in.
            edits += () if part in kept else (*rename_key(document, part, "acls"), *replace_value(document, part, "[]"))
        if kept and isinstance(kept[0][-1], int):
            edits += delete_elements(document, container, [int(part[-1]) for part in kept])
        elif kept:
            edits += delete_members(document, kept)
    return tuple(edits)


def _emptied(value: Any, unit: Path, gone: set[Path]) -> Path | None:
    """Give the rule that has to go because nothing would be left of a list, or of what it does."""
    if unit[0] not in _NOUNS or len(unit) < 3:
        return None
    entry = value[unit[0]][unit[1]]
    left = {
        key: [each for at, each in enumerate(part) if (*unit[:2], key, at) not in gone]
        if isinstance(part, list)
        else part
        for key, part in entry.items()
        if (*unit[:2], key) not in gone
    }
    if unit[0] in {"tests", "sshTests"}:
        lists = [key for key in ("accept", "deny", "check") if key in entry]
        if unit[2] in lists and not left.get(str(unit[2])):
            return unit[:3] if any(left.get(key) for key in lists) else unit[:2]
    elif unit[0] == "nodeAttrs" and unit[2] != "target":
        if not left.get(str(unit[2]), True):
            return unit[:3] if any(left.get(key) for key in ("attr", "app", "ipPool")) else unit[:2]
        return None if any(left.get(key) for key in ("attr", "app", "ipPool")) else unit[:2]
    return unit[:2] if not left.get(str(unit[2]), True) else None
