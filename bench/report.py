"""Measurements as Markdown tables, as JSON, and in docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.cold_start import ColdStart
from bench.measure import Stage

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- written by python -m bench --update-docs -->", "<!-- end of what bench wrote -->"


class Size(NamedTuple):
    """How large a generated world is."""

    nodes: int
    rules: int

    def __str__(self) -> str:
        return f"{thousands(self.nodes)} × {thousands(self.rules)}"


class Result(NamedTuple):
    """All that was measured. `worlds`: size → kind of measurement → stages."""

    seed: int
    worlds: Mapping[Size, Mapping[str, Sequence[Stage]]]
    starts: Sequence[ColdStart]
    bare: float


def markdown(result: Result) -> str:
    """Give the tables."""
    lines = [
        f"{machine()}; seed {result.seed}.",
        "",
        "| nodes × rules | stage | CPU time | peak memory | gives |",
        "|---|---|--:|--:|--:|",
    ]
    for size, kinds in result.worlds.items():
        for kind, stages in kinds.items():
            first = f"{size}, {kind}"
            for stage in stages:
                cells = (first, stage.name, seconds(stage.seconds), megabytes(stage.peak), amount(stage))
                lines.append(f"| {' | '.join(cells)} |")
                first = ""
    if result.starts:
        lines += [
            "",
            "| `aclc` from start to end | policy | wall, median | wall, least | CPU, median |",
            "|---|--:|--:|--:|--:|",
        ]
        for start in result.starts:
            times = " | ".join(map(milliseconds, (start.wall, start.least, start.cpu)))
            lines.append(f"| {start.name} | {amount_of_bytes(start.size)} | {times} |")
        lines.append(f"| a Python that does nothing | | {milliseconds(result.bare)} | | |")
    return "\n".join(lines) + "\n"


def document(result: Result) -> dict[str, Any]:
    """Give everything for machines."""
    return {
        "schema_version": 1,
        "machine": machine(),
        "seed": result.seed,
        "worlds": [
            {"nodes": size.nodes, "rules": size.rules, "kind": kind, "stages": [stage._asdict() for stage in stages]}
            for size, kinds in result.worlds.items()
            for kind, stages in kinds.items()
        ],
        "cold_starts": [start._asdict() for start in result.starts],
        "bare_start": result.bare,
    }


def update(text: str, tables: str) -> str:
    """Give the document's text with new tables between its marks."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    assert len(pattern.findall(text)) == 1, "the marks are not there once"
    return pattern.sub(lambda _: f"{BEGIN}\n{tables}{END}", text)


def machine() -> str:
    """Give a line about the machine and its Python."""
    name = next(_processor_names(), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{name}, {os.cpu_count()} CPUs, {memory:.0f} GiB, {system}, {python}"


def _processor_names() -> Iterator[str]:
    if sys.platform == "linux":
        found = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
        yield from (" ".join(name.split()) for name in found)


def thousands(number: int) -> str:
    """Give a number as people say it: 10k."""
    return f"{number // 1000}k" if number >= 1000 and number % 1000 == 0 else str(number)


def seconds(number: float) -> str:
    """Give seconds with as many digits as mean something."""
    return milliseconds(number) if number < 0.1 else f"{number:.2f} s"


def milliseconds(number: float) -> str:
    """Give seconds as milliseconds."""
    return f"{number * 1000:.0f} ms" if number >= 0.01 else f"{number * 1000:.1f} ms"


def megabytes(number: int) -> str:
    """Give bytes as megabytes."""
    return f"{number / 1e6:.0f} MB"


def amount(stage: Stage) -> str:
    """Give what a stage gave."""
    return amount_of_bytes(stage.output) if stage.unit == "bytes" else f"{stage.output:,} {stage.unit}"


def amount_of_bytes(number: int) -> str:
    """Give bytes in the unit that fits."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number} bytes"


def best(runs: Iterable[Sequence[Stage]]) -> list[Stage]:
    """Give, of several runs, each stage with its least time and its least peak."""
    return [
        stages[0]._replace(
            seconds=min(stage.seconds for stage in stages),
            peak=min(stage.peak for stage in stages),
        )
        for stages in zip(*runs, strict=True)
    ]
