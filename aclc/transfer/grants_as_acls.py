"""Grants as acls, for control planes that know no grants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aclc.diagnostics import Edit
from aclc.source import Path, Span
from aclc.syntax.comments import hujson_comments
from aclc.syntax.hujson_document import HujsonDocument
from aclc.syntax.hujson_edit import append, delete, delete_elements, rename_key

GRANTS: Path = ("grants",)


def entries_of(grant: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the acls that open the ports of a grant, one for each protocol, as JSON; none where it opens none, or under
    conditions."""
    if grant.keys() - {"src", "dst", "ip", "app"} or not all(
        _is_filled(grant.get(key)) for key in ("src", "dst", "ip")
    ):
        return ()
    sources, targets, items = (grant[key] for key in ("src", "dst", "ip"))
    ports_of: dict[str, list[str]] = {}
    for item in ["*"] if "*" in items else items:
        name, _, ports = item.rpartition(":")
        ports_of.setdefault(name.removeprefix("*"), []).append(ports)
    return tuple(
        json.dumps(
            {
                "action": "accept",
                **({"proto": name} if name else {}),
                "src": sources,
                "dst": [f"{target}:{','.join(ports)}" for target in targets],
            },
            ensure_ascii=False,
        )
        for name, ports in ports_of.items()
    )


def _is_filled(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def moved(document: HujsonDocument, acls: Mapping[int, Sequence[str]]) -> tuple[Edit, ...]:
    """Give the edits that write some grants as acls.

    Args:
        document: the policy. acls: by the number of the grant.

    Where the policy has no acls and all grants become some, they stay where they are; else they stand behind the acls
    that there are. Comments go along. A grant of capabilities stays, without its ports.
    """
    kept = [number for number in acls if document.has((*GRANTS, number, "app"))]
    grants = document.value.get("grants") if isinstance(document.value, dict) else None
    count = len(grants) if isinstance(grants, list) else 0
    has_acls = document.has(("acls",))
    indent = _indent(document.source.text, document.span((*GRANTS, 0)).start)
    spans = {number: document.span((*GRANTS, number)) for number in acls}
    whole = [number for number in acls if number not in kept]
    if len(whole) == count and not has_acls:
        inside = {number: [text for _, text in hujson_comments(span.text)] for number, span in spans.items()}
        edits = [Edit(spans[number], _lines(inside[number], written, indent)) for number, written in acls.items()]
        return (*rename_key(document, GRANTS, "acls"), *edits)
    if len(whole) == count:
        gone = delete(document, GRANTS)
        cuts = [each.span for each in gone]
    else:
        gone = delete_elements(document, GRANTS, whole) if whole else ()
        cuts = [document.span(GRANTS)]
    gone += tuple(edit for number in kept for edit in delete(document, (*GRANTS, number, "ip")))
    every = [document.span((*GRANTS, number)) for number in range(count)]
    comments = _comments(document.source.text, cuts, every)
    text = ",\n".join(_lines(comments[number], acls[number], indent) for number in acls)
    if has_acls:
        return (*append(document, ("acls",), text), *gone)
    begin = document.key_span(GRANTS).start
    outer = _indent(document.source.text, begin)
    head = f'"acls": [\n{indent}{text.lstrip()}\n{outer}],\n{outer}'
    return (Edit(Span(document.source, begin, begin), head), *gone)


def _lines(comments: Sequence[str], written: Sequence[str], indent: str) -> str:
    """Give entries with comments above them, as they can stand in the place of one entry."""
    entries = f",\n{indent}".join(written)
    head = "".join(f"// {line}\n{indent}" for text in comments for line in text.split("\n"))
    return f"\n{indent}{head}{entries}" if head else entries


def _indent(text: str, at: int) -> str:
    """Give the blanks before an entry on its line; none where it shares the line."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return before if not before.strip() else ""


def _comments(text: str, cuts: Sequence[Span], entries: Sequence[Span]) -> list[list[str]]:
    """Give the comments in what is cut out, for each entry those that stand above it, in it, or behind it on its line;
    what follows the last one is with it."""
    found: list[list[str]] = [[] for _ in entries]
    for cut in cuts:
        for offset, comment in hujson_comments(cut.text):
            line = text.rfind("\n", 0, cut.start + offset) + 1
            found[next((at for at, entry in enumerate(entries) if entry.end > line), -1)].append(comment)
    return found
