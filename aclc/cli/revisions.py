"""Policies at a git revision: `git:REV` and `git:REV:PATH`."""

from __future__ import annotations

import os
import subprocess

from aclc.cli.inputs import InputError, read_source
from aclc.source import Source

PREFIX = "git:"


def read_revision_or_file(name: str, beside: str | None = None) -> Source:
    """Give the text that a file name or a `git:` name stands for.

    `git:REV` is the file `beside` at that revision; `git:REV:PATH` names it itself, from the top of the repository, or
    from the working directory with `./`. Raises InputError, with git's own words, where there is no such thing.
    """
    if not name.startswith(PREFIX):
        return read_source(name)
    revision, _, path = name.removeprefix(PREFIX).partition(":")
    folder = "."
    if not path:
        if beside is None or beside == "-" or beside.startswith(PREFIX):
            raise InputError(f"{name}: which file? Write {PREFIX}{revision}:PATH")
        folder, path = os.path.dirname(beside) or ".", "./" + os.path.basename(beside)
    if not revision or revision.startswith("-"):
        raise InputError(f"{name}: names no revision; write {PREFIX}REV or {PREFIX}REV:PATH")
    try:
        done = subprocess.run(
            ["git", "show", f"{revision}:{path}"],  # noqa: S607  # the user's own git
            cwd=folder,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise InputError(f"{name}: git is not installed, or {folder} is not a folder") from None
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(f"{name}: {words[0] if words else 'git gives no such file'}")
    return Source.from_bytes(f"{path.removeprefix('./')}@{revision}", done.stdout)


def read_revision_or_none(name: str, beside: str) -> Source | None:
    """Give the text that a `git:` name stands for, None where the revision is there and the file is not in it yet."""
    try:
        return read_revision_or_file(name, beside)
    except InputError:
        revision = name.removeprefix(PREFIX).partition(":")[0]
        if not _is_revision(revision, os.path.dirname(beside) or "."):
            raise
        return None


def _is_revision(revision: str, folder: str) -> bool:
    if not revision or revision.startswith("-"):
        return False
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"],  # noqa: S607  # the user's own git
            cwd=folder,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0
