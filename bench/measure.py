"""One measurement in a process of its own, so that its peak memory is its own: `python -m bench.measure KIND FOLDER`.

Reads `policy.hujson` and `tailnet.json` from a folder, prints one JSON object per stage. CPU time, not wall time: it
hardly depends on what else the machine does.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from aclc.compile import Compiled, compile_policy
from aclc.dialects.tailscale import TAILSCALE
from aclc.filters.packet_filter_bytes import PacketFilterWriter
from aclc.filters.sources import SourceTexts
from aclc.lint.run import check_policy
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from bench.promises import decided

T = TypeVar("T")

MOST_DOCUMENT = 10_000 * 1_000
"""Nodes × rules up to which the whole document is written: beyond, it has tens of gigabytes."""


class Stage(NamedTuple):
    """What one stage took. `seconds`: CPU time. `peak`: bytes, of the whole process so far. `output`: in `unit`."""

    name: str
    seconds: float
    peak: int
    output: int
    unit: str


class Clock:
    """Takes the stages of one process."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    def __call__(self, name: str, work: Callable[[], T], output: Callable[[T], int], unit: str) -> T:
        """Do some work as a stage and give what it gives; `output` counts that, in `unit`."""
        start = time.process_time()
        value = work()
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        self.stages.append(Stage(name, seconds, peak, output(value), unit))
        return value


def source(folder: Path, name: str) -> Source:
    """Give a file's text."""
    return Source(name, (folder / name).read_text(encoding="utf-8"))


def read(clock: Clock, folder: Path) -> Policy:
    """Read the policy."""
    policy = clock(
        "read the policy",
        lambda: read_policy(source(folder, "policy.hujson")).value,
        lambda found: 0 if found is None else len(found.grants or ()) + len(found.acls or ()),
        "rules",
    )
    assert policy is not None
    return policy


def measure_check(clock: Clock, folder: Path) -> None:
    """Read a policy and hold it to every rule."""
    policy = read(clock, folder)
    clock("check its rules", lambda: check_policy(policy, TAILSCALE), len, "findings")


def measure_compile(clock: Clock, folder: Path) -> None:
    """Compile a policy for a tailnet, in memory and to text that goes nowhere."""
    policy = read(clock, folder)
    tailnet = clock(
        "load the tailnet",
        lambda: load_tailnet(source(folder, "tailnet.json")).value,
        lambda found: 0 if found is None else len(found.nodes),
        "nodes",
    )
    assert tailnet is not None
    compiled = clock(
        "resolve names, find classes of nodes",
        lambda: compile_policy(policy, tailnet).value,
        lambda found: 0 if found is None else len(set(found.packet_filters.classes)),
        "classes",
    )
    assert compiled is not None
    filters = compiled.packet_filters
    clock(
        "make every node's filter rules",
        lambda: sum(len(each.rules) for each in filters),
        lambda count: count,
        "rules on nodes",
    )
    clock("write every packet filter", lambda: filters_written(compiled), lambda count: count, "bytes")
    rules = len(policy.grants or ()) + len(policy.acls or ())
    if len(tailnet.nodes) * rules <= MOST_DOCUMENT:
        clock("write the whole document, with peers", lambda: document_written(compiled), lambda count: count, "bytes")


def filters_written(compiled: Compiled) -> int:
    """Write all packet filters to nowhere and give the bytes."""
    writer = PacketFilterWriter(compiled.packet_filters, SourceTexts(compiled.resolved.names))
    return sum(len(writer.write(node)) for node in range(len(compiled.tailnet.nodes)))


def document_written(compiled: Compiled) -> int:
    """Write the whole document to nowhere and give the bytes."""
    return sum(map(len, compiled.document()))


def measure_prove(clock: Clock, folder: Path) -> None:
    """Decide promises about a policy for every tailnet."""
    policy = read(clock, folder)
    clock("decide promises for every tailnet", lambda: decided(policy), lambda count: count, "promises")


KINDS = {"check": measure_check, "compile": measure_compile, "prove": measure_prove}


def main(kind: str, folder: str) -> None:
    """Measure and print."""
    gc.disable()  # as the command line does
    clock = Clock()
    KINDS[kind](clock, Path(folder))
    for stage in clock.stages:
        print(json.dumps(stage._asdict()))


if __name__ == "__main__":
    main(*sys.argv[1:])
