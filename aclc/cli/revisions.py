"""Policies at a git revision: `git:REV` and `git:REV:PATH`."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable

from aclc.cli.included_files import chosen, is_pattern, source_of, wanted_path
from aclc.cli.inputs import InputError, read_source
from aclc.cli.settings import Settings, read_settings
from aclc.source import REVISION, Source

PREFIX = "git:"


def read_revision_or_file(name: str, beside: str | None = None, suffix: Callable[[str], str] | None = None) -> Source:
    """Give the text that a file name or a `git:` name stands for, along with where the files lie that it includes.

    `git:REV` is the file `beside` at that revision; `git:REV:PATH` names it itself, from the top of the repository, or
    from the working directory with `./`. `suffix`: what a revision adds to the names of its files, `@REV` where that is
    not said. Raises InputError, with git's own words, where there is no such thing.
    """
    suffix = suffix or _at
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
    data = _git(name, folder, "show", f"{revision}:{path}")
    plain = path.removeprefix("./")
    files = RevisionFiles(folder, revision, posixpath.dirname(path), posixpath.dirname(plain), suffix)
    return Source.from_bytes(f"{plain}{suffix(revision)}", data, files)


def _at(revision: str) -> str:
    return f"{REVISION}{revision}"


def _git(name: str, folder: str, *arguments: str) -> bytes:
    """Give what git prints. Raises InputError with git's own words."""
    try:
        code, output, complaint = _run_git(folder, *arguments)
    except FileNotFoundError:
        raise InputError(f"{name}: git is not installed, or {folder} is not a folder") from None
    if code != 0:
        words = complaint.decode("utf-8", "replace").strip().splitlines()
        raise InputError(f"{name}: {words[0] if words else 'git gives no such file'}")
    return output


def _run_git(folder: str, *arguments: str) -> tuple[int, bytes, bytes]:
    """Run git in a folder: its exit code, output and error text. Raises FileNotFoundError where either is not there."""
    import subprocess  # WHY here: most policies are files, and start-up time counts

    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S607  # the user's own git
    return done.returncode, done.stdout, done.stderr


class RevisionFiles:
    """The files beside and below a policy at a revision: what the policy of that revision includes."""

    def __init__(self, folder: str, revision: str, inside: str, shown: str, suffix: Callable[[str], str]) -> None:
        self._folder = folder
        self._revision = revision
        self._inside = inside
        self._shown = shown
        self._suffix = suffix(revision)
        self._listed: dict[str, str] | None = None

    def matching(self, pattern: str, beside: Source) -> tuple[str, ...] | str:
        """Give the files that a pattern means, written beside a text; a text says why there are none."""
        own = posixpath.dirname(beside.name.removesuffix(self._suffix)) or "."
        wanted = wanted_path(pattern, posixpath.relpath(own, self._shown or "."))
        if isinstance(wanted, str):
            return wanted
        listed = self._list()
        if isinstance(listed, str):
            return listed
        if is_pattern(pattern):
            found = chosen((each for each, mode in listed.items() if mode in _PLAIN), wanted)
        else:
            found = [each for each in ("/".join(wanted),) if each in listed]
        if not found:
            return "matches no file" if is_pattern(pattern) else "is not there at that revision"
        return tuple(posixpath.join(self._shown, each) + self._suffix for each in found)

    def read(self, name: str) -> Source | str:
        """Give the text of a file; a text says why it cannot be had."""
        path = posixpath.relpath(name.removesuffix(self._suffix), self._shown or ".")
        listed = self._list()
        if isinstance(listed, str):
            return listed
        if listed.get(path) not in _PLAIN:
            return "is a symbolic link, or no file, at that revision"
        try:
            data = _git(name, self._folder, "show", f"{self._revision}:{posixpath.join(self._inside, path)}")
        except InputError as error:
            return f"cannot be read: {error.message}"
        return source_of(name, data, self)

    def _list(self) -> dict[str, str] | str:
        """Give the mode of every file at and below the policy's folder, by its path from there."""
        if self._listed is None:
            where = f"{self._revision}:{'./' if self._inside == '.' else self._inside}"
            try:
                told = _git("include", self._folder, "ls-tree", "--full-tree", "-r", "-z", where)
            except InputError as error:
                return f"cannot be looked for: {error.message}"
            entries = (entry.partition("\t") for entry in told.decode("utf-8", "surrogateescape").split("\0") if entry)
            self._listed = {path: head.split(" ")[0] for head, _, path in entries}
        return self._listed


_PLAIN = frozenset({"100644", "100755"})
"""Modes that git gives to files that are files."""


def read_revision_or_none(name: str, beside: str) -> Source | None:
    """Give the text that a `git:` name stands for, None where the revision is there and the file is not in it yet.

    Its files are called as they are today: what is found in them then is compared with what is found now.
    """
    try:
        return read_revision_or_file(name, beside, lambda _: "")
    except InputError:
        revision = name.removeprefix(PREFIX).partition(":")[0]
        if not _is_revision(revision, os.path.dirname(beside) or "."):
            raise
        return None


def old_and_new(
    old: str | None, new: str | None, config_file: str | None, *, isolated: bool
) -> tuple[str, str, Settings]:
    """Give the two policies that a command compares, and the settings beside the new one.

    A single file is the new one, against where its branch began; a single `git:REV` is the old one, against the policy
    that is configured or lies here; with neither, that policy is compared with where its branch began.
    """
    if new is None and old is not None and not old.startswith(PREFIX):
        old, new = None, old
    settings = read_settings(config_file, isolated=isolated, beside=(new,) if new else ())
    new = settings.policy(new)
    return PREFIX + base_revision(new) if old is None else old, new, settings


def base_revision(policy: str) -> str:
    """Give the revision that a change of a policy is to be compared with.

    In CI the target of the pull or merge request; else where this branch left the main one; else the last commit.
    Raises InputError where the policy lies in no repository.
    """
    folder = os.path.dirname(policy) or "."
    if policy == "-" or policy.startswith(PREFIX):
        raise InputError(f"{policy}: against what? Name the old policy too")
    if not _is_revision("HEAD", folder):
        raise InputError(f"{policy}: lies in no git repository with a commit; name the old policy too: OLD NEW")
    target = os.environ.get("GITHUB_BASE_REF")
    named = [f"origin/{target}"] if target else []
    named += [os.environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or "", "origin/HEAD", "main", "master"]
    for name in named:
        if name and _is_revision(name, folder):
            base = _first_word_of_git(folder, "merge-base", "HEAD", name)
            if base:
                return base[:10]
    return "HEAD"


def _first_word_of_git(folder: str, *words: str) -> str:
    """Give the first line that git says, empty where it fails."""
    code, output, _ = _run_git(folder, *words)
    lines = output.decode("utf-8", "replace").split()
    return lines[0] if code == 0 and lines else ""


def _is_revision(revision: str, folder: str) -> bool:
    if not revision or revision.startswith("-"):
        return False
    try:
        code, _, _ = _run_git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except FileNotFoundError:
        return False
    return code == 0
