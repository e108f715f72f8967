"""A semantic difference for people: one line per gain or loss, with the lines of the policy that cause it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aclc.reach.difference.causes import Cause, Definition
from aclc.reach.difference.diff import Diff
from aclc.reports.diff_blocks import Block, DiffRow, Sense, blocks, headline, names_text
from aclc.reports.rule_places import place
from aclc.reports.said import said_text
from aclc.reports.style import BOLD, GREEN, RED, YELLOW, Style

MOST_NAMES = 8
MOST_CAUSES = 4

SIGNS: dict[Sense, tuple[str, str]] = {
    "gains": ("+", GREEN),
    "loses": ("-", RED),
    "loosens": ("!", YELLOW),
    "tightens": ("~", YELLOW),
    "changes": ("*", YELLOW),
}

_SESSIONS = {
    "may log in": "may open SSH sessions on",
    "may no longer log in": "may no longer open SSH sessions on",
    "no longer asked again": "is no longer asked again for SSH on",
    "now asked again": "is now asked again for SSH on",
    "on easier terms": "may open SSH sessions on easier terms on",
    "on stricter terms": "may open SSH sessions on stricter terms only on",
}


def diff_text(found: Diff, style: Style) -> Iterator[str]:
    """Give the report, block by block; one sentence where nothing changes."""
    yield style.shown(headline(found)) + "\n"
    for block in blocks(found):
        yield f"\n{style.paint(block.title, BOLD)}\n"
        for row in block.rows:
            sign, color = SIGNS[row.sense]
            yield f"  {style.paint(sign, color)} {style.shown(_sentence(block, row))}\n"
            yield from _because(row.causes, style, "at" if block.key == "settings" else "because of")
            if row.example:
                yield f"      for example: {style.shown(row.example)}\n"
    for doubt in found.doubts:
        yield f"\nNot covered: {doubt}.\n"


def _sentence(block: Block, row: DiffRow) -> str:
    who, what = (names_text(names, MOST_NAMES) for names in (row.who, row.what))
    badges = "".join(f" [{badge}]" for badge in row.badges)
    counts = f"  ({' -> '.join(row.counts)})" if row.counts else ""
    if block.key == "ssh":
        return f"{who} {_SESSIONS[row.change]} {what} as {row.on}{counts}{badges}"
    if block.key == "tests":
        return f"{who} {what} : {row.change}"
    if block.key == "guards":
        return f"{who} -> {what} : asked for {row.on}"
    if block.key == "settings":
        return f"{who} : {what} → {row.on}{badges}"
    if block.key == "tag_ownership":
        return f"{who} : {what}" + (f" (through {row.on})" if row.on else "") + badges
    if block.key in {"node_attrs", "approvals"}:
        return f"{who} : {what}{counts}{badges}"
    return f"{who} -> {what} : {row.on}{counts}{badges}"


def _because(causes: Iterable[Cause], style: Style, head: str) -> Iterator[str]:
    listed = list(causes)
    for cause in listed[:MOST_CAUSES]:
        yield f"      {head} {style.shown(cause_text(cause))}\n"
    if len(listed) > MOST_CAUSES:
        left = len(listed) - MOST_CAUSES
        yield f"      and {left} more {'rule' if left == 1 else 'rules'}\n"


def became(definition: Definition) -> str:
    """Give what became of a definition, as a verb: `changed`, `is new`, `is gone`."""
    return definition.became if definition.became == "changed" else f"is {definition.became}"


def cause_text(cause: Cause) -> str:
    """Give a cause in one line: `old.hujson:5 → new.hujson:7, where group:eng changed (new.hujson:2)`, with what the
    rule says about itself."""
    if cause.old is not None and cause.new is not None:
        text = f"{place(cause.old)} → {place(cause.new)}"
    elif cause.new is not None:
        text = f"{place(cause.new)} (new)"
    else:
        text = f"{place(cause.old)} (removed)" if cause.old is not None else ""
    text += said_text(cause)
    return text + "".join(f", where `{each.name}` {became(each)} ({place(each.span)})" for each in cause.definitions)
