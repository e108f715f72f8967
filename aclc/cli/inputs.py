"""What commands read: policy and tailnet files, standard input, and the files found when none is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from aclc.cli.included_files import FolderFiles
from aclc.reports.safe_text import printable
from aclc.source import Source

DEFAULT_POLICIES = ("policy.hujson", "acl.hujson")
"""Looked for in the working directory, in this order, where no policy is named."""

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read; a control plane refuses policies far smaller."""

STDIN = "-"


class FileName(click.ParamType[str]):
    """The name of a file or folder, which shells complete. Whether it is there is seen when it is opened."""

    name = "file"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Leave it to the shell, which knows files best."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class InputError(click.ClickException):
    """A file that cannot be read or written: exit code 2."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def read_source(path: str, stdin_name: str = "<stdin>") -> Source:
    """Give the text of a file, or of standard input for `-`.

    Raises InputError, saying what to do: it cannot be read, is a directory, is larger than `LARGEST` or is UTF-16.
    """
    if path == STDIN:
        folder = os.path.dirname(stdin_name) if not stdin_name.startswith("<") else ""
        return _source(stdin_name, _standard_input(), folder)
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file" if path else "a file name is empty") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a directory; name the file in it") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {reason(error)}") from None
    return _source(path, data, os.path.dirname(path))


def read_sources(paths: Sequence[str], stdin_name: str = "<stdin>") -> list[Source]:
    """Give the texts of several files, each once, in order."""
    return [read_source(path, stdin_name) for path in dict.fromkeys(paths)]


def policies_or_default(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Give the named policies, else the one in the working directory; InputError where there is none."""
    if paths:
        return paths
    for name in DEFAULT_POLICIES:
        if os.path.isfile(name):
            return (name,)
    raise InputError(f"no policy named, and neither {' nor '.join(DEFAULT_POLICIES)} is in the working directory")


def reason(error: OSError | ValueError) -> str:
    """Give the operating system's words for what went wrong."""
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise InputError("standard input is closed")
    try:
        data = sys.stdin.buffer.read(LARGEST + 1)
        # WHY: a second reader of the same stream would silently find nothing.
        sys.stdin.close()
    except OSError as error:
        raise InputError(f"standard input cannot be read: {reason(error)}") from None
    except ValueError:
        raise InputError(f"standard input can be read only once, and `{STDIN}` is named twice") from None
    return data


def _source(name: str, data: bytes, folder: str) -> Source:
    if len(data) > LARGEST:
        raise InputError(f"{name}: larger than {LARGEST // 1024 // 1024} MB; no control plane takes such a policy")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{name}: is UTF-16, as PowerShell's `>` writes it; save it as UTF-8")
    return Source.from_bytes(name, data, FolderFiles(folder))
