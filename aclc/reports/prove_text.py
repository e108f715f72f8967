"""What became of promises, for people: each with its verdict; a broken one with its witness and the lines behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclc.reach.properties.property_file import statement_text
from aclc.reach.prove.property_findings import findings
from aclc.reach.prove.prove import State, Verdict
from aclc.reports.style import BOLD, Style
from aclc.reports.text import text_report

_WORDS: dict[State, tuple[str, str]] = {
    "holds": ("holds", "1;32"),
    "broken": ("broken", "1;31"),
    "undecided": ("undecided", "1;33"),
    "unreadable": ("unreadable", "1;31"),
}


def prove_text(verdicts: Sequence[Verdict], tailnet: str | None, style: Style) -> Iterator[str]:
    """Give a line for each promise, then the findings about those that do not hold for certain, then the count.

    `tailnet`: the one that it was decided on; None: every one.
    """
    width = max((len(_WORDS[verdict.state][0]) for verdict in verdicts), default=0)
    for verdict in verdicts:
        word, color = _WORDS[verdict.state]
        yield f"{style.paint(word, color)}{' ' * (width - len(word))}  {style.shown(statement(verdict))}\n"
    if verdicts:
        yield "\n"
    yield from text_report(findings(verdicts), style)
    yield _count(verdicts, tailnet, style)


def statement(verdict: Verdict) -> str:
    """Give a promise as its file has it, on one line, without the word that begins it."""
    return statement_text(verdict.promise).removeprefix("assert ")


def _count(verdicts: Sequence[Verdict], tailnet: str | None, style: Style) -> str:
    count = {state: sum(verdict.state == state for verdict in verdicts) for state in _WORDS}
    where = "in every tailnet that fits the policy" if tailnet is None else f"in {style.shown(tailnet)}"
    if not verdicts:
        return (
            "Nothing is promised. A promise is a line like `assert tag:ci never reach tag:prod` in properties.aclc.\n"
        )
    if count["holds"] == len(verdicts):
        promises = "The promise holds" if len(verdicts) == 1 else f"All {len(verdicts)} promises hold"
        return style.paint(f"{promises} {where}.", BOLD) + "\n"
    parts = [f"{count['broken']} broken"] if count["broken"] else []
    parts += [f"{count['undecided']} cannot be decided"] if count["undecided"] else []
    parts += [f"{count['unreadable']} with nothing to compare with"] if count["unreadable"] else []
    hold = "holds" if count["holds"] == 1 else "hold"
    return style.paint(f"{count['holds']} of {len(verdicts)} promises {hold} {where}; {', '.join(parts)}.", BOLD) + "\n"
