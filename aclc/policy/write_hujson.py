"""Write a policy as HuJSON, formatted as control planes keep it, comments where they belong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aclc.policy.comment_places import GAP, place_comments
from aclc.policy.language_document import About, about_of
from aclc.source import Document, Path, Source
from aclc.syntax.hujson_format import format_hujson


def hujson_text(document: Document, value: Mapping[str, Any], sources: Iterable[Source] = ()) -> str:
    """Give a policy's value as HuJSON.

    Args:
        document: where the parts of the value were written; it tells where comments belong.
        value: with canonical keys.
        sources: texts of the document whose comments are kept, each above the entry that it stood before, or behind the
            one that it stood behind. Promises become comments.
    """
    entries = [path for key, part in value.items() for path in _entries((key,), part)]
    placed = place_comments(document, entries, sources)
    above: dict[Path, list[str]] = {entries[number]: texts for number, texts in placed.above.items()}
    for path in entries:
        said = _said(about_of(document, path))
        if said:
            above.setdefault(path, []).append(said)
    behind = {entries[number]: f" // {text}" for number, text in placed.behind.items()}
    lines = ["{"]
    for key, part in value.items():
        lines += _member((key,), part, above, behind)
    lines += [f"\t{line}" for text in placed.tail for line in _comment(text)]
    text = "\n".join([*lines, "}"]) + "\n"
    return format_hujson(text) or text


def _entries(path: Path, part: Any) -> list[Path]:
    """Give what a comment may stand above in a section: rules, named members (of members, too), else the section."""
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return [(*path, index) for index in range(len(part))]
    if isinstance(part, dict) and part and len(path) < MOST_DEEP:
        return [entry for name, inner in part.items() for entry in _entries((*path, name), inner)]
    return [path]


def _said(about: About) -> str:
    """Give what a rule says about itself as a comment; empty where it says nothing."""
    parts = [
        f"owner: {about.owner}" if about.owner else "",
        f"because: {' '.join(about.because.split())}" if about.because else "",
        f"aclc: expires={about.until}" if about.until is not None else "",
    ]
    return "\n".join(part for part in parts if part)


MOST_DEEP = 3
"""`autoApprovers.routes.CIDR` is as deep as comments are told apart."""


def _member(path: Path, part: Any, above: Mapping[Path, Sequence[str]], behind: Mapping[Path, str]) -> list[str]:
    """Give the lines of one member of an object, or of one entry of a list (whose path ends in a number)."""
    name = "" if isinstance(path[-1], int) else f"{json.dumps(path[-1], ensure_ascii=False)}: "
    if _entries(path, part) == [path] or isinstance(path[-1], int):
        head = [line for text in above.get(path, ()) for line in _comment(text)]
        return [*head, f"{name}{json.dumps(part, ensure_ascii=False)},{behind.get(path, '')}"]
    is_list = isinstance(part, list)
    inner = enumerate(part) if is_list else part.items()
    lines = [f"{name}{'[' if is_list else '{'}"]
    for key, one in inner:
        lines += _member((*path, key), one, above, behind)
    return [*lines, f"{']' if is_list else '}'},"]


def _comment(text: str) -> list[str]:
    if text == GAP:
        return [""]
    return [f"// {line}".rstrip() for line in text.split("\n")]
