"""Acls of the aclc language as grants: `acl` statements rewritten, and everything else left byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from aclc.source import Source
from aclc.syntax.comments import language_comments
from aclc.syntax.language import parse_language
from aclc.syntax.language_part import Part

_WITH_PORTS = re.compile(r"(?P<host>.+):(?P<ports>[0-9]+(?:-[0-9]+)?|\*)")
_PORTS = re.compile(r"[0-9]+(-[0-9]+)?")


def acls_as_allows(source: Source) -> tuple[str, int]:
    """Give one file of the language with every acl that can be said so as `allow`, and how many acls are left.

    Destinations with different ports become a statement each. Comments inside of a statement stand above it then. What
    is left: a list with `except` or `within` of destinations, and a destination that is written otherwise than as
    `HOST:PORT`. The text must have no errors of form.
    """
    text, done, left = source.text, 0, 0
    pieces: list[str] = []
    for statement in parse_language(source).value or ():
        inner = statement
        while inner.kind == "for":
            inner = inner.parts[-1]
        if inner.kind != "acl":
            continue
        head = text[statement.start : inner.start]
        lines = [f"{head}{line}" for line in _allows(text, inner)]
        if not lines:
            left += 1
            continue
        comments = [f"# {each}" for _, each in language_comments(text[statement.start : statement.end])]
        pieces += [text[done : statement.start], "\n".join([*comments, *lines])]
        done = statement.end
    return "".join([*pieces, text[done:]]), left


def _allows(text: str, acl: Part) -> Iterator[str]:
    """Give the statements that an acl makes, without comments; none where it has no such form."""
    src, dst = acl.all("selectors")
    proto = acl.first("proto")
    hosts_of = _destinations(text, dst, None if proto is None else _written(text, proto.parts[0]))
    clauses = [_written(text, part) for part in acl.parts if part.kind not in {"selectors", "proto"}]
    for services, hosts in hosts_of.items():
        yield " ".join([f"allow {_written(text, src)} -> {', '.join(hosts)} on {services}", *clauses])


def _destinations(text: str, dst: Part, proto: str | None) -> dict[str, list[str]]:
    """Give hosts by their services; empty where one of them cannot be taken apart.

    A protocol that is a number would be a port behind `on`.
    """
    if proto is not None and proto.isdigit():
        return {}
    found: list[tuple[str, list[str]]] = []
    for part in dst.parts:
        word = part.parts[0] if part.kind in {"bare_selector", "tag_selector"} else None
        if word is None:
            return {}
        if found and word.kind == "name" and _PORTS.fullmatch(word.text):
            found[-1][1].append(word.text)
            continue
        cut = _WITH_PORTS.fullmatch(word.text)
        if cut is None:
            return {}
        host = json.dumps(cut["host"], ensure_ascii=False) if word.kind == "text" else cut["host"]
        head = text[part.start : word.start]
        found.append((f"{head}{'any' if host == '*' else host}", [cut["ports"]]))
    hosts_of: dict[str, list[str]] = {}
    for host, ports in found:
        hosts_of.setdefault(_services(ports, proto), []).append(host)
    return hosts_of


def _services(ports: list[str], proto: str | None) -> str:
    if "*" in ports:
        return proto or "any"
    return f"{proto or 'any'} {', '.join(ports)}"


def _written(text: str, part: Part) -> str:
    """Give a part as it is written, on one line and without comments."""
    inside = text[part.start : part.end]
    pieces, done = [], 0
    for offset, _ in language_comments(inside):
        pieces.append(inside[done:offset])
        line = inside.find("\n", offset)
        done = line if line >= 0 else len(inside)
    return "".join([*pieces, inside[done:]]).replace("\n", " ")
