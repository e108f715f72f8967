"""`aclc check --watch`: check again whenever a file changes that the answer depends on."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import NoReturn

import click

from aclc.cli.checking import DEFAULT_PROPERTIES
from aclc.cli.inputs import DEFAULT_POLICIES, STDIN
from aclc.cli.outputs import BROKEN_PIPE, write_stdout
from aclc.cli.settings import CONFIG_FILE, PYPROJECT, Settings, read_settings, upwards
from aclc.records import NamedTuple
from aclc.source import LANGUAGE_SUFFIX

POLL = 0.3
"""Seconds between two looks. Looking costs a call of the operating system per file, and works on network folders, in
containers and on every system."""

_MOST = 10_000
"""Files of the aclc language that are looked for below a policy's folder, at most."""


_CHANGES = (
    ("fixes", "--fix"),
    ("unsafe_fixes", "--unsafe-fixes"),
    ("show", "--diff"),
    ("write_baseline", "--write-baseline"),
)

State = dict[str, tuple[int, ...] | None]
"""What tells one version of each file from another; None where there is none."""


class Named(NamedTuple):
    """The files that the command line names."""

    policies: tuple[str, ...]
    others: tuple[str, ...]
    config_file: str | None
    isolated: bool


def keep_checking(context: click.Context) -> NoReturn:
    """Run the command of a context now and after each change, until interrupted.

    What it exits with counts for nothing; faults of use and of input are shown, and may be mended meanwhile.
    """
    given = context.params
    for name, option in _CHANGES:
        if given[name]:
            raise click.UsageError(f"--watch does not go with {option}.")
    if STDIN in given["policies"]:
        raise click.UsageError("--watch cannot watch standard input.")
    files = [*given["tailnets"], *(given[name] for name in ("properties", "baseline", "against") if given[name])]
    named = Named(given["policies"], tuple(files), given["config_file"], given["isolated"])
    gc.enable()  # `main` switches it off for short runs
    try:
        repeat(lambda: context.invoke(context.command, **{**given, "watching": False}), named)
    except (KeyboardInterrupt, click.Abort):
        click.echo("", err=True)
        raise click.exceptions.Exit(0) from None


def repeat(check: Callable[[], object], named: Named, wait: Callable[[float], None] = time.sleep) -> NoReturn:
    """Check now and after each change of a file; `wait` lets so many seconds pass."""
    while True:
        # WHY before the check: what changes meanwhile is seen afterwards.
        paths = tuple(dict.fromkeys(watched(named)))
        before = state(paths)
        _begin()
        _once(check)
        click.echo("Waiting for a change; Ctrl-C ends.", err=True)
        while (now := state(paths)) == before:
            wait(POLL)
        # Editors write in several steps: go on when all is quiet.
        while (later := _later(paths, wait)) != now:
            now = later


def _later(paths: Iterable[str], wait: Callable[[float], None]) -> State:
    wait(POLL / 3)
    return state(paths)


def _once(check: Callable[[], object]) -> None:
    try:
        check()
    except click.exceptions.Exit as end:
        if end.exit_code == BROKEN_PIPE:
            raise
    except click.ClickException as error:
        error.show()
    except SystemExit:
        pass
    write_stdout("")  # out of the buffer


def _begin() -> None:
    """Wipe the screen, where there is one, and say what time it is."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        click.echo("\x1b[H\x1b[2J", nl=False, err=True, color=True)
    click.echo(f"[{time.strftime('%H:%M:%S')}] aclc check", err=True)


def watched(named: Named) -> Iterator[str]:
    """Give every file that an answer may depend on, whether it is there yet or not."""
    settings = Settings()
    if named.config_file is not None:
        yield named.config_file
    elif not named.isolated:
        for folder in upwards(os.path.dirname(named.policies[0]) if named.policies else ""):
            yield from (os.path.join(folder, CONFIG_FILE), os.path.join(folder, PYPROJECT))
    with suppress(click.ClickException):  # the check itself tells; after a change of the file there is another
        settings = read_settings(named.config_file, isolated=named.isolated, beside=named.policies)
    policies = named.policies or settings.paths("policy") or DEFAULT_POLICIES
    for policy in policies:
        yield policy
        folder = os.path.dirname(policy)
        yield os.path.join(folder, DEFAULT_PROPERTIES)
        if policy.endswith(LANGUAGE_SUFFIX):
            yield from _below(folder or ".")
    yield from (*named.others, *settings.paths("tailnet"))
    yield from (path for key in ("properties", "baseline") if (path := settings.path(key)) is not None)


def _below(folder: str) -> Iterator[str]:
    """Give files that a policy in the aclc language may be made of."""
    left = _MOST
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(files):
            if name.endswith(LANGUAGE_SUFFIX):
                yield os.path.join(root, name)
        yield root  # changes when a file is added
        left -= len(files)
        if left < 0:
            return


def state(paths: Iterable[str]) -> State:
    """Look at each file."""
    found: State = {}
    for path in paths:
        try:
            seen = os.stat(path)
        except (OSError, ValueError):
            found[path] = None
        else:
            found[path] = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
    return found
