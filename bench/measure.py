"""One measurement in a process of its own, so that its peak memory is its own: `python -m bench.measure KIND FOLDER`.

Reads `policy.hujson` and `tailnet.json` from a folder, prints one JSON object per stage. CPU time, not wall time: it
hardly depends on what else the machine does.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from aclc.compile import Compiled, compile_policy
from aclc.dialects.tailscale import TAILSCALE
from aclc.filters.packet_filter_bytes import PacketFilterWriter
from aclc.filters.sources import SourceTexts
from aclc.lint.run import check_policy
from aclc.policy.model import Policy
from aclc.policy.read_hujson import read_policy
from aclc.reach.difference.diff import diff
from aclc.reach.graph.compare import changes
from aclc.reach.graph.membership import Membership, Twins
from aclc.reach.graph.space import Space, View
from aclc.resolve.model import Resolved
from aclc.resolve.node_sets import node_set, union_of
from aclc.resolve.resolution import resolve
from aclc.source import Source
from aclc.tailnet.load import load_tailnet
from aclc.tailnet.model import Tailnet
from bench.promises import decided
from bench.scenario import changed, with_everything

T = TypeVar("T")

MOST_DOCUMENT = 10_000 * 1_000
"""Nodes × rules up to which the whole document is written: beyond, it has tens of gigabytes."""


MOST_WORDS = 10_000 * 1_000
"""Nodes × rules up to which a difference is put into words, and commands are run as a whole."""


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
        self.stages.append(Stage(name, seconds, peak_of(resource.RUSAGE_SELF), output(value), unit))
        return value

    def command(self, name: str, arguments: Sequence[str]) -> None:
        """Run `aclc` with some arguments as a stage, in a process of its own from its start to its end; counts the
        bytes that it writes. Its `peak` is the highest of the commands so far."""
        before = os.times()
        done = subprocess.run([sys.executable, "-m", "aclc", *arguments], stdout=subprocess.PIPE, check=True)
        after = os.times()
        seconds = after.children_user + after.children_system - before.children_user - before.children_system
        self.stages.append(Stage(name, seconds, peak_of(resource.RUSAGE_CHILDREN), len(done.stdout), "bytes"))


def peak_of(who: int) -> int:
    """Give the peak memory of this process, or of those that it ran, in bytes."""
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


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
    """Read a policy and hold it to every rule; then another one that has everything that policies may have."""
    policy = read(clock, folder)
    clock("hold it to all default rules", lambda: check_policy(policy, TAILSCALE), len, "findings")
    text = with_everything(source(folder, "policy.hujson").text, 1)
    rich = read_policy(Source("policy.hujson", text)).value
    assert rich is not None
    name = "the same with owned tags, ssh, postures, tests"
    clock(name, lambda: check_policy(rich, TAILSCALE), len, "findings")


def load(clock: Clock, folder: Path) -> Tailnet:
    """Load the tailnet."""
    tailnet = clock(
        "load the tailnet",
        lambda: load_tailnet(source(folder, "tailnet.json")).value,
        lambda found: 0 if found is None else len(found.nodes),
        "nodes",
    )
    assert tailnet is not None
    return tailnet


def measure_reach(clock: Clock, folder: Path) -> None:
    """Build the space of a policy and of what a pull request makes of it, and work out the difference; then who reaches
    whom."""
    old = read(clock, folder)
    new = read_policy(Source("new.hujson", changed(source(folder, "policy.hujson").text))).value
    assert new is not None
    tailnet = load(clock, folder)
    pair = clock("resolve the names of both policies", lambda: resolved(old, new, tailnet), len, "policies")
    space = clock("build the space of both", lambda: built(pair), lambda found: len(found.views[0].edges), "edges")
    clock("their difference, of the size of a pull request", lambda: changes(space), len, "changes")
    clock("who reaches whom on any port", lambda: any_port(space.views[0]), len, "distinct rows")
    rules = len(old.grants or ()) + len(old.acls or ())
    if len(tailnet.nodes) * rules <= MOST_WORDS:
        clock(
            "the whole of `aclc diff`, in words",
            lambda: diff(old, new, tailnet),
            lambda each: len(each.network),
            "rows",
        )


def resolved(old: Policy, new: Policy, tailnet: Tailnet) -> list[Resolved]:
    """Resolve two policies on one tailnet."""
    first = resolve(old, tailnet).value
    second = resolve(new, tailnet, first).value
    return [each for each in (first, second) if each is not None]


def built(pair: list[Resolved]) -> Space:
    """Give the space of two policies, with the edges of both."""
    space = Space(pair)
    for view in space.views:
        assert view.edges
    return space


def any_port(view: View) -> dict[int, int]:
    """Give who reaches whom on any port, devices of one user left aside: distinct sets of sources, each with the
    targets that they reach.

    Once for each distinct destination, then for each class of targets that the same destinations hold. The IPv6 address
    of a node is looked at only where some destination holds it without the IPv4 address, or the other way round.
    """
    # WHY by identity: a view gives equal selectors the same integer.
    openings: dict[int, dict[int, int]] = {}
    destinations: dict[int, int] = {}
    for edge in view.edges:
        if not edge.is_self:
            destinations[id(edge.targets)] = edge.targets
            openings.setdefault(id(edge.targets), {})[id(edge.src)] = edge.src
    opened: dict[int, int] = {}
    for key, targets in destinations.items():
        opened[targets] = opened.get(targets, 0) | union_of(openings[key].values())
    sources = list(opened.values())
    twins = Twins((*opened, view.live), view.targets.nodes_count)
    by_target = Membership([twins.one(targets) for targets in opened])
    rows: dict[int, list[int]] = {}
    above: list[tuple[int, int]] = []  # the destinations before, each with the sources of it and those ahead of it
    for holding, numbers in sorted(by_target.classes(twins.one(view.live))):
        shared = 0
        while shared < len(above) and shared < len(holding) and above[shared][0] == holding[shared]:
            shared += 1
        del above[shared:]
        for number in holding[shared:]:
            above.append((number, sources[number] | (above[-1][1] if above else 0)))
        rows.setdefault(above[-1][1] if above else 0, []).extend(numbers)
    return {found: twins.both(node_set(numbers)) for found, numbers in rows.items()}


def measure_compile(clock: Clock, folder: Path) -> None:
    """Compile a policy for a tailnet, in memory and to text that goes nowhere."""
    policy = read(clock, folder)
    tailnet = load(clock, folder)
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


def measure_commands(clock: Clock, folder: Path) -> None:
    """Run the commands about a change of the size of a pull request as a user runs them."""
    old, new, tailnet = (str(folder / name) for name in ("policy.hujson", "new.hujson", "tailnet.json"))
    Path(new).write_text(changed(source(folder, "policy.hujson").text), encoding="utf-8")
    files = (old, new, "--tailnet", tailnet)
    preview = ("preview", *files, "--isolated", "--fail-on", "never")
    clock.command("`aclc diff`, from start to end", ["diff", *files])
    clock.command("`aclc preview`, for a comment", preview)
    clock.command("`aclc preview`, as a page", [*preview, "--format", "html"])


KINDS = {
    "check": measure_check,
    "commands": measure_commands,
    "compile": measure_compile,
    "prove": measure_prove,
    "reach": measure_reach,
}


def main(kind: str, folder: str) -> None:
    """Measure and print."""
    gc.disable()  # as the command line does
    clock = Clock()
    KINDS[kind](clock, Path(folder))
    for stage in clock.stages:
        print(json.dumps(stage._asdict()))


if __name__ == "__main__":
    main(*sys.argv[1:])
