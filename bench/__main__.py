"""`python -m bench`: how fast aclc is on generated tailnets and policies, each measured in a process of its own."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.cold_start import ColdStart, bare_start, cold_start, starts_in
from bench.measure import KINDS, MOST_WORDS, Stage
from bench.report import DOCUMENT, Result, Size, best, document, markdown, update
from bench.scenario import scenario

SIZES = ("1kx100", "1kx1k", "10kx1k", "10kx10k", "100kx1k")
MOST_NODES = 10_000
"""Nodes up to which everything is measured where no kind is asked for; beyond, reachability only."""

RUNS = 3
LONG = 20.0
"""Seconds after which a measurement is not repeated."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, and report."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--size", type=size, action="append", metavar="NODESxRULES", help=f"default: {', '.join(SIZES)}"
    )
    parser.add_argument("--kind", action="append", choices=sorted(KINDS), help="default: all")
    parser.add_argument("--seed", type=int, default=1, help="of the generator; default: 1")
    parser.add_argument(
        "--runs", type=int, default=RUNS, help=f"processes of each, of which the best counts; default: {RUNS}"
    )
    parser.add_argument("--no-cold-start", action="store_true", help="leave out what a user waits for")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    parser.add_argument("--update-docs", action="store_true", help="write the tables into docs/performance.md, too")
    options = parser.parse_args(arguments)
    worlds: dict[Size, dict[str, list[Stage]]] = {}
    with tempfile.TemporaryDirectory(prefix="aclc-bench-") as name:
        folder = Path(name)
        for each in options.size or map(size, SIZES):
            say(f"{each}: generating")
            write(folder, each, options.seed)
            worlds[each] = {}
            for kind in options.kind or kinds_of(each):
                start = time.monotonic()
                worlds[each][kind] = measured(kind, folder, options.runs)
                say(f"{each}: {kind}, {time.monotonic() - start:.0f} s")
        starts: list[ColdStart] = []
        for each in () if options.no_cold_start else starts_in(folder, options.seed):
            say(f"start to end: {each.name}")
            starts.append(cold_start(each))
        result = Result(options.seed, worlds, starts, bare_start() if starts else 0.0)
    tables = markdown(result)
    print(json.dumps(document(result), indent=1) if options.json else tables, end="")
    if options.update_docs:
        DOCUMENT.write_text(update(DOCUMENT.read_text(encoding="utf-8"), tables), encoding="utf-8")
    return 0


def kinds_of(world: Size) -> list[str]:
    """Give what is measured where no kind is asked for: what takes no longer than a minute or so."""
    if world.nodes > MOST_NODES:
        return ["reach"]
    return [kind for kind in sorted(KINDS) if kind != "commands" or world.nodes * world.rules <= MOST_WORDS]


def size(text: str) -> Size:
    """Read `10kx1k`."""
    found = re.fullmatch(r"(\d+)(k?)[x×*](\d+)(k?)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not NODESxRULES, as in 10kx1k")
    nodes, k, rules, kk = found.groups()
    return Size(int(nodes) * (1000 if k else 1), int(rules) * (1000 if kk else 1))


def write(folder: Path, world: Size, seed: int) -> None:
    """Write a generated policy and tailnet into a folder."""
    texts = scenario(world.nodes, world.rules, seed)
    (folder / "policy.hujson").write_text(texts.policy, encoding="utf-8")
    (folder / "tailnet.json").write_text(texts.tailnet, encoding="utf-8")


def measured(kind: str, folder: Path, runs: int) -> list[Stage]:
    """Give the best of some runs, each in a process of its own; a run that takes long is not repeated."""
    found = []
    start = time.monotonic()
    for _ in range(max(1, runs)):
        done = subprocess.run(
            [sys.executable, "-m", "bench.measure", kind, str(folder)],
            cwd=Path(__file__).resolve().parent.parent,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found.append([Stage(**json.loads(line)) for line in done.stdout.splitlines()])
        if time.monotonic() - start > LONG:
            break
    return best(found)


def say(text: str) -> None:
    """Tell what is going on, on the error stream."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
