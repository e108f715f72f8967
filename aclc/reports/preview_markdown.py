"""A preview as Markdown for a comment on a pull or merge request: within the size that GitHub takes, tables folded
where they are long, a picture in Mermaid, and a marker by which the comment is found again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.diagnostics import Diagnostic, Severity
from aclc.reach.prove.promise_changes import Fate, PromiseChange
from aclc.records import NamedTuple
from aclc.reports.diff_blocks import Block, DiffRow, Sense, blocks, counted, names_in, shortened
from aclc.reports.graph_mermaid import mermaid
from aclc.reports.markdown import markdown_text
from aclc.reports.name_words import meanings
from aclc.reports.preview import Mood, Preview, changed_picture, ground_text, preview_headline, without_numbers
from aclc.reports.preview_causes import lines_of, where
from aclc.reports.safe_text import printable

LARGEST = 65_000
"""Bytes. A comment on GitHub holds 65,536 characters; GitLab takes more. The rest is room for what tools add."""

MOST_OPEN = 20
"""Rows up to which a table is shown unfolded."""

MOST_NAMES = 8
LONGEST_NAME = 400
LONGEST_TEXT = 400
MOST_DRAWN = 20
STEPS = (10_000, 200, 100, 50, 20, 10, 5, 1)
"""How many rows of each table are tried until the document fits."""

_MOODS: dict[Mood, str] = {"calm": "✅", "wary": "⚠️", "gained": "🔓", "broken": "🛑"}
_SIGNS: dict[Sense, str] = {
    "gains": "\N{HEAVY PLUS SIGN}",
    "loses": "\N{HEAVY MINUS SIGN}",
    "loosens": "⚠️",
    "tightens": "🔒",
    "changes": "✏️",
}
_FATES: dict[Fate, str] = {
    "newly broken": "🛑 **newly broken**",
    "taken back": "⚠️ taken back",
    "still broken": "🛑 broken before, too",
    "undecided": "❔ cannot be decided",
    "mended": "✅ mended",
    "new": "✅ new, and holds",
    "holds": "✅ holds",
}
_LEVELS = {Severity.ERROR: "🛑 error", Severity.WARNING: "⚠️ warning", Severity.INFO: "ℹ️ info"}


class _Room(NamedTuple):
    """How much is written: rows of each table, and whether there is a picture and a list of names."""

    rows: int
    extras: bool


def marker(name: str) -> str:
    """Give the line by which a comment about a policy is found again. It depends on the policy's name only."""
    plain = "".join(each if each.isalnum() or each in "._/" else f"%{ord(each):x}" for each in name)
    return f"<!-- aclc preview {plain} -->"


def preview_markdown(found: Preview) -> str:
    """Give the document. What does not fit is left out from the end of the longest tables, and that is said."""
    text = ""
    for rows in STEPS:
        for extras in (True, False):
            text = "\n".join(_document(found, _Room(rows, extras)))
            if len(text.encode("utf-8", "backslashreplace")) <= LARGEST:
                return text
    return "\n".join(_short(found))


def _document(found: Preview, room: _Room) -> Iterator[str]:
    yield from _head(found)
    yield from _promises(found.promises, room)
    listed = blocks(found.comparison.diff, plain=True) if found.comparison is not None else ()
    for block in listed:
        yield from _block(block, found, room)
    if found.comparison is not None:
        for doubt in found.comparison.diff.doubts:
            yield f"> **Not covered:** {markdown_text(doubt)}.\n"
    yield from _findings(found.findings, found.new, room)
    if room.extras:
        yield from _picture(found)
        yield from _names(found, listed)
    elif listed:
        yield "_The picture and the list of names are left out: there is no room for them here._\n"
    yield from _foot()


def _head(found: Preview) -> Iterator[str]:
    yield marker(found.new)
    yield f"### {_MOODS[found.mood]} {markdown_text(preview_headline(found))}\n"
    compared = f"{code(found.new)} against {code(found.old)}."
    yield f"{compared} {markdown_text(ground_text(found))}".rstrip() + "\n"
    for each in found.trouble:
        yield f"> ⚠️ {markdown_text(each)}\n"


def _foot() -> Iterator[str]:
    yield "<sub>Written by `aclc preview`, offline, from the two policies alone.</sub>\n"


def _short(found: Preview) -> Iterator[str]:
    yield from _head(found)
    yield "**Everything else is left out: it does not fit into a comment. Run `aclc diff` for all of it.**\n"
    yield from _foot()


def _promises(promises: Sequence[PromiseChange], room: _Room) -> Iterator[str]:
    telling = [each for each in promises if each.fate not in {"holds", "new"}]
    kept = len(promises) - len(telling)
    if not promises:
        return
    yield "#### Promises\n"
    if telling:
        yield "| | Promise | Why |\n|---|---|---|"
        for each in telling[: room.rows]:
            yield f"| {_FATES[each.fate]} | {code(each.text)} | {_reason(each)} |"
        yield from _left_out(len(telling), room)
    if kept:
        yield f"{counted(kept, 'promise holds', 'promises hold')}{' besides' if telling else ''}.\n"


def _reason(change: PromiseChange) -> str:
    if change.finding is None:
        return "it stands in the file no longer" if change.fate == "taken back" else ""
    lines = [note.span for note in change.finding.notes]
    places = ", ".join(dict.fromkeys(f"{span.source.position(span.start).line}" for span in lines))
    because = f" (line {places})" if places else ""
    return said(without_numbers(change.finding.message)) + because


def _block(block: Block, found: Preview, room: _Room) -> Iterator[str]:
    rows = block.rows
    folded = len(rows) > MOST_OPEN
    yield f"#### {block.title}\n"
    yield f"{block.about}\n"
    if folded:
        yield f"<details><summary>{counted(len(rows), 'change')}</summary>\n"
    heads = [head for head in block.heads if head]
    counts = any(row.counts for row in rows)
    because = any(row.causes for row in rows)
    titles = ["", *heads, *(["How many"] if counts else []), *([block.causes_head] if because else [])]
    yield f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}"
    for row in rows[: room.rows]:
        cells = [f"{_SIGNS[row.sense]} {row.change}{_badges(row)}"]
        cells += (cell for head, cell in zip(block.heads, _cells(block, row), strict=True) if head)
        if counts:
            cells.append(markdown_text(" → ".join(row.counts)))
        if because:
            cells.append(_because(row, found))
        yield f"| {' | '.join(cells)} |"
    yield from _left_out(len(rows), room)
    if folded:
        yield "</details>\n"


def _badges(row: DiffRow) -> str:
    return "".join(f"<br>**{badge}**" for badge in row.badges)


def _cells(block: Block, row: DiffRow) -> tuple[str, str, str]:
    on = markdown_text(row.on) if block.key in {"network", "exposure", "onward", "guards"} else code(row.on)
    return _listed(row.who), _listed(row.what), on


def _listed(names: Sequence[str]) -> str:
    shown = list(shortened(names, MOST_NAMES))
    more = shown.pop() if len(names) > MOST_NAMES else ""
    return ", ".join(code(name) for name in shown) + (f" and {more}" if more else "")


def _because(row: DiffRow, found: Preview) -> str:
    lines = [markdown_text(text) for text in lines_of(row.causes, found.old, found.new)]
    lines += [f"for example\\: {said(row.example)}"] if row.example else []
    return "<br>".join(lines)


def _left_out(count: int, room: _Room) -> Iterator[str]:
    """End a table; say how many rows are missing."""
    if count > room.rows:
        left = counted(count - room.rows, "more row is", "more rows are")
        yield f"\n**{left} left out here: `aclc diff` has them all.**"
    yield ""


def _findings(findings: Sequence[Diagnostic], new: str, room: _Room) -> Iterator[str]:
    if not findings:
        return
    yield "#### New findings\n"
    yield "What `aclc check` says of this policy and not of the one before.\n"
    folded = len(findings) > MOST_OPEN
    if folded:
        yield f"<details><summary>{counted(len(findings), 'finding')}</summary>\n"
    yield "| | Where | What | What to do |\n|---|---|---|---|"
    for each in findings[: room.rows]:
        what = f"**{each.code.id}** {said(each.message)}"
        yield f"| {_LEVELS[each.severity]} | {said(where(each.span, new))} | {what} | {said(each.help or '')} |"
    yield from _left_out(len(findings), room)
    if folded:
        yield "</details>\n"


def said(text: str) -> str:
    """Give a sentence of ours with what stands in backticks as code."""
    parts = (text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…").split("`")
    if len(parts) % 2 == 0:
        return markdown_text("`".join(parts))
    return "".join(code(part) if number % 2 else markdown_text(part) for number, part in enumerate(parts))


def _picture(found: Preview) -> Iterator[str]:
    drawn = changed_picture(found, MOST_DRAWN)
    if drawn is None:
        return
    yield "<details><summary>What changes, as a picture</summary>\n"
    yield f"```mermaid\n{mermaid(drawn)}```\n"
    if drawn.left_out:
        yield f"_{counted(drawn.left_out, 'more change is', 'more changes are')} not drawn._\n"
    yield "</details>\n"


def _names(found: Preview, listed: Sequence[Block]) -> Iterator[str]:
    services = [row.on for block in listed for row in block.rows]
    known = meanings(names_in(listed), services, [policy for policy in found.policies if policy is not None])
    if not known:
        return
    yield "<details><summary>What the names mean</summary>\n"
    yield "| Name | Means |\n|---|---|"
    for each in known[:100]:
        yield f"| {code(each.name)} | {said(each.words)} |"
    if len(known) > 100:
        yield f"\n_{len(known) - 100} more names are left out._"
    yield "\n</details>\n"


def code(text: str) -> str:
    """Give text as code inside a table: nothing in it formats, links, mentions or ends the cell."""
    shown = printable(text).replace("\t", " ")
    if len(shown) > LONGEST_NAME:
        shown = shown[: LONGEST_NAME - 1] + "…"
    if not shown.strip():
        return ""
    if "`" in shown or "\\" in shown:
        return markdown_text(shown)
    return f"`{shown}`".replace("|", "\\|")
