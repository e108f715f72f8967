"""Edits of a HuJSON file that leave everything else as it is: comments, blank lines and commas of what stays.

Edits of two calls may touch the same comma (neighbours that are both deleted). Whoever applies them then applies the
first, reads the file again and goes on; `delete_elements` takes several of one list at once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from aclc.diagnostics import Edit
from aclc.source import Path, Span
from aclc.syntax.hujson_document import Child, HujsonDocument

_BLANK = " \t\r"


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Give a text with edits made; they must not overlap.

    >>> from aclc.source import Source, Span
    >>> source = Source("x", "one two")
    >>> edited(source.text, [Edit(Span(source, 4, 7), "2"), Edit(Span(source, 0, 3), "1")])
    '1 2'
    """
    pieces, done = [], 0
    for edit in sorted(edits, key=lambda each: (each.span.start, each.span.end)):
        assert edit.span.start >= done
        pieces += [text[done : edit.span.start], edit.text]
        done = edit.span.end
    return "".join([*pieces, text[done:]])


def replace_value(document: HujsonDocument, path: Path, text: str) -> tuple[Edit, ...]:
    """Give the edit that puts HuJSON text in the place of a value."""
    return (Edit(document.span(path), text),)


def rename_key(document: HujsonDocument, path: Path, name: str) -> tuple[Edit, ...]:
    """Give the edit that renames the key that `path` ends in."""
    return (Edit(document.key_span(path), json.dumps(name, ensure_ascii=False)),)


def delete(document: HujsonDocument, path: Path) -> tuple[Edit, ...]:
    """Give the edits that delete an element or member, with exactly one comma.

    Comments go with it where they speak of it alone: behind it on its last line, and in lines right above it unless
    the next element follows without a comment of its own, so that they may be a heading for both. Lines that become
    empty go too.
    """
    container, index = _found(document, path)
    return _deleted(document, container, {index})


def delete_elements(document: HujsonDocument, path: Path, indices: Collection[int]) -> tuple[Edit, ...]:
    """Give the edits that delete some elements of the list at `path`; see `delete`."""
    container, index = _found(document, (*path, min(indices)))
    assert container[index].key is None  # an index leads to an element
    return _deleted(document, container, set(indices))


def delete_members(document: HujsonDocument, paths: Sequence[Path]) -> tuple[Edit, ...]:
    """Give the edits that delete some members of one object, at least one; see `delete`."""
    found = [_found(document, path) for path in paths]
    return _deleted(document, found[0][0], {index for _, index in found})


def append(document: HujsonDocument, path: Path, text: str) -> tuple[Edit, ...]:
    """Give the edits that add a last element (HuJSON text) to a list, or a last member (`"key": …`) to an object.

    It gets a line of its own where the last one has one; trailing commas stay as the file has them.
    """
    source = document.source
    span = document.span(path)
    children = _children_at(document, span)
    if not children:
        opened = span.start + 1
        return (Edit(Span(source, opened, opened), text),)
    last = children[-1]
    comma = _comma_after(source.text, last.end)
    begin = last.key_start if last.key is not None else last.start
    line = source.text.rfind("\n", 0, begin) + 1
    indent = source.text[line:begin]
    if indent.strip(_BLANK) or "\n" not in source.text[line and line - 1 : begin]:
        return (Edit(Span(source, last.end, last.end), f", {text}"),)
    end = _end_of_own_line(source.text, last.end if comma is None else comma + 1)
    if end is None:
        return (Edit(Span(source, last.end, last.end), f",\n{indent}{text}"),)
    added = f"\n{indent}{text}" if comma is None else f"\n{indent}{text},"
    ending = "\r" if source.text[end - 1 : end] == "\r" else ""
    at = Span(source, end - len(ending), end - len(ending))
    if comma is not None:
        return (Edit(at, f"{ending}{added}"),)
    if at.start == last.end:
        return (Edit(at, f",{ending}{added}"),)
    return (Edit(Span(source, last.end, last.end), ","), Edit(at, f"{ending}{added}"))


def end_of_element(document: HujsonDocument, path: Path) -> int:
    """Give the offset behind an element or member: behind its comma, where it has one."""
    end = document.span(path).end
    comma = _comma_after(document.source.text, end)
    return end if comma is None else comma + 1


def _children_at(document: HujsonDocument, span: Span) -> Sequence[Child]:
    """Give the children of the container that a span covers."""
    at = document.root
    while (at.start, at.end) != (span.start, span.end):
        at = next(each for each in document.children(at) if each.start <= span.start and span.end <= each.end)
    return document.children(at)


def _found(document: HujsonDocument, path: Path) -> tuple[Sequence[Child], int]:
    """Give the siblings of what a path leads to, itself included, and its number among them."""
    span = document.span(path)
    children = _children_at(document, document.span(path[:-1]))
    return children, next(at for at, each in enumerate(children) if each.start == span.start)


def _deleted(document: HujsonDocument, siblings: Sequence[Child], gone: set[int]) -> tuple[Edit, ...]:
    source, text = document.source, document.source.text
    cuts: list[tuple[int, int]] = []
    last = len(siblings) - 1
    kept = [at for at in range(len(siblings)) if at not in gone]
    for at in sorted(gone):
        begin, end = _begin(siblings[at]), siblings[at].end
        comma = _comma_after(text, end)
        after = end if comma is None else comma + 1
        cuts.append(_lines(text, siblings, at, begin, after) or _inline(text, begin, after, is_last=at == last))
    if kept and kept[-1] != last and _comma_after(text, siblings[last].end) is None:
        # The list had no trailing comma, so that it must not get one.
        comma = _comma_after(text, siblings[kept[-1]].end)
        if comma is not None:
            cuts.append((comma, comma + 1))
    return tuple(Edit(Span(source, start, end), "") for start, end in _joined(text, sorted(cuts)))


def _begin(child: Child) -> int:
    return child.start if child.key is None else child.key_start


def _joined(text: str, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join cuts that touch, and a cut of a comma with what follows it on the same line."""
    joined: list[tuple[int, int]] = []
    for start, end in cuts:
        if joined and not text[joined[-1][1] : start].strip(_BLANK):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _lines(text: str, siblings: Sequence[Child], at: int, begin: int, after: int) -> tuple[int, int] | None:
    """Give the whole lines that an element has to itself, with its comments; None where it shares a line."""
    line = text.rfind("\n", 0, begin) + 1
    if line == 0 or text[line:begin].strip(_BLANK):
        return None
    end = _end_of_own_line(text, after)
    if end is None:
        return None
    above = line
    previous_end = siblings[at - 1].end if at else 0
    while (higher := text.rfind("\n", 0, above - 1) + 1) > previous_end:
        if not text[higher : above - 1].strip(_BLANK).startswith("//"):
            break
        above = higher
    if above != line and at + 1 < len(siblings):
        between = text[end + 1 : _begin(siblings[at + 1])]
        if not between.strip(_BLANK):
            above = line
    return above, end + 1


def _end_of_own_line(text: str, at: int) -> int | None:
    """Give the end of the line (before its line feed) if nothing but comments follows on it, else None."""
    while True:
        while text[at : at + 1] in tuple(_BLANK):
            at += 1
        if text.startswith("//", at):
            end = text.find("\n", at)
            return end if end >= 0 else None
        if text.startswith("/*", at):
            end = text.find("*/", at + 2)
            if "\n" in text[at:end]:
                return None
            at = end + 2
            continue
        return at if text[at : at + 1] == "\n" else None


def _inline(text: str, begin: int, after: int, *, is_last: bool) -> tuple[int, int]:
    """Give an element on a line with others, with the blanks that parted it from the next one or the one before."""
    end = after
    while text[end : end + 1] in tuple(_BLANK):
        end += 1
    if not is_last and text[end : end + 1] != "\n":
        return begin, end
    while begin and text[begin - 1] in _BLANK:
        begin -= 1
    return begin, after


def _comma_after(text: str, at: int) -> int | None:
    """Give where the comma behind a value stands, comments skipped; None where there is none."""
    while at < len(text):
        if text.startswith("//", at):
            at = text.find("\n", at)
            if at < 0:
                return None
        elif text.startswith("/*", at):
            at = text.find("*/", at + 2) + 2
        elif text[at] in " \t\r\n":
            at += 1
        else:
            return at if text[at] == "," else None
    return None
