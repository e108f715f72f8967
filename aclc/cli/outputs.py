"""Where commands write: standard output, or files that appear whole or not at all; colour and the terminal's width."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import NoReturn, TextIO

import click

from aclc.cli.inputs import InputError, reason
from aclc.reports.style import Style

ColorChoice = str

_COLORS = ("auto", "always", "never")

color_option = click.option("--color", type=click.Choice(_COLORS), default="auto", show_default=True)
"""Adds `--color` to a command, which hands its `color` on."""

WIDTH = 120
"""Columns to draw in where there is no terminal."""

BROKEN_PIPE = 141
"""Exit code as if the signal had ended the process: the reader (`| head`) went away, and nobody may take that for
"clean"."""


def wants_color(choice: ColorChoice, *, to_terminal: bool) -> bool:
    """Decide on colour: the option wins, then NO_COLOR, FORCE_COLOR, then whether a terminal shows it."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return os.environ["FORCE_COLOR"] != "0"
    return to_terminal and os.environ.get("TERM") != "dumb"


def speaks_unicode(stream: TextIO | None = None) -> bool:
    """Tell whether a stream (standard output, if none is given) can show characters outside ASCII."""
    encoding = (sys.stdout if stream is None else stream).encoding
    return (encoding or "ascii").lower().replace("-", "").replace("_", "") in {"utf8", "utf16", "utf32"}


def terminal_width() -> int:
    """Give the columns to draw in: the terminal's, or what `COLUMNS` says, from 60 to 160."""
    try:
        columns = int(os.environ.get("COLUMNS", "0"))
    except ValueError:
        columns = 0
    for stream in (sys.__stdout__, sys.__stderr__):
        if columns > 0:
            break
        try:
            columns = os.get_terminal_size(stream.fileno()).columns if stream is not None else 0
        except (OSError, ValueError):
            columns = 0
    return min(max(columns or WIDTH, 60), 160)


def output_style(choice: ColorChoice, *, to_error: bool = False) -> Style:
    """Give how to draw text on standard output, or on the error stream."""
    stream = sys.stderr if to_error else sys.stdout
    return Style(wants_color(choice, to_terminal=stream.isatty()), speaks_unicode(stream), terminal_width())


def write_stdout(text: str) -> None:
    """Write text as it is; what the terminal's encoding lacks is written as an escape.

    Raises what `write_stdout_bytes` raises.
    """
    write_stdout_bytes([text.encode(sys.stdout.encoding or "ascii", "backslashreplace")])


def write_stdout_bytes(chunks: Iterable[bytes]) -> None:
    """Write bytes as they are.

    Raises InputError where they cannot be written, as on a full disk, and ends the command where the reader went away.
    """
    try:
        sys.stdout.flush()
        for chunk in chunks:
            rest = memoryview(chunk)
            while rest:  # WHY: without a buffer (PYTHONUNBUFFERED) a write may take a part only
                rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.flush()
    except OSError as error:
        _give_up(error)


def _give_up(error: OSError) -> NoReturn:
    if isinstance(error, BrokenPipeError):
        raise click.exceptions.Exit(BROKEN_PIPE) from None
    raise InputError(f"standard output cannot be written: {reason(error)}") from None


def write_file(path: str, chunks: Iterable[bytes]) -> None:
    """Write a file that appears whole or not at all: into a temporary file beside it, then renamed.

    A link is followed and keeps pointing at the file; permissions of a file that is there are kept. What is no regular
    file (`/dev/stdout`, a named pipe) is written to as it is.

    Raises InputError where the folder is missing or cannot be written.
    """
    try:
        if os.path.isdir(path):
            raise InputError(f"{path}: cannot be written: is a directory")
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as file:
                file.writelines(chunks)
        else:
            _replace(os.path.realpath(path), chunks)
    except BrokenPipeError:
        raise click.exceptions.Exit(BROKEN_PIPE) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written: {reason(error)}") from None


def _replace(path: str, chunks: Iterable[bytes]) -> None:
    # WHY here: most runs write no file, and start-up time counts.
    from tempfile import mkstemp

    mode = os.stat(path).st_mode & 0o7777 if os.path.exists(path) else 0o666 & ~_umask()
    handle, temporary = mkstemp(prefix=".aclc-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class Progress:
    """Counts long work on the error stream: only on a terminal, only after a second, wiped at the end."""

    __slots__ = ("_last", "_shown", "_start", "_title", "_total")

    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = total
        self._shown = False
        self._start = self._last = _now()

    def done(self, count: int) -> None:
        """Say that `count` of the total are done; drawn at most ten times a second."""
        now = _now()
        if now - self._start > 1 and now - self._last > 0.1 and sys.stderr.isatty():
            self._last = now
            self._shown = True
            click.echo(f"\r{self._title} {count}/{self._total}", nl=False, err=True)

    def finish(self) -> None:
        """Wipe the line."""
        if self._shown:
            click.echo("\r" + " " * (len(self._title) + 24) + "\r", nl=False, err=True)


def _now() -> float:
    import time

    return time.monotonic()


def text_diff(name: str, before: str, after: str) -> str:
    """Give a unified diff, empty where the texts are the same."""
    from difflib import unified_diff

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    lines = unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
