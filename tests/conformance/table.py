"""The conformance table and the readable form of a gap."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from typing import Any

from tests.conformance.compare import COLUMNS, Comparison, Gap

Json = Any
Tally = tuple[Counter[str], Counter[str]]
"""(agreeing, all) comparisons by column."""


def tally(comparisons: Iterable[Comparison]) -> Tally:
    """Count comparisons by column."""
    agreeing: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for comparison in comparisons:
        every[comparison.column] += 1
        agreeing[comparison.column] += comparison.gap is None
    return agreeing, every


def table(rows: Sequence[tuple[str, Tally]]) -> str:
    """Give the table of (suite, tally) rows with a total below. A cell is “agreeing/all”; `·`: nothing to compare."""
    total: Tally = (Counter(), Counter())
    for _, (agreeing, every) in rows:
        total[0].update(agreeing)
        total[1].update(every)
    cells = [["suite", *COLUMNS]]
    cells += [[name, *(_cell(counts, column) for column in COLUMNS)] for name, counts in [*rows, ("total", total)]]
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    lines = [
        "  ".join(
            text.rjust(width) if at else text.ljust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    ]
    rule = "─" * len(lines[0])
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def _cell(counts: Tally, column: str) -> str:
    agreeing, every = counts
    return f"{agreeing[column]}/{every[column]}" if every[column] else "·"


def describe(gap: Gap) -> Iterator[str]:
    """Give the lines that show a gap: `-` is what the control plane gave, `+` what aclc gives."""
    yield f"{gap.suite}/{gap.capture}" + (f" · node {gap.node}" if gap.node else "") + f" · {gap.column}"
    difference = unified_diff(_lines(gap.expected), _lines(gap.actual), lineterm="", n=1)
    yield from (f"    {line}" for line in difference if not line.startswith(("---", "+++")))


def _lines(value: Json) -> list[str]:
    """Give JSON with one short value a line, so that a difference is a few lines."""
    lines: list[str] = []

    def write(part: Json, indent: str, head: str) -> None:
        flat = json.dumps(part, sort_keys=True, ensure_ascii=False)
        if not isinstance(part, dict | list) or not part or (len(flat) < 60 and '"SrcIPs"' not in flat):
            lines.append(indent + head + flat)
            return
        lines.append(indent + head + ("{" if isinstance(part, dict) else "["))
        items = part.items() if isinstance(part, dict) else enumerate(part)
        for key, each in sorted(items) if isinstance(part, dict) else items:
            write(each, indent + "  ", f"{key}: " if isinstance(part, dict) else "")

    write(value, "", "")
    return lines
