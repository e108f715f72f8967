"""Policies in HuJSON or JSON that a policy in the aclc language includes: their entries join those of the language.

Each keeps its place in its own file, so that whatever is found in it is told there. Nothing of such a file is passed
over: what cannot be joined is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aclc.diagnostics import Code, Diagnostic, Note, Severity, shown
from aclc.dialects.dialect import Dialect
from aclc.policy.language_document import About
from aclc.policy.language_files import Gathered
from aclc.policy.language_lowering import Lowering
from aclc.policy.language_names import Defined, NameTable, bare_name
from aclc.policy.read_hujson import legacy_spellings
from aclc.records import NamedTuple
from aclc.source import Path
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_read import parse_hujson

JOIN = Code("LNG024", "cannot-be-joined", Severity.ERROR)

_NAMED = {"groups": "group", "tagOwners": "tag", "hosts": "host", "ipsets": "ipset", "postures": "posture"}
_LISTS = frozenset({"grants", "acls", "ssh", "nodeAttrs", "tests", "sshTests"})
_APPROVERS = "autoApprovers"


class ForeignFile(NamedTuple):
    """A file that is not in the language. `value`: with canonical keys at its top, each with the key as written."""

    module: int
    document: HujsonDocument
    value: Mapping[str, tuple[str, Any]]


def read_foreign(
    gathered: Gathered, dialect: Dialect, names: NameTable, found: list[Diagnostic]
) -> tuple[ForeignFile, ...]:
    """Read the files that are not in the language, and note the names that they define; what is wrong is reported."""
    files = []
    for source, module in gathered.foreign:
        parsed = parse_hujson(source, legacy_spellings(dialect))
        found += parsed.diagnostics
        document = parsed.value
        if document is None:
            continue
        if not isinstance(document.value, dict):
            found.append(JOIN.at(document.span(()), "file holds no policy", help="a policy is an object: `{…}`"))
            continue
        file = ForeignFile(module, document, _by_canonical_key(document.value, dialect))
        for section, kind in _NAMED.items():
            key, table = file.value.get(section, ("", None))
            for name in table if isinstance(table, dict) else ():
                span = document.key_span((key, name))
                names.define(Defined(kind, bare_name(kind, name), module, span))
        files.append(file)
    return tuple(files)


def foreign_values(files: Sequence[ForeignFile]) -> dict[str, object]:
    """Give what the files define, by full name: `group:eng`, `host:office`, `ipset:lan`."""
    found: dict[str, object] = {}
    for file in files:
        for section, kind in _NAMED.items():
            _, table = file.value.get(section, ("", None))
            for name, value in table.items() if isinstance(table, dict) else ():
                found.setdefault(f"{kind}:{bare_name(kind, name)}", value)
    return found


def join(file: ForeignFile, to: Lowering) -> None:
    """Put everything that a file says behind what is there."""
    for section, (key, value) in file.value.items():
        if section in _NAMED and isinstance(value, dict):
            for name, one in value.items():
                _put(file, to, (section, name), (key, name), one)
        elif section in _LISTS and isinstance(value, list):
            for index, one in enumerate(value):
                _append(file, to, section, (key, index), one)
        elif section == _APPROVERS and isinstance(value, dict):
            _join_approvers(file, to, key, value)
        else:
            _put_whole(file, to, section, key, value)


def _put(file: ForeignFile, to: Lowering, path: Path, there: Path, value: Any) -> None:
    """Put a named member into its section; the second of one name was reported."""
    table = to.section(str(path[0]), {})
    if path[1] not in table:
        table[path[1]] = list(value) if isinstance(value, list) else value
        to.belongs[path] = file.module
        to.document.graft(path, file.document, there)


def _append(file: ForeignFile, to: Lowering, section: str, there: Path, value: Any) -> None:
    path = to.next_path(section)
    to.value[section].append(dict(value) if isinstance(value, dict) else value)
    to.belongs[path] = file.module
    to.document.graft(path, file.document, there)
    name = to.modules[file.module].name
    if name:
        to.document.abouts[path] = About(name)


def _join_approvers(file: ForeignFile, to: Lowering, key: str, value: Mapping[str, Any]) -> None:
    canonical = {name.casefold(): name for name in ("routes", "exitNode", "services")}
    for written, part in value.items():
        name = canonical.get(written.casefold(), written)
        if name == "exitNode" and isinstance(part, list):
            _extend(file, to, (_APPROVERS, name), (key, written), part)
        elif name in {"routes", "services"} and isinstance(part, dict):
            for target, approvers in part.items():
                if isinstance(approvers, list):
                    _extend(file, to, (_APPROVERS, name, target), (key, written, target), approvers)
                else:
                    _refuse(file, to, (key, written, target), f"approvers of {shown(target)} are no list")
        else:
            _refuse(file, to, (key, written), f"{shown(written)} cannot be joined with the approvers of other files")


def _extend(file: ForeignFile, to: Lowering, path: Path, there: Path, approvers: Sequence[Any]) -> None:
    """Put approvers behind those that are there."""
    table = to.section(_APPROVERS, {})
    for step in path[1:-1]:
        table = table.setdefault(step, {})
    listed = table.setdefault(path[-1], [])
    to.document.graft(path, file.document, there)
    for index, one in enumerate(approvers):
        at = (*path, len(listed))
        listed.append(one)
        to.belongs[at] = file.module
        to.document.graft(at, file.document, (*there, index))


def _put_whole(file: ForeignFile, to: Lowering, section: str, key: str, value: Any) -> None:
    """Put a section that cannot be joined with another of its name: an option, or what has the wrong form."""
    if section in to.value:
        first = to.document.span((section,))
        notes = () if first == to.document.span(()) else (Note(first, "first given here"),)
        found = JOIN.at(
            file.document.key_span((key,)),
            f"{shown(section)} is given twice, and the two cannot be joined",
            help="keep the one that is meant: the files of a policy are one policy",
            notes=notes,
        )
        to.found.append(found)
        return
    to.value[section] = value
    to.belongs[section,] = file.module
    to.document.graft((section,), file.document, (key,))


def _refuse(file: ForeignFile, to: Lowering, there: Path, message: str) -> None:
    to.found.append(JOIN.at(file.document.span(there), message))


def _by_canonical_key(value: Mapping[str, Any], dialect: Dialect) -> dict[str, tuple[str, Any]]:
    """Give the members of a policy by the names of its sections as they are spelled today; unknown ones as written."""
    known = {key.casefold(): key for key in dialect.shapes["policy"].keys}
    found: dict[str, tuple[str, Any]] = {}
    for key, part in value.items():
        name = known.get(key.casefold(), key)
        if part is not None or name not in _NAMED.keys() | _LISTS | {_APPROVERS}:
            found.setdefault(name if name not in found else key, (key, part))
    return found
