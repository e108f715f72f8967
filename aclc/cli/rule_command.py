"""`aclc rule`: what each finding means, offline."""

from __future__ import annotations

import click

from aclc.cli.inputs import InputError
from aclc.cli.outputs import write_stdout
from aclc.diagnostics import did_you_mean
from aclc.lint.catalogue import FAMILIES, Entry, catalogue
from aclc.lint.elsewhere import LEFT_OUT, TOLD_AS
from aclc.reports.rule_pages import page_text


class RuleName(click.ParamType[str]):
    """A code or slug, which shells complete."""

    name = "rule"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Give the slugs and codes that begin so."""
        from click.shell_completion import CompletionItem

        names = [*(entry.slug for entry in catalogue()), *(entry.id for entry in catalogue())]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command(
    epilog="""\b
Examples:
  aclc rule                     all of them
  aclc rule SEC                 those of a family
  aclc rule unused-group        one page
  aclc rule DEAD002             the same"""
)
@click.argument("name", required=False, metavar="[CODE|NAME|FAMILY]", type=RuleName())
def command(name: str | None) -> None:
    """Show what a finding means, why it matters, and an example; without a name, list all."""
    if name is None:
        write_stdout("".join(_listing(family) for family in FAMILIES))
    elif name.upper() in FAMILIES:
        write_stdout(_listing(name.upper()))
    else:
        write_stdout(page_text(_entry(name)))


def _entry(name: str) -> Entry:
    for entry in catalogue():
        if name.upper() == entry.id or name.lower().replace("_", "-") == entry.slug:
            return entry
    for told in TOLD_AS:
        if name.upper() == told.id:
            return _entry(told.slug)
    for left in LEFT_OUT:
        if name.upper() == left.id:
            raise InputError(f"{left.id} ({left.what}) is no finding: {left.why.rstrip('.')}")
    near = did_you_mean(name, [*(each.slug for each in catalogue()), *(each.id for each in catalogue())])
    hint = f"did you mean `{near}`?" if near else "`aclc rule` lists all"
    raise InputError(f"no rule is called `{name}`; {hint}")


def _listing(family: str) -> str:
    rows = [entry for entry in catalogue() if entry.family == family]
    if not rows:
        return ""
    lines = [f"{family}: {FAMILIES[family]}\n"]
    for entry in rows:
        when = "always" if entry.profile in {None, "minimal"} else str(entry.profile)
        lines.append(
            f"  {entry.id:<8} {entry.slug:<30} {entry.severity.label:<8} {when:<8} {entry.summary.rstrip('.')}\n"
        )
    return "".join(lines) + "\n"
