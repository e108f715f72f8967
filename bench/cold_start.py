"""How long a user waits for a command: a process from its start to its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from aclc.check import read_source_text
from aclc.convert import in_language
from aclc.source import Source
from bench.scenario import changed, scenario

RUNS = 11

LEAST_RUNS, LONG = 3, 10.0
"""Runs that are made in any case, and seconds after which there are no more of them."""

NODES = 1000
"""Nodes of the tailnet that the policies are made for; the commands do not see it."""


class Start(NamedTuple):
    """What is started: `command` is about the file `policy`. Its exit code may be 0 or 1."""

    name: str
    policy: Path
    command: Sequence[str]


class ColdStart(NamedTuple):
    """Times of one command, in seconds: `wall` and `cpu` are medians, `least` the shortest wall time. `size`: bytes of
    the policy."""

    name: str
    size: int
    wall: float
    least: float
    cpu: float


def starts_in(folder: Path, seed: int) -> Iterator[Start]:
    """Write generated policies into a folder, and give what is started on them."""
    small, edited, large = (folder / name for name in ("small.hujson", "edited.hujson", "large.hujson"))
    text = scenario(NODES, 62, seed).policy
    small.write_text(text, encoding="utf-8")
    edited.write_text(changed(text), encoding="utf-8")
    large.write_text(scenario(NODES, 6_700, seed).policy, encoding="utf-8")
    grant = json.loads(text)["grants"][0]
    question = (grant["dst"][0], f"{grant['src'][0]}:22")
    yield Start("`check`, 10 kB", small, ("check", "--isolated", str(small)))
    yield Start("`check`, 1 MB", large, ("check", "--isolated", str(large)))
    yield Start("`why`, 10 kB", small, ("why", "--isolated", "-p", str(small), *question))
    yield Start("`diff`, 10 kB, a few lines changed", small, ("diff", str(small), str(edited)))
    yield Start("`preview`, 10 kB, a few lines changed", small, ("preview", str(small), str(edited)))
    yield Start("`fmt`, 10 kB", small, ("fmt", "--isolated", str(small)))
    language = folder / "language.aclc"
    read = read_source_text(Source("policy.hujson", scenario(NODES, 1_000, seed).policy))
    assert read.value is not None  # what is generated is a policy
    language.write_text(in_language(read.value), encoding="utf-8")
    yield Start("`check`, 1,000 rules of the aclc language", language, ("check", "--isolated", str(language)))


def cold_start(start: Start, runs: int = RUNS) -> ColdStart:
    """Give the times of a command in a new process; byte code and files are in the cache."""
    command = [sys.executable, "-m", "aclc", *start.command]
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    walls, cpus = [], []
    for _ in range(runs + 1):
        before = os.times()
        begin = time.perf_counter()
        done = subprocess.run(command, env=surroundings, stdout=subprocess.DEVNULL, check=False)
        walls.append(time.perf_counter() - begin)
        after = os.times()
        cpus.append(after.children_user + after.children_system - before.children_user - before.children_system)
        if done.returncode > 1:
            raise subprocess.CalledProcessError(done.returncode, command)
        if len(walls) > LEAST_RUNS and sum(walls) > LONG:
            break
    # The first one writes byte code.
    return ColdStart(start.name, start.policy.stat().st_size, median(walls[1:]), min(walls[1:]), median(cpus[1:]))


def bare_start(runs: int = RUNS) -> float:
    """Give the median wall time of a Python that does nothing, in seconds: nothing of ours can be faster."""
    walls = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        walls.append(time.perf_counter() - start)
    return median(walls)
