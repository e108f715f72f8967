"""Where commands write: standard output, or files that appear whole or not at all; colour and the terminal's width."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable

import click

from aclc.cli.inputs import InputError
from aclc.reports.text import Style

ColorChoice = str


def wants_color(choice: ColorChoice, *, to_terminal: bool) -> bool:
    """Decide on colour: the option wins, then NO_COLOR, FORCE_COLOR, then whether a terminal shows it."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return os.environ["FORCE_COLOR"] != "0"
    return to_terminal and os.environ.get("TERM") != "dumb"


def speaks_unicode() -> bool:
    """Tell whether standard output can show characters outside ASCII."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") in ("utf8", "utf16", "utf32")


def terminal_width() -> int:
    """Give the columns to draw in: the terminal's, at most 160; 120 where there is no terminal."""
    return min(shutil.get_terminal_size((120, 40)).columns, 160)


def output_style(choice: ColorChoice, *, to_error: bool = False) -> Style:
    """Give how to draw text on standard output, or on the error stream."""
    stream = sys.stderr if to_error else sys.stdout
    return Style(wants_color(choice, to_terminal=stream.isatty()), speaks_unicode(), terminal_width())


def write_stdout(text: str) -> None:
    """Write text as it is; what the terminal's encoding lacks is written as an escape."""
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def write_file(path: str, chunks: Iterable[bytes]) -> None:
    """Write a file that appears whole or not at all: into a temporary file beside it, then renamed.

    Raises InputError where the folder is missing or cannot be written.
    """
    folder = os.path.dirname(path) or "."
    try:
        handle, temporary = tempfile.mkstemp(prefix=".aclc-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None


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
