"""How long a user waits for `aclc check`: a process from its start to its end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

RUNS = 11


class ColdStart(NamedTuple):
    """Times of one command, in seconds: `wall` and `cpu` are medians, `least` the shortest wall time."""

    name: str
    size: int
    wall: float
    least: float
    cpu: float


def cold_start(name: str, policy: Path, runs: int = RUNS) -> ColdStart:
    """Give the times of `aclc check` of a policy in a new process; byte code and files are in the cache."""
    command = [sys.executable, "-m", "aclc", "check", "--isolated", str(policy)]
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    walls, cpus = [], []
    for _ in range(runs + 1):
        before = os.times()
        start = time.perf_counter()
        subprocess.run(command, env=surroundings, stdout=subprocess.DEVNULL, check=True)
        walls.append(time.perf_counter() - start)
        after = os.times()
        cpus.append(after.children_user + after.children_system - before.children_user - before.children_system)
    # The first one writes byte code.
    return ColdStart(name, policy.stat().st_size, median(walls[1:]), min(walls[1:]), median(cpus[1:]))


def bare_start(runs: int = RUNS) -> float:
    """Give the median wall time of a Python that does nothing, in seconds: nothing of ours can be faster."""
    walls = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        walls.append(time.perf_counter() - start)
    return median(walls)
