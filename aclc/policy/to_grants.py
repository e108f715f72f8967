"""Acls as grants: the same access in the newer form, comments and the layout of everything else kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aclc.diagnostics import Edit
from aclc.records import NamedTuple
from aclc.source import Path, Source
from aclc.syntax.comments import hujson_comments
from aclc.syntax.hujson_cst import is_standard, parse_cst
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import append, delete, delete_elements, edited, end_of_element, rename_key, replace_value
from aclc.syntax.hujson_format import format_hujson

_KNOWN = {"action", "src", "dst", "proto", "srcPosture"}
_SPELLED = {
    "action": "action",
    "users": "src",
    "src": "src",
    "ports": "dst",
    "dst": "dst",
    "proto": "proto",
    "srcposture": "srcPosture",
}


class _Part(NamedTuple):
    """Destinations of an acl that share their ports: one grant. `at`: where each is named first in `dst`."""

    at: tuple[int, ...]
    hosts: tuple[str, ...]
    ip: tuple[str, ...]


def acls_as_grants(source: Source, read: Callable[[Source], HujsonDocument | None]) -> tuple[str, int]:
    """Give a HuJSON policy with every acl that can be said as grants turned into grants, formatted.

    Args:
        source: the policy; without errors. read: gives the document of a text, old spellings of keys resolved.

    Returns:
        The text, and how many acls are left: what has no exact form as a grant (another action than accept, `*` beside
        `autogroup:self`, all addresses as a destination) stays an acl. An acl whose destinations have several ports
        becomes one grant for each list of ports. Grants made stand behind those that are there, in the acls' order.
        Every comment is kept.
    """
    rewriting = _Rewriting(source, read)
    rewriting.step(lambda now: [_current_keys(now, at) for at in range(len(_acls(now)))])
    acls = _acls(rewriting.document)
    parts = {at: found for at, acl in enumerate(acls) if (found := _parts(acl)) is not None}
    left = len(acls) - len(parts)
    if not parts:
        return format_hujson(source.text) or source.text, left
    rewriting.step(lambda now: [delete(now, ("acls", at, "action")) for at in parts])
    rewriting.step(
        lambda now: [delete(now, path) for at in parts if now.has(path := ("acls", at, "proto"))],
    )
    removed: dict[int, list[str]] = {}
    rewriting.step(lambda now: [_bare_destinations(now, at, found, removed) for at, found in parts.items()])
    rewriting.step(
        lambda now: [append(now, ("acls", at), f'"ip": {_json(found[0].ip)}') for at, found in parts.items()]
    )
    rewriting.step(lambda now: [_further(now, acls[at], at, parts[at], removed.get(at, [])) for at in parts])
    moved: list[int] = []
    at = 0
    for number in range(len(acls)):
        count = len(parts.get(number, ((),)))
        moved += range(at, at + count) if number in parts else ()
        at += count
    rewriting.step(lambda now: [_moved(now, moved)])
    return format_hujson(rewriting.source.text) or rewriting.source.text, left


def _acls(document: HujsonDocument) -> list[Any]:
    value = document.value
    acls = value.get("acls") if isinstance(value, dict) else None
    return acls if isinstance(acls, list) else []


class _Rewriting:
    """A text that is edited step by step, and read again after each: edits of one step may not touch."""

    def __init__(self, source: Source, read: Callable[[Source], HujsonDocument | None]) -> None:
        self.source = source
        self._read = read
        self.document = self._again()

    def _again(self) -> HujsonDocument:
        document = self._read(self.source)
        assert document is not None  # the policy had no errors, and every step writes HuJSON
        return document

    def step(self, edits: Callable[[HujsonDocument], Iterable[Sequence[Edit]]]) -> None:
        """Make the edits that a function finds in the text as it is now."""
        made = [edit for each in edits(self.document) for edit in each]
        if made:
            self.source = Source(self.source.name, edited(self.source.text, made))
            self.document = self._again()


def _parts(acl: Any) -> tuple[_Part, ...] | None:
    """Give the grants that an acl makes; None where it has no exact form as grants."""
    if not isinstance(acl, dict) or acl.keys() - _KNOWN or acl.get("action") != "accept":
        return None
    sources, targets = acl.get("src"), acl.get("dst")
    if not isinstance(sources, list) or not isinstance(targets, list) or not sources or not targets:
        return None
    proto = str(acl.get("proto") or "")
    ports_of: dict[str, dict[str, None]] = {}
    numbers_of: dict[str, list[int]] = {}
    for at, target in enumerate(targets):
        host, colon, listed = str(target).rpartition(":")
        if not colon or (host == "autogroup:self" and "*" in sources) or host.endswith("/0"):
            return None
        host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
        numbers_of.setdefault(host, []).append(at)
        items = [f"{proto}:{port.strip()}" if proto else port.strip() for port in listed.split(",")]
        ports_of.setdefault(host, {}).update(dict.fromkeys(items))
    hosts_of: dict[tuple[str, ...], list[str]] = {}
    for host, ports in ports_of.items():
        hosts_of.setdefault(tuple(ports), []).append(host)
    return tuple(
        _Part(tuple(numbers_of[host][0] for host in hosts), tuple(hosts), ip) for ip, hosts in hosts_of.items()
    )


def _current_keys(now: HujsonDocument, at: int) -> tuple[Edit, ...]:
    """Name the keys of an acl as they are spelled today."""
    acl = _acls(now)[at]
    edits: list[Edit] = []
    for key in acl.keys() if isinstance(acl, dict) else ():
        name = _SPELLED.get(str(key).casefold(), str(key))
        if name != key and name not in acl:
            edits += rename_key(now, ("acls", at, key), name)
    return tuple(edits)


def _bare_destinations(
    now: HujsonDocument, at: int, parts: Sequence[_Part], removed: dict[int, list[str]]
) -> tuple[Edit, ...]:
    """Take ports from the destinations of the first grant of an acl, and all destinations of its other grants."""
    path: Path = ("acls", at)
    first = parts[0]
    edits: list[Edit] = []
    for number, host in zip(first.at, first.hosts, strict=True):
        edits += replace_value(now, (*path, "dst", number), json.dumps(host, ensure_ascii=False))
    gone = [number for number in range(len(_acls(now)[at]["dst"])) if number not in first.at]
    if gone:
        cuts = delete_elements(now, (*path, "dst"), gone)
        removed[at] = [comment for cut in cuts for _, comment in hujson_comments(cut.span.text)]
        edits += cuts
    return tuple(edits)


def _further(
    now: HujsonDocument, acl: Mapping[str, Any], at: int, parts: Sequence[_Part], comments: Sequence[str]
) -> tuple[Edit, ...]:
    """Write the other grants of an acl behind the first, with the comments of the destinations that went to them."""
    if len(parts) == 1:
        return ()
    span = now.span(("acls", at))
    lines = [f"// {line}".rstrip() for text in comments for line in text.split("\n")]
    for part in parts[1:]:
        grant = {"src": acl["src"], "dst": part.hosts, "ip": part.ip}
        if "srcPosture" in acl:
            grant["srcPosture"] = acl["srcPosture"]
        lines.append(f"{_json(grant)},")
    lines[-1] = lines[-1].removesuffix(",")
    return (Edit(span.within(span.end - span.start, span.end - span.start), ",\n" + "\n".join(lines)),)


def _moved(now: HujsonDocument, numbers: Sequence[int]) -> tuple[Edit, ...]:
    """Move entries of `acls`, which are grants by now, to `grants`, each with the comments around it."""
    grants = now.value.get("grants") if isinstance(now.value, dict) else None
    has_grants = now.has(("grants",))
    if not has_grants and len(numbers) == len(_acls(now)):
        return rename_key(now, ("acls",), "grants")
    span = now.span(("acls",))
    tree = parse_cst(now.source.text)
    is_plain = tree is not None and is_standard(tree)
    zones, tail = _zones(now, len(_acls(now)))
    is_emptied = len(numbers) == len(zones)
    zones[-1:] = [zones[-1] + tail] if is_emptied else zones[-1:]
    tail = "" if is_emptied else tail
    kept = _listed("".join(zone for at, zone in enumerate(zones) if at not in set(numbers)) + tail, is_plain=is_plain)
    taken = _listed("".join(zones[at] for at in numbers), is_plain=is_plain)
    emptied = delete(now, ("acls",)) if is_emptied else ()
    for cut in emptied:
        above = now.source.text[cut.span.start : max(cut.span.start, now.key_span(("acls",)).start)]
        taken = "".join(f"\n// {line}" for _, text in hujson_comments(above) for line in text.split("\n")) + taken
    if not has_grants:
        return (Edit(span, f'[{kept}],\n"grants": [{taken}]'),)
    there = now.span(("grants",))
    if isinstance(grants, list) and grants:
        last = end_of_element(now, ("grants", len(grants) - 1))
        text = there.text[: last - there.start]
        rest = now.source.text[last : there.end - 1]
        comma = "" if text.rstrip().endswith(",") else ","
        filled = f"{text}{comma}{rest}{taken}"
    else:
        filled = f"[{there.text[1:-1]}{taken}"
    into = Edit(there, f"{filled}]")
    return (into, *(emptied or (Edit(span, f"[{kept}]"),)))


def _zones(now: HujsonDocument, count: int) -> tuple[list[str], str]:
    """Cut the inside of `acls` into one piece for each entry, with the comments above it and behind it on its line,
    each ending in a comma or a comment after one; and what follows the last one."""
    text, span = now.source.text, now.span(("acls",))
    zones, at = [], span.start + 1
    for number in range(count):
        entry = now.span(("acls", number))
        end = end_of_element(now, ("acls", number))
        has_comma = "," in text[entry.end : end]
        line = text.find("\n", end)
        behind = text[end:line] if 0 <= line < span.end else ""
        if behind.strip().startswith("//") or not behind.strip():
            end += len(behind)
        zone = text[at:end]
        if not has_comma:
            cut = entry.end - at
            zone = f"{zone[:cut]},{zone[cut:]}"
        zones.append(zone)
        at = end
    return zones, text[at : span.end - 1]


def _listed(text: str, *, is_plain: bool) -> str:
    """Give entries as they stand in a list. Plain JSON has no last comma, and must not get one."""
    if is_plain:
        return text.rstrip().removesuffix(",")
    return f"{text}\n" if "//" in text.rpartition("\n")[2] else text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
