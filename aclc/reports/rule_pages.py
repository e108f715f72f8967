"""Pages about findings, in Markdown: for `aclc rule` and for `docs/rules`."""

from __future__ import annotations

from collections.abc import Sequence

from aclc.lint.catalogue import FAMILIES, Entry
from aclc.lint.elsewhere import LEFT_OUT, TOLD_AS

_WHEN = {
    None: "always reported",
    "minimal": "runs in every profile",
    "default": "runs in the profiles `default` and `strict`",
    "strict": "runs in the profile `strict`",
}


_HEAD = """\
# Findings

Everything that aclc can find, by family. `aclc rule NAME` shows a page offline. These pages are written by
`make goldens` from the rules themselves.
"""

_TABLE = "| code | name | severity | profile | what |\n|---|---|---|---|---|\n"


_TOLD = """
## Told under another name

These have no finding of their own: the one that is named tells of them, so that nothing is told twice.

| code | what | told as |
|---|---|---|
"""

_LEFT_OUT = """
## Left out

| code | what | why |
|---|---|---|
"""


def page_text(entry: Entry) -> str:
    """Give the page of one kind of finding."""
    head = f"# {entry.id} {entry.slug}\n\n*{entry.severity.label.capitalize()}; {_WHEN[entry.profile]}.*\n\n"
    return f"{head}{_spaced(entry.page)}\n"


def _spaced(page: str) -> str:
    """Give Markdown with a blank line around headings and blocks, as it is usually written."""
    lines: list[str] = []
    inside = False
    for line in page.split("\n"):
        fence = line.startswith("```")
        begins = line.startswith("## ") or (fence and not inside)
        ended = lines[-1].startswith("## ") or (lines[-1] == "```" and not inside) if lines else False
        if lines and lines[-1] and line and (begins or ended):
            lines.append("")
        lines.append(line)
        inside ^= fence
    return "\n".join(lines)


def index_text(entries: Sequence[Entry]) -> str:
    """Give the list of all pages, by family."""
    parts = [_HEAD]
    for family, title in FAMILIES.items():
        rows = [entry for entry in entries if entry.family == family]
        if rows:
            parts.append(f"\n## {title} ({family})\n\n{_TABLE}")
            for entry in rows:
                summary = entry.summary.replace("|", "\\|")
                parts.append(
                    f"| {entry.id} | [{entry.slug}]({entry.slug}.md) | {entry.severity.label} "
                    f"| {entry.profile or 'all'} | {summary} |\n"
                )
    parts.append(_TOLD)
    parts += [f"| {each.id} | {each.what} | [{each.slug}]({each.slug}.md) |\n" for each in TOLD_AS]
    parts.append(_LEFT_OUT)
    parts += [f"| {each.id} | {each.what} | {each.why} |\n" for each in LEFT_OUT]
    return "".join(parts)
