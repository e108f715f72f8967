"""`--fix`, `--unsafe-fixes` and `--diff` of `aclc check`: repairs shown or written, and what was refused."""

from __future__ import annotations

from collections.abc import Sequence

import click

from aclc.check import sources_of
from aclc.cli.checking import Wishes
from aclc.cli.outputs import output_style, text_diff, write_file, write_stdout, write_stdout_bytes
from aclc.fix import Fixed, Read, fix
from aclc.source import Source


def repaired(source: Source, wishes: Wishes, *, unsafe: bool) -> Fixed:
    """Give a policy with the repairs that may be made, proven."""

    def read(text: Source) -> Read:
        checked = wishes.check(text)
        included = () if checked.policy is None else sources_of(checked.policy, text)[1:]
        return Read(text, checked.policy, checked.diagnostics, checked.others, included)

    return fix(read(source), read, unsafe=unsafe)


def repair_all(
    paths: Sequence[str], sources: Sequence[Source], wishes: Wishes, color: str, *, show: bool, unsafe: bool
) -> list[Fixed]:
    """Repair each policy, write it or show what would be written, and give what became of it."""
    done = []
    for path, source in zip(paths, sources, strict=True):
        fixed = repaired(source, wishes, unsafe=unsafe)
        write_fixed(fixed, path, color, show=show, unsafe=unsafe)
        done.append(fixed)
    return done


def write_fixed(fixed: Fixed, path: str, color: str, *, show: bool, unsafe: bool) -> None:
    """Show what repairs change in the text, or write it; on the error stream, what they change in meaning.

    Args:
        fixed: the text before and after.
        path: where it was read from; what came from standard input goes to standard output, changed or not.
        color: auto, always or never.
        show: whether the difference is shown instead of written.
        unsafe: whether the meaning may have changed.
    """
    name = fixed.before.source.name
    if path == "-" and not show:
        write_stdout_bytes([fixed.after.source.text.encode("utf-8", "surrogateescape")])
    for changed, before, after in fixed.changed:
        if show:
            write_stdout(text_diff(changed, before, after))
        elif changed != name or path != "-":
            write_file(path if changed == name else changed, [after.encode("utf-8", "surrogateescape")])
    if fixed.changed and unsafe:
        _tell_difference(fixed, color)
    _tell(fixed, show=show)


def _tell(fixed: Fixed, *, show: bool) -> None:
    for refusal in fixed.refused:
        code, span = refusal.found.code, refusal.found.span
        where = f"{span.source.name}:{span.source.position(span.start).line}"
        title = refusal.found.fix.title if refusal.found.fix else ""
        click.echo(f"{where}: {code.id} {code.slug}: not repaired ({title}): {refusal.reason}", err=True)
    if fixed.made:
        verb = "Would repair" if show else "Repaired"
        count = len(fixed.made)
        names = [changed for changed, _, _ in fixed.changed] or [fixed.before.source.name]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        click.echo(f"{verb} {count} finding{'s' if count > 1 else ''} in {listed}.", err=True)


def _tell_difference(fixed: Fixed, color: str) -> None:
    from aclc.reports.diff_text import diff_text

    differences = fixed.differences
    for target, difference in differences:
        if difference is None:
            click.echo("What that changes in meaning cannot be told: the text was no policy before.", err=True)
            return
        if len(differences) > 1:
            click.echo(f"For {target}:", err=True)
        click.echo("".join(diff_text(difference, output_style(color, to_error=True))), err=True, nl=False)
