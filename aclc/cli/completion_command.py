"""`aclc completion`: shell completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from aclc.cli.outputs import write_stdout


@click.command(
    epilog="""\b
bash:  eval "$(aclc completion bash)"        in ~/.bashrc
zsh:   eval "$(aclc completion zsh)"         in ~/.zshrc
fish:  aclc completion fish | source         in ~/.config/fish/config.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the shell code that completes aclc's commands."""
    kind = get_completion_class(shell)
    assert kind is not None, shell
    write_stdout(kind(ctx.find_root().command, {}, "aclc", "_ACLC_COMPLETE").source() + "\n")
