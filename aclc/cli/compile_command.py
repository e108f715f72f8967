"""`aclc compile`: what each node needs to enforce the policy."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

import click

from aclc.check import check_source
from aclc.cli.facts import complain
from aclc.cli.inputs import InputError, policies_or_default, read_source, read_tailnet
from aclc.cli.outputs import Progress, write_file
from aclc.compile import Compiled, compile_policy
from aclc.diagnostics import Severity, did_you_mean, has_errors, in_order


@click.command(
    epilog="""\b
Examples:
  aclc compile policy.hujson --tailnet net.json              one JSON document on standard output
  aclc compile policy.hujson --tailnet net.json -o rules/    one file per node
  aclc compile policy.hujson --tailnet net.json --node db1   only this node"""
)
@click.argument("policy", required=False)
@click.option(
    "--tailnet", "tailnets", multiple=True, required=True, metavar="FILE", help="Users and nodes; may be given again."
)
@click.option("--format", "kind", type=click.Choice(["json"]), default="json", show_default=True)
@click.option("-o", "--out", "folder", metavar="DIR", help="Write one file per node here instead of one document.")
@click.option("--node", "names", multiple=True, metavar="NAME", help="Only this node; may be given again.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def command(
    policy: str | None,
    tailnets: tuple[str, ...],
    kind: str,
    folder: str | None,
    names: tuple[str, ...],
    color: str,
) -> None:
    """Give each node its packet filter, SSH rules, attributes and peers.

    The rules are those that the control plane would send, in its order. A policy or tailnet file with an error
    compiles to nothing: the findings go to the error stream, and nothing is written.
    """
    source = read_source(policies_or_default((policy,) if policy else ())[0])
    loaded = read_tailnet(tailnets)
    checked = check_source(source, loaded.value)
    found = in_order([*loaded.diagnostics, *checked.diagnostics])
    compiled = None
    if checked.policy is not None and loaded.value is not None and not has_errors(found):
        outcome = compile_policy(checked.policy, loaded.value)
        found = in_order([*found, *outcome.diagnostics])
        compiled = outcome.value
    if has_errors(found) or compiled is None:
        complain([each for each in found if each.severity is Severity.ERROR], source.name, color)
        click.echo("Nothing was compiled.", err=True)
        sys.exit(1)
    chosen = _chosen(compiled, names)
    if folder is None:
        for chunk in compiled.document(chosen):
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    else:
        _write_folder(compiled, chosen, folder)


def _chosen(compiled: Compiled, names: tuple[str, ...]) -> list[int]:
    """Give the indices of the nodes asked for, in the tailnet file's order; all where none is named."""
    index = {node.name: at for at, node in enumerate(compiled.tailnet.nodes)}
    for name in names:
        if name not in index:
            near = did_you_mean(name, index)
            raise InputError(f"no node `{name}` in the tailnet" + (f"; did you mean `{near}`?" if near else ""))
    return sorted(index[name] for name in names) if names else list(range(len(index)))


def _write_folder(compiled: Compiled, chosen: Sequence[int], folder: str) -> None:
    """Write one document per node, each file whole or not at all."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {error.strerror}") from None
    progress = Progress("nodes written", len(chosen))
    for count, (at, file_name) in enumerate(_file_names(compiled, chosen), 1):
        write_file(os.path.join(folder, file_name), compiled.document([at]))
        progress.done(count)
    progress.finish()
    click.echo(f"Wrote {len(chosen)} node {'file' if len(chosen) == 1 else 'files'} to {folder}.", err=True)


def _file_names(compiled: Compiled, chosen: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Give (node, file name). Letters, digits, `.`, `-` and `_` stay; everything else, and a leading dot, becomes
    `%XX` of its UTF-8 bytes, so that no name leaves the folder. Names that a file system without letter case would mix
    up get a number."""
    taken: set[str] = set()
    for at in chosen:
        stem = "".join(
            each
            if each.isascii() and (each.isalnum() or each in "-_" or (each == "." and place))
            else "".join(f"%{byte:02X}" for byte in each.encode("utf-8", "surrogateescape"))
            for place, each in enumerate(compiled.tailnet.nodes[at].name[:120])
        )
        name, number = f"{stem}.json", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}~{number}.json"
        taken.add(name.casefold())
        yield at, name
