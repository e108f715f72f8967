"""What holds for a run: the command line first, then the nearest `aclc.toml` or `[tool.aclc]`, then the defaults."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import click

from aclc.cli.inputs import FileName, InputError, policies_or_default, read_source
from aclc.cli.outputs import output_style
from aclc.diagnostics import Diagnostic

CONFIG_FILE, PYPROJECT = "aclc.toml", "pyproject.toml"
TABLE = ("tool", "aclc")


class ConfigFaults(click.ClickException):
    """A configuration file with faults: exit code 2."""

    exit_code = 2

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        super().__init__("the configuration has faults")
        self.found = found

    def show(self, file: IO[Any] | None = None) -> None:
        """Say each, on the error stream."""
        from aclc.reports.text import text_report

        click.echo("".join(text_report(self.found, output_style("auto", to_error=True))), err=True, nl=False)


class Settings:
    """What a configuration file says, with paths as they are to be opened from the working directory.

    `file`: the configuration's path, None where there is none.
    """

    __slots__ = ("config", "file", "folder")

    def __init__(self, file: str | None = None, config: Any = None) -> None:
        self.file = file
        self.folder = os.path.dirname(file) if file else ""
        self.config = config

    def text(self, key: str) -> str | None:
        """Give the value of a key with one text; None where it is not said."""
        return self.config.text(key) if self.config is not None else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Give the values of a key with several texts; empty where it is not said."""
        return self.config.texts(key) if self.config is not None else ()

    def path(self, key: str) -> str | None:
        """Give the file that a key names."""
        name = self.text(key)
        return None if name is None else os.path.join(self.folder, name)

    def policy(self, named: str | None) -> str:
        """Give the policy that a command works on: the named one, the configured one, or the one in this folder."""
        return policies_or_default((named,) if named is not None else self.paths("policy"))[0]

    def paths(self, key: str) -> tuple[str, ...]:
        """Give the files that a key names."""
        return tuple(os.path.join(self.folder, name) for name in self.texts(key))


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config FILE` and `--isolated` to a command; it hands both to `read_settings`."""
    command = click.option("--isolated", is_flag=True, help="Read no configuration file.")(command)
    return click.option(
        "--config",
        "config_file",
        type=FileName(),
        metavar="FILE",
        help="Default: the nearest aclc.toml or [tool.aclc].",
    )(command)


def read_settings(config_file: str | None, *, isolated: bool, beside: Sequence[str] = ()) -> Settings:
    """Give what the configuration says.

    Args:
        config_file: the one that was named, else the nearest one counts.
        isolated: whether none is to be read.
        beside: the policies that were named: the search begins in the folder of the first, else in the working
            directory, and goes upwards.

    A file with faults ends the command with its findings and exit code 2, by `ConfigFaults`. Cost: two looks per folder
    where there is none.
    """
    if isolated:
        if config_file is not None:
            raise InputError("--config and --isolated contradict each other")
        return Settings()
    if config_file is not None:
        return _read(config_file) or Settings()
    first = beside[0] if beside else ""
    folder = "" if first == "-" or first.startswith("git:") else os.path.dirname(first)
    for each in upwards(folder):
        own = os.path.join(each, CONFIG_FILE)
        if os.path.isfile(own):
            return _read(own) or Settings()
        shared = os.path.join(each, PYPROJECT)
        if os.path.isfile(shared):
            found = _read(shared)
            if found is not None:
                return found
    return Settings()


def upwards(folder: str) -> Iterator[str]:
    """Give a folder and those above it, each as it can be opened from the working directory."""
    yield folder
    above = os.path.dirname(os.path.abspath(folder))
    while True:
        yield above if os.path.isabs(folder) else os.path.relpath(above)
        if above == (above := os.path.dirname(above)):
            return


def _read(path: str) -> Settings | None:
    """Read one file; None for a `pyproject.toml` that does not speak of aclc."""
    source = read_source(path)
    is_shared = os.path.basename(path) == PYPROJECT
    if is_shared and "aclc" not in source.text:
        return None
    from aclc.config import read_config
    from aclc.lint.catalogue import rule_names

    read = read_config(source, rule_names, table=TABLE if is_shared else ())
    if read.diagnostics:
        raise ConfigFaults(read.diagnostics)
    return None if read.value is None else Settings(path, read.value)
