"""Files that a policy in the aclc language includes: in the folder of the policy and below it, nowhere else."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable

from aclc.source import Files, Source

MOST_LOOKED_AT = 20_000
"""Files and folders that one pattern may have looked at."""
LARGEST = 8 * 1024 * 1024
"""Bytes of one included file."""


class FolderFiles:
    """The files at and below a folder. Whatever leads out of it, by `..` or by a symbolic link, is refused."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._root = os.path.realpath(folder or ".")

    def matching(self, pattern: str, beside: Source) -> tuple[str, ...] | str:
        """Give the files that a pattern means, written beside a text; a text says why there are none."""
        inside = os.path.relpath(os.path.dirname(beside.name) or ".", self._folder or ".").replace(os.sep, "/")
        wanted = wanted_path(pattern, inside)
        if isinstance(wanted, str):
            return wanted
        if not is_pattern(pattern):
            found = ["/".join(wanted)]
        else:
            listed = self._walk()
            if listed is None:
                return f"would look at more than {MOST_LOOKED_AT:,} files"
            found = chosen(listed, wanted)
        if not found:
            return "matches no file"
        return tuple(os.path.join(self._folder, *each.split("/")) for each in found)

    def read(self, name: str) -> Source | str:
        """Give the text of a file; a text says why it cannot be had."""
        try:
            real = os.path.realpath(name)
            if os.path.commonpath((real, self._root)) != self._root:
                return "leads out of the policy's folder by a symbolic link"
            if not os.path.isfile(real):
                return (
                    "is a folder" if os.path.isdir(real) else "is no file" if os.path.exists(real) else "is not there"
                )
            with open(real, "rb") as file:
                data = file.read(LARGEST + 1)
        except (OSError, ValueError) as error:
            return f"cannot be read: {error.strerror if isinstance(error, OSError) else error}"
        return source_of(name, data, self)

    def _walk(self) -> list[str] | None:
        """Give every file below the folder, hidden ones left out; None where there are too many."""
        found: list[str] = []
        looked = 0
        for at, folders, files in os.walk(self._root):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            looked += len(folders) + len(files)
            if looked > MOST_LOOKED_AT:
                return None
            inside = os.path.relpath(at, self._root).replace(os.sep, "/")
            found += (each if inside == "." else f"{inside}/{each}" for each in files)
        return found


def source_of(name: str, data: bytes, files: Files) -> Source | str:
    """Give a file's bytes as a text; a text says why it is none."""
    if len(data) > LARGEST:
        return f"is larger than {LARGEST // 1024 // 1024} MB"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16; save it as UTF-8"
    return Source.from_bytes(name, data, files)


def is_pattern(text: str) -> bool:
    """Tell whether a name stands for any number of files."""
    return "*" in text or "?" in text


def wanted_path(pattern: str, beside: str) -> tuple[str, ...] | str:
    r"""Give a pattern as steps down from the folder that everything lies in; a text says why it cannot be.

    `beside`: the folder that it is written in, from there.

    >>> wanted_path("../web/*.aclc", "teams/db")
    ('teams', 'web', '*.aclc')
    >>> wanted_path("../x.aclc", ".")
    "leads out of the policy's folder"
    """
    if not pattern or "\0" in pattern or "\\" in pattern:
        return "is no name of a file"
    if pattern.startswith(("/", "~")) or re.match(r"[A-Za-z]:", pattern):
        return "must be written from the file that includes it"
    path = posixpath.normpath(posixpath.join(beside, pattern))
    if path == ".." or path.startswith(("../", "/")):
        return "leads out of the policy's folder"
    return tuple(path.split("/"))


def chosen(names: Iterable[str], wanted: tuple[str, ...]) -> list[str]:
    """Give the names that a pattern means, sorted: `*` and `?` stand for parts of one step, `**` for any steps.

    >>> chosen(["a.aclc", "x/b.aclc", "x/y/b.aclc"], ("**", "b*.aclc"))
    ['x/b.aclc', 'x/y/b.aclc']
    """
    return sorted(name for name in names if _matches(tuple(name.split("/")), wanted))


def _matches(steps: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Tell whether the steps of a path are those of a pattern. Cost: their product, whatever the pattern."""
    reached = {0}
    for pattern in wanted:
        if pattern == "**":
            reached = set(range(min(reached, default=len(steps) + 1), len(steps) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(steps) and _step_matches(steps[at], pattern)}
    return len(steps) in reached


def _step_matches(text: str, pattern: str) -> bool:
    # WHY no regular expression: many stars would make one try every way of cutting the text up.
    if text.startswith(".") and not pattern.startswith("."):
        return False
    reached = {0}
    for character in pattern:
        if character == "*":
            reached = set(range(min(reached, default=len(text) + 1), len(text) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(text) and character in {"?", text[at]}}
    return len(text) in reached
