"""Other spellings of the same thing, where one control plane takes a spelling and another does not.

Each function finds what the other control plane does not take and can be said otherwise. Whether it means the same is
not believed here: whoever makes the edits proves it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aclc.diagnostics import Edit, shown
from aclc.dialects.dialect import Dialect
from aclc.policy.model import Acl, Grant, Policy, SshRule
from aclc.policy.ports import UnknownProtocol, parse_protocol, split_destination
from aclc.records import NamedTuple
from aclc.resolve.ipsets import Ipsets
from aclc.source import Path, Span
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import delete, delete_members, replace_value
from aclc.transfer.grants_as_acls import entries_of, moved

MOST_WRITTEN_OUT = 64
"""Networks that stand in the place of one ipset."""


class Respelling(NamedTuple):
    """Edits of one document that say one thing otherwise. `title`: what is done, for people."""

    title: str
    edits: tuple[Edit, ...]


class Ground(NamedTuple):
    """A policy in HuJSON as its own control plane reads it, and the two control planes."""

    document: HujsonDocument
    policy: Policy
    old: Dialect
    new: Dialect

    def entries(self, section: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Give the objects of a section with their paths."""
        value = self.document.value
        listed = value.get(section) if isinstance(value, dict) else None
        for at, entry in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(entry, dict):
                yield (section, at), entry


Step = Callable[[Ground], Iterator[Respelling]]


def protocols(ground: Ground) -> Iterator[Respelling]:
    """Write a protocol whose name, or whose zeros, the other one does not take by another name or by its number."""
    for section in ("acls", "tests"):
        for path, entry in ground.entries(section):
            name = entry.get("proto")
            better = _protocol(ground, name) if isinstance(name, str) else None
            if better is not None:
                yield _replaced(ground, (*path, "proto"), better, f"protocol {shown(str(name))} is written {better}")
    for path, item in _texts(ground, "grants", "ip"):
        name, colon, ports = item.rpartition(":")
        better = _protocol(ground, name) if colon else None
        if better is not None:
            yield _replaced(ground, path, f"{better}:{ports}", f"protocol {shown(name)} is written {better}")


def _protocol(ground: Ground, name: str) -> str | None:
    number = parse_protocol(name, ground.old.protocols)
    if not isinstance(number, int):
        return None
    is_taken = not isinstance(parse_protocol(name, ground.new.protocols), UnknownProtocol)
    if is_taken and (ground.new.protocol_leading_zeros or not name.startswith("0")):
        return None
    # WHY not a name of a control plane of which too little is known: it may mean more there than its number does.
    names = ground.new.protocols if ground.new.meaning is not None else {}
    return next((each for each, known in names.items() if known == number), str(number))


def portless(ground: Ground) -> Iterator[Respelling]:
    """Take ports away that stand beside a protocol which has none: they have no effect."""
    if not ground.new.is_headscale:
        return
    for path, entry in ground.entries("acls"):
        if not _has_no_ports(ground, entry.get("proto")):
            continue
        for at, text in enumerate(_list(entry.get("dst"))):
            cut = split_destination(text) if isinstance(text, str) else None
            if cut is not None and cut.host is not None and cut.ports != "*":
                title = f"{shown(str(entry['proto']))} has no ports: {shown(text)} is written {shown(cut.host + ':*')}"
                yield _replaced(ground, (*path, "dst", at), f"{cut.host}:*", title)
    for path, item in _texts(ground, "grants", "ip"):
        name, colon, ports = item.rpartition(":")
        if colon and ports != "*" and _has_no_ports(ground, name):
            yield _replaced(
                ground, path, f"{name}:*", f"{shown(name)} has no ports: {shown(item)} is written `{name}:*`"
            )


def _has_no_ports(ground: Ground, name: object) -> bool:
    number = parse_protocol(str(name), ground.old.protocols) if isinstance(name, str | int) else None
    return isinstance(number, int) and number not in ground.old.protocols_with_ports


def port_lists(ground: Ground) -> Iterator[Respelling]:
    """Write `tcp:80,443` of a grant as two items."""
    if ground.new.grant_port_lists or not ground.old.grant_port_lists:
        return
    for path, entry in ground.entries("grants"):
        items = _list(entry.get("ip"))
        if any(isinstance(item, str) and "," in item for item in items):
            written = []
            for item in items:
                name, colon, ports = item.rpartition(":") if isinstance(item, str) else ("", "", item)
                pieces = ports.split(",") if isinstance(ports, str) else [ports]
                written += [f"{name}{colon}{piece.strip()}" if isinstance(piece, str) else piece for piece in pieces]
            yield _replaced(ground, (*path, "ip"), written, f"{shown(_json(items))} is written {shown(_json(written))}")


def check_periods(ground: Ground) -> Iterator[Respelling]:
    """Leave `checkPeriod` out where nobody is asked again: it has no effect."""
    if ground.new.is_headscale:
        for path, entry in ground.entries("ssh"):
            if entry.get("action") == "accept" and "checkPeriod" in entry:
                title = "`checkPeriod` beside `accept`, which asks nobody again, is left out"
                yield Respelling(title, delete(ground.document, (*path, "checkPeriod")))


def brackets(ground: Ground) -> Iterator[Respelling]:
    """Write IPv6 destinations of acls without brackets; what does not take them knows no tests."""
    if ground.new.bracketed_ipv6:
        return
    for path, text in _texts(ground, "acls", "dst"):
        if text.startswith("[") and "]" in text:
            bare = text[1:].replace("]", "", 1)
            yield _replaced(ground, path, bare, f"{shown(text)} is written {shown(bare)}")


def nothing_for_lists(ground: Ground) -> Iterator[Respelling]:
    """Write `null` that stands for an empty list as `[]`."""
    value = ground.document.value
    if ground.new.null_lists or not isinstance(value, dict):
        return
    for section in ("groups", "tagOwners"):
        for name, each in _members(value.get(section)):
            if each is None:
                yield _replaced(ground, (section, name), [], f"`null` of {shown(name)} is written `[]`")


def comment_keys(ground: Ground) -> Iterator[Respelling]:
    """Make keys that are comments, and that the other one does not pass over, comments."""
    mark = ground.old.shapes["acl"].comments
    if not mark or ground.new.shapes["acl"].comments:
        return
    for path, entry in ground.entries("acls"):
        names = [key for key in entry if key.startswith(mark)]
        if names:
            begin = ground.document.span(path).start
            text = "".join(f"/* {key}: {_json(entry[key]).replace('*/', '* /')} */ " for key in names)
            gone = delete_members(ground.document, [(*path, key) for key in names])
            title = f"key {shown(names[0])} is written as a comment"
            yield Respelling(title, (Edit(Span(ground.document.source, begin, begin), text), *gone))


def ipsets(ground: Ground) -> Iterator[Respelling]:
    """Write the addresses of ipsets where they are used, if the other one has none."""
    if ground.new.has_key("ipsets"):
        return
    known = Ipsets(ground.policy)
    for section in ("acls", "grants", "tests"):
        for path, entry in ground.entries(section):
            for key in ("src", "dst") if section != "tests" else ("accept", "deny"):
                listed = _list(entry.get(key))
                written: list[Any] = []
                used: dict[str, None] = {}
                for item in listed:
                    networks = _networks(
                        known, item, has_ports=section == "tests" or (section == "acls" and key == "dst")
                    )
                    written += [item] if networks is None else networks
                    used |= {} if networks is None else {item: None}
                if used:
                    title = f"{', '.join(shown(name) for name in used)} is written out: {shown(', '.join(written))}"
                    yield _replaced(ground, (*path, key), list(dict.fromkeys(written)), title)


def _networks(known: Ipsets, item: object, *, has_ports: bool) -> list[str] | None:
    """Give the networks of an ipset, with its ports; None where it is none, or they are too many or none."""
    if not isinstance(item, str) or not item.startswith("ipset:"):
        return None
    cut = split_destination(item) if has_ports else None
    name = cut.host if cut is not None else item
    found = known.get(name or "")
    networks = [str(prefix) for prefix in found.addresses.prefixes()]
    if found.internet or not 1 <= len(networks) <= MOST_WRITTEN_OUT:
        return None
    return [f"{each}:{cut.ports}" if cut is not None else each for each in networks]


def grants_as_acls(ground: Ground) -> Iterator[Respelling]:
    """Write grants that only open ports as acls, if the other one knows acls only."""
    if ground.new.has_key("grants"):
        return
    written = {int(path[1]): acls for path, entry in ground.entries("grants") if (acls := entries_of(entry))}
    if written:
        count = f"{len(written)} grants are" if len(written) > 1 else "a grant is"
        yield Respelling(f"{count} written as acls", moved(ground.document, written))


def idle_sections(ground: Ground) -> Iterator[Respelling]:
    """Leave out definitions that nothing uses, and empty sections, of kinds that the other one does not know."""
    value = ground.document.value
    if not isinstance(value, dict):
        return
    policy = ground.policy
    rules: tuple[Acl | Grant | SshRule, ...] = (*(policy.grants or ()), *(policy.acls or ()), *(policy.ssh or ()))
    used = {
        "postures": any(rule.src_posture for rule in rules) or bool(value.get("defaultSrcPosture")),
        "ipsets": '"ipset:' in _json({key: each for key, each in value.items() if key != "ipsets"}),
    }
    idle = [
        key
        for key, each in value.items()
        if key not in {"acls", "grants"} and ground.old.has_key(key) and not ground.new.has_key(key)
        if not each or not used.get(key, True)
    ]
    if idle:
        names = ", ".join(shown(key) for key in idle)
        title = f"{names}, which nothing uses, {'is' if len(idle) == 1 else 'are'} left out"
        yield Respelling(title, delete_members(ground.document, [(key,) for key in idle]))


STEPS: tuple[Step, ...] = (
    protocols,
    portless,
    port_lists,
    check_periods,
    brackets,
    nothing_for_lists,
    comment_keys,
    ipsets,
    grants_as_acls,
    idle_sections,
)
"""In the order in which they are tried; each on the text that the last one left."""


def _texts(ground: Ground, section: str, key: str) -> Iterator[tuple[Path, str]]:
    for path, entry in ground.entries(section):
        for at, item in enumerate(_list(entry.get(key))):
            if isinstance(item, str):
                yield (*path, key, at), item


def _replaced(ground: Ground, path: Path, value: object, title: str) -> Respelling:
    return Respelling(title, replace_value(ground.document, path, _json(value)))


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _members(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
