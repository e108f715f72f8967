"""`aclc compile`: what each node needs to enforce the policy."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date

import click

from aclc.check import check_source
from aclc.cli.complaints import complain
from aclc.cli.days import at_option, today
from aclc.cli.inputs import FileName, InputError, read_source, reason
from aclc.cli.outputs import Progress, color_option, output_style, write_file, write_stdout_bytes
from aclc.cli.settings import config_options, read_settings
from aclc.cli.tailnets import read_tailnet, tailnet_option
from aclc.cli.targets import dialect_of, target_option
from aclc.compile import Compiled, compile_policy
from aclc.diagnostics import Diagnostic, Severity, did_you_mean, has_errors, in_order
from aclc.lint.selection import is_promise
from aclc.reports.safe_text import printable
from aclc.reports.text import text_report

LONGEST_NAME = 120
"""Characters of a file's name that stand for the node's name."""


@click.command(
    epilog="""\b
Examples:
  aclc compile policy.hujson --tailnet net.json              one JSON document on standard output
  aclc compile policy.hujson --tailnet net.json -o rules/    one file per node
  aclc compile policy.hujson --tailnet net.json --node db1   only this node
  aclc compile --tailnet devices.json --tailnet users.json   policy.hujson of this folder
  aclc compile --tailnet nodes.json --target headscale       what the newest Headscale would send"""
)
@click.argument("policy", required=False, type=FileName())
@tailnet_option("Users and nodes; repeatable. Needed here or in aclc.toml.")
@click.option("--format", "kind", type=click.Choice(["json"]), default="json", show_default=True)
@click.option(
    "-o", "--out", "folder", type=FileName(), metavar="DIR", help="Write one file per node here, not one document."
)
@click.option("--node", "names", multiple=True, metavar="NAME", help="Only this node; repeatable.")
@at_option()
@color_option
@click.option("-q", "--quiet", is_flag=True, help="No warnings, and no word of what was written.")
@target_option("The control plane whose meaning counts: tailscale, headscale@0.29, headscale@0.30.")
@config_options
def command(
    policy: str | None,
    tailnets: tuple[str, ...],
    kind: str,
    folder: str | None,
    names: tuple[str, ...],
    at: date | None,
    color: str,
    for_targets: tuple[str, ...],
    config_file: str | None,
    isolated: bool,
    quiet: bool,
) -> None:
    """Give each node its packet filter, SSH rules, attributes and peers.

    The rules are those that the control plane would send, in its order. A policy or tailnet file with an error
    compiles to nothing: the findings go to the error stream, and nothing is written. A broken promise is told and does
    not stop it: no control plane knows promises.
    """
    settings = read_settings(config_file, isolated=isolated, beside=(policy,) if policy is not None else ())
    tailnets = tailnets or settings.paths("tailnet")
    if not tailnets:
        raise click.UsageError("Missing option '--tailnet': the file that says which users and nodes there are.")
    if folder is not None:
        _refuse_file(folder)
    dialect = dialect_of(for_targets, settings)
    source = read_source(settings.policy(policy))
    loaded = read_tailnet(tailnets)
    checked = check_source(source, loaded.value, dialect, at=at, today=at or today())
    promises = [each for each in checked.diagnostics if each.severity is Severity.ERROR and is_promise(each)]
    found = in_order([*loaded.diagnostics, *(each for each in checked.diagnostics if not is_promise(each))])
    remarks = in_order([*loaded.diagnostics, *promises])
    if source.is_language and checked.policy is not None:
        from aclc.policy.language_lowering import ending

        remarks = in_order([*remarks, *ending(checked.policy.document, at or today(), at)])
    compiled = None
    if checked.policy is not None and loaded.value is not None and not has_errors(found):
        outcome = compile_policy(checked.policy, loaded.value)
        found = in_order([*found, *outcome.diagnostics])
        remarks = in_order([*remarks, *outcome.diagnostics])
        compiled = outcome.value
    if has_errors(found) or compiled is None:
        complain([each for each in found if each.severity is Severity.ERROR], source.name, color)
        click.echo("Nothing was compiled.", err=True)
        sys.exit(1)
    chosen = _chosen(compiled, names)
    if not quiet:
        _warn(remarks, color)
        if promises:
            click.echo("Compiled all the same: no control plane knows promises. `aclc check` fails for them.", err=True)
    if folder is None:
        write_stdout_bytes(compiled.document(chosen))
    else:
        _write_folder(compiled, chosen, folder, quiet=quiet)


def _refuse_file(folder: str) -> None:
    """Refuse a file name where a folder's is needed, before any work is done."""
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise InputError(
            f"{folder}: is no folder; -o writes one file per node. For one document: aclc compile ... > FILE"
        )
    if not os.path.exists(folder) and folder.endswith(".json"):
        raise InputError(
            f"{folder}: -o names a folder, for one file per node. For one document: aclc compile ... > FILE"
        )


def _warn(remarks: Sequence[Diagnostic], color: str) -> None:
    """Say on the error stream what is doubtful about the facts that the output rests on; what is doubtful about the
    policy itself is for `aclc check`."""
    click.echo("".join(text_report(remarks, output_style(color, to_error=True))), err=True, nl=False)


def _chosen(compiled: Compiled, names: tuple[str, ...]) -> list[int]:
    """Give the indices of the nodes asked for, in the tailnet file's order; all where none is named."""
    index = {node.name: at for at, node in enumerate(compiled.tailnet.nodes)}
    for name in names:
        if name not in index:
            near = did_you_mean(name, index)
            raise InputError(f"no node `{name}` in the tailnet" + (f"; did you mean `{near}`?" if near else ""))
    return sorted({index[name] for name in names}) if names else list(range(len(index)))


def _write_folder(compiled: Compiled, chosen: Sequence[int], folder: str, *, quiet: bool) -> None:
    """Write one document per node, each file whole or not at all."""
    try:
        os.makedirs(folder, exist_ok=True)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: cannot be made: {reason(error)}") from None
    names = dict(_file_names(compiled, chosen))
    progress = Progress("nodes written", len(chosen))
    for count, (node, document) in enumerate(compiled.documents(chosen), 1):
        write_file(os.path.join(folder, names[node]), [document])
        progress.done(count)
    progress.finish()
    if not quiet:
        shown = printable(folder)
        click.echo(f"Wrote {len(chosen)} node {'file' if len(chosen) == 1 else 'files'} to {shown}.", err=True)
        _name_leftovers(compiled, folder, shown)


def _name_leftovers(compiled: Compiled, folder: str, shown: str) -> None:
    """Name files of nodes that are not in the tailnet: whoever ships the folder would ship them, too."""
    known = {name for _, name in _file_names(compiled, range(len(compiled.tailnet.nodes)))}
    left = sorted(name for name in os.listdir(folder) if name.endswith(".json") and name not in known)
    if left:
        listed = ", ".join(printable(name) for name in left[:5]) + (
            f" and {len(left) - 5} more" if len(left) > 5 else ""
        )
        click.echo(f"Warning: {shown} also holds files of no node of this tailnet: {listed}", err=True)


def _file_names(compiled: Compiled, chosen: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Give (node, file name) of the chosen nodes.

    Letters, digits, `.`, `-` and `_` of a node's name stay; everything else, and a leading dot, becomes `%XX` of its
    UTF-8 bytes, so that no name leaves the folder or hides. Names too long, or that a file system which ignores letter
    case would mix up, end in `~` and the node's number. A node has the same file name whatever other nodes are chosen.
    """
    stems = [
        "".join(_safe(each, first=not place) for place, each in enumerate(node.name)) for node in compiled.tailnet.nodes
    ]
    counts: dict[str, int] = {}
    for stem in stems:
        counts[stem.casefold()] = counts.get(stem.casefold(), 0) + 1
    for at in chosen:
        stem = stems[at]
        unclear = len(stem) > LONGEST_NAME or counts[stem.casefold()] > 1
        yield at, f"{stem[:LONGEST_NAME]}~{at + 1}.json" if unclear else f"{stem}.json"


def _safe(character: str, *, first: bool) -> str:
    if character.isascii() and (character.isalnum() or character in "-_" or (character == "." and not first)):
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
