"""The command line: `main` finds the subcommand by name and imports nothing but that one.

A subcommand is one file here with a click command called `command`: it reads options, calls the stages, reports, and
exits 0 (clean), 1 (findings) or 2 (wrong use, unreadable input, our own fault).
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import NoReturn, TextIO

import click

from aclc import __version__
from aclc.diagnostics import did_you_mean

SUBCOMMANDS = {
    "check": "Say everything that is wrong with a policy, and run its tests.",
    "compile": "Give each node its packet filter and SSH rules.",
    "diff": "Say what a change of the policy opens and closes.",
    "preview": "Write what a change opens, closes and breaks, for a code review.",
    "graph": "Draw who reaches what, as a picture or a page.",
    "reach": "Say who reaches what: a list, a matrix, one principal's blast radius.",
    "why": "Say why a connection is allowed or refused.",
    "prove": "Decide promises about a policy for every tailnet.",
    "convert": "Write a policy in the aclc language, as HuJSON, or with grants only.",
    "fmt": "Write a policy as the control plane's formatter does.",
    "etag": "Print the ETag that the control plane gives to a policy.",
    "rule": "Show what a finding means and why it matters.",
    "init": "Write a configuration for a policy that is already there.",
    "show-settings": "Show what is in force here, and which file says so.",
    "completion": "Print the shell code that completes aclc's commands.",
}
"""Name → one line for `aclc --help`; the module is `aclc.cli.<name>_command`, with `_` for `-`."""

WRONG_USE = 2
INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is called or asked for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all subcommands."""
        return sorted(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give one subcommand, None where there is none of that name."""
        if cmd_name not in SUBCOMMANDS:
            return None
        found: click.Command = import_module(f"aclc.cli.{cmd_name.replace('-', '_')}_command").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand; a wrong name is answered with the nearest one."""
        if args and not args[0].startswith("-") and args[0] not in SUBCOMMANDS:
            near = did_you_mean(args[0], SUBCOMMANDS)
            hint = f" Did you mean '{near}'?" if near else f" There are: {', '.join(sorted(SUBCOMMANDS))}."
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(SUBCOMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 clean, 1 findings, 2 wrong use, unreadable input or a fault of aclc's own.",
)
@click.version_option(__version__, prog_name="aclc")
def root() -> None:
    """Check, compile and prove access policies of mesh networks."""


def main() -> None:
    """Run aclc for the command line and end the process."""
    gc.disable()  # WHY: a short process that builds large immutable data; -30 % on big files (docs/performance.md)
    sys.excepthook = _report_fault
    # Closed by the caller (`>&-`), where Python has None: what is written leads nowhere.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    code = _run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        from aclc.cli.outputs import BROKEN_PIPE

        code = _forget_stdout(BROKEN_PIPE)
    except OSError as error:
        click.echo(f"Error: standard output cannot be written: {error.strerror}", err=True)
        code = _forget_stdout(WRONG_USE)
    _end(code)


def _end(code: int) -> NoReturn:
    """End the process at once, with everything written: taking every module and object down first costs as much as a
    check of a policy. `ACLC_DEBUG=1` ends as Python does, so that a profiler gets its say."""
    if os.environ.get("ACLC_DEBUG"):
        sys.exit(code)
    with suppress(OSError):  # nobody is left to be told
        sys.stderr.flush()
    os._exit(code)


def _run() -> int:
    """Run the command line and give the exit code."""
    try:
        # What it gives is the code of an `Exit`; commands themselves give nothing.
        code = root.main(prog_name="aclc", standalone_mode=False)
    except SystemExit as end:
        code = end.code
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        click.echo("aclc: interrupted", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def _forget_stdout(code: int) -> int:
    """Lead standard output nowhere, so that the interpreter does not try to flush what is left into it; give `code`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _report_fault(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Say that aclc itself failed, in one line, and end with exit code 2; `ACLC_DEBUG=1` shows the whole trace."""
    if os.environ.get("ACLC_DEBUG"):
        sys.__excepthook__(kind, fault, trace)
    else:
        where = ""
        while trace is not None:
            where = f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})"
            trace = trace.tb_next
        sys.stderr.write(
            f"aclc: internal error: {kind.__name__}: {fault}{where}\n"
            "This is a fault of aclc, not of your policy: please report it. ACLC_DEBUG=1 shows the whole trace.\n"
        )
    sys.stderr.flush()
    os._exit(WRONG_USE)
